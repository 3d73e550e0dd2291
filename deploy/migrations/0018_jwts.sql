-- JWTs of a trusted issuer, which are credentials like tokens (ARCHITECTURE.md: "JWTs").

-- A row for each that a gateway has found good; what it says cannot change any more. They are no
-- tokens of ours: nobody lists or revokes them, and they are gone when they have ended.
create table jwts (
    digest  bytea primary key,
    user_id text not null,
    scopes  text[] not null,
    ends_at timestamptz not null
);
create index jwts_by_end on jwts (ends_at);

-- Each one that comes makes up to ten go. They stay for an hour beyond their end, so that a token that
-- is being made with one still finds when it has to end.
create function note_jwt(p_digest bytea, p_user_id text, p_scopes text[], p_ends_at timestamptz)
    returns void
    language sql
begin atomic
    delete from jwts where digest in (
        select j.digest from jwts j
        where j.ends_at <= now() - interval '1 hour'
        order by j.ends_at limit 10
        for update skip locked);
    insert into jwts (digest, user_id, scopes, ends_at)
    values (p_digest, p_user_id, p_scopes, p_ends_at)
    on conflict (digest) do nothing;
end;

-- As before, and JWTs where tokens are.
create or replace function principal_of(p_digest bytea, p_is_session boolean)
    returns table (user_id text, service boolean, scopes text[])
    language sql stable
begin atomic
    select t.user_id, t.service, t.scopes
    from tokens t
    where not p_is_session and t.digest = p_digest and t.revoked_at is null
        and (t.expires_at is null or t.expires_at > now())
    union all
    select j.user_id, false, j.scopes
    from jwts j
    where not p_is_session and j.digest = p_digest and j.ends_at > now()
    union all
    select s.user_id, false, '{deploy}'::text[]
    from sessions s
    where p_is_session and s.digest = p_digest and s.ended_at is null and s.expires_at > now();
end;

-- As before, but what a token is made with, and does not outlive, may be a JWT.
create or replace function create_token(
    p_digest bytea, p_id text, p_name text, p_user_id text, p_service boolean, p_scopes text[],
    p_days integer,  -- 0: it does not expire
    p_maker bytea, p_actor text, p_request_id text)
    returns setof tokens
    language plpgsql
as $$
begin
    insert into tokens
        (digest, id, name, user_id, service, scopes, created_by, expires_at)
    values
        (p_digest, p_id, p_name, p_user_id, p_service, p_scopes, p_actor,
         least(case when p_days > 0 then now() + make_interval(days => p_days) end,
               (select expires_at from tokens where digest = p_maker),
               (select ends_at from jwts where digest = p_maker)))
    on conflict (digest) do nothing;
    if found then
        insert into audit_log (actor, action, subject, request_id, details)
        values (p_actor, 'token.create', p_id, p_request_id,
                jsonb_build_object('userId', p_user_id, 'service', p_service, 'scopes', p_scopes));
    end if;
    return query select * from tokens where digest = p_digest;
end
$$;
