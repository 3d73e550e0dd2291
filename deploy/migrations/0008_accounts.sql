-- Tokens and sessions as their owners deal with them (ARCHITECTURE.md: "Who may do what").

-- What names a token or session where its secret must not be.
alter table tokens
    add column id           text not null unique default replace(gen_random_uuid()::text, '-', ''),
    add column number       bigint not null unique generated always as identity,  -- order of creation
    add column created_by   text,
    add column last_used_at timestamptz;  -- to within five minutes
create index tokens_by_user on tokens (user_id, number) where revoked_at is null;

alter table sessions
    add column id       text not null unique default replace(gen_random_uuid()::text, '-', ''),
    add column number   bigint not null unique generated always as identity,
    add column ended_at timestamptz;
create index sessions_by_user on sessions (user_id, number) where ended_at is null;

-- As before, but an ended session is nobody's.
create or replace function principal_of(p_digest bytea, p_is_session boolean)
    returns table (user_id text, service boolean, scopes text[])
    language sql stable
begin atomic
    select t.user_id, t.service, t.scopes
    from tokens t
    where not p_is_session and t.digest = p_digest and t.revoked_at is null
        and (t.expires_at is null or t.expires_at > now())
    union all
    select s.user_id, false, '{deploy}'::text[]
    from sessions s
    where p_is_session and s.digest = p_digest and s.ended_at is null and s.expires_at > now();
end;

-- Notes that a token is in use: a write every five minutes and not one a request. Who finds the row
-- locked leaves it to whoever has it.
create function note_use(p_digest bytea, p_is_session boolean) returns void
    language sql
begin atomic
    update tokens set last_used_at = now()
    where digest = (
        select t.digest from tokens t
        where not p_is_session and t.digest = p_digest
            and coalesce(t.last_used_at, '-infinity') <= now() - interval '5 minutes'
        for no key update skip locked);
end;

-- Makes a token, which expires no later than the one it is made with. Again for the same digest
-- answers what was made.
create function create_token(
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
               (select expires_at from tokens where digest = p_maker)))
    on conflict (digest) do nothing;
    if found then
        insert into audit_log (actor, action, subject, request_id, details)
        values (p_actor, 'token.create', p_id, p_request_id,
                jsonb_build_object('userId', p_user_id, 'service', p_service, 'scopes', p_scopes));
    end if;
    return query select * from tokens where digest = p_digest;
end
$$;

-- @return whether there is such a token: of that user, or anybody's for null.
create function revoke_token(p_id text, p_user_id text, p_actor text, p_request_id text)
    returns boolean
    language plpgsql
as $$
declare
    v tokens;
begin
    select * into v from tokens
    where id = p_id and (p_user_id is null or user_id = p_user_id)
    for no key update;
    if not found then
        return false;
    end if;
    if v.revoked_at is null then
        update tokens set revoked_at = now() where id = p_id;
        insert into audit_log (actor, action, subject, request_id, details)
        values (p_actor, 'token.revoke', p_id, p_request_id,
                jsonb_build_object('userId', v.user_id));
    end if;
    return true;
end
$$;

create function create_session(
    p_digest bytea, p_id text, p_user_id text, p_days integer, p_actor text, p_request_id text)
    returns setof sessions
    language plpgsql
as $$
begin
    insert into sessions (digest, id, user_id, expires_at)
    values (p_digest, p_id, p_user_id, now() + make_interval(days => p_days))
    on conflict (digest) do nothing;
    if found then
        insert into audit_log (actor, action, subject, request_id, details)
        values (p_actor, 'session.create', p_id, p_request_id,
                jsonb_build_object('userId', p_user_id));
    end if;
    return query select * from sessions where digest = p_digest;
end
$$;

create function end_session(p_id text, p_user_id text, p_actor text, p_request_id text)
    returns boolean
    language plpgsql
as $$
declare
    v sessions;
begin
    select * into v from sessions
    where id = p_id and (p_user_id is null or user_id = p_user_id)
    for no key update;
    if not found then
        return false;
    end if;
    if v.ended_at is null then
        update sessions set ended_at = now() where id = p_id;
        insert into audit_log (actor, action, subject, request_id, details)
        values (p_actor, 'session.end', p_id, p_request_id,
                jsonb_build_object('userId', v.user_id));
    end if;
    return true;
end
$$;
