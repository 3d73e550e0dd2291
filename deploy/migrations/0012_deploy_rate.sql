-- As before, but no more than `p_most_a_minute` of one caller in any minute, whichever gateway they come
-- through. What is counted is what was accepted; deployments that are being accepted at the same moment
-- do not see each other.
create index deployments_by_caller on deployments (caller_id, created_at);
drop function accept_deployment(
    bytea, boolean, text, text, text, text, jsonb, text, text, integer, text, text, text, boolean);
create function accept_deployment(
    p_digest bytea,
    p_is_session boolean,
    p_id text,
    p_project_id text,
    p_org_id text,
    p_user_id text,
    p_params jsonb,
    p_request_id text,
    p_on_conflict text,
    p_outbox_limit integer,  -- null: the outbox is not looked at
    p_exchange text,
    p_routing_key text,
    p_key text,  -- null for none
    p_uploads boolean,  -- some of the files are digests of uploads
    p_most_a_minute integer,  -- deployments of the caller; null for no limit
    out verdict text,
    out accepted_at timestamptz,
    out blocking_id text,
    out earlier_id text,
    out missing text[],
    out recent integer,  -- deployments of the caller in the last minute, up to the limit
    out recent_ends_in double precision,  -- seconds until the oldest of them does not count any more
    out waiting integer)  -- in the outbox before this one, where that was looked at
    language plpgsql
as $$
declare
    v_caller      text;
    v_service     boolean;
    v_scopes      text[];
    v_role        text;
    v_active      boolean;
    v_generation  bigint;
    v_waiting     text;
    v_deployment  deployments;
    v_fingerprint bytea;
    v_earlier     idempotency_keys;
    v_params      jsonb := p_params;
begin
    select user_id, service, scopes into v_caller, v_service, v_scopes
    from principal_of(p_digest, p_is_session);
    if v_caller is null then
        verdict := 'unauthenticated';
        return;
    end if;
    if not v_scopes && '{deploy,admin}' then
        verdict := 'missing_scope';
        return;
    end if;
    if p_user_id <> v_caller and not v_service then
        verdict := 'not_the_caller';
        return;
    end if;

    if p_key is not null then
        -- The same key twice at a time: the second waits, and finds what the first one did.
        perform pg_advisory_xact_lock(hashtextextended(v_caller || ' ' || p_key, 0));
        v_fingerprint := sha256(convert_to(p_params::text, 'UTF8'));
        select * into v_earlier from idempotency_keys
        where caller = v_caller and key = p_key and created_at > now() - interval '24 hours';
        if found and v_earlier.fingerprint <> v_fingerprint then
            verdict := 'key_reused';
            return;
        end if;
        if found then
            verdict := 'accepted';
            accepted_at := v_earlier.created_at;
            earlier_id := v_earlier.deployment_id;
            return;
        end if;
    end if;

    -- The rights are those of the user it is for, whom a service token only represents.
    select role into v_role from members where org_id = p_org_id and user_id = p_user_id;
    if v_role is null then
        verdict := 'not_a_member';
        return;
    end if;
    if v_role = 'viewer' then
        verdict := 'role_may_not_deploy';
        return;
    end if;

    select active, next_generation into v_active, v_generation
    from projects where id = p_project_id and org_id = p_org_id
    for no key update;
    if v_active is null then
        verdict := 'project_not_found';
        return;
    end if;

    select created_at into accepted_at from deployments where id = p_id;
    if found then
        verdict := 'accepted';
        return;
    end if;

    if p_most_a_minute is not null then
        select count(*), extract(epoch from min(created_at) + interval '1 minute' - now())
        into recent, recent_ends_in
        from (
            select created_at from deployments
            where caller_id = v_caller and created_at > now() - interval '1 minute'
            order by created_at desc limit p_most_a_minute) as lately;
        if recent >= p_most_a_minute then
            verdict := 'rate_limited';
            return;
        end if;
    end if;

    if not v_active then
        verdict := 'project_inactive';
        return;
    end if;
    select id into blocking_id
    from deployments
    where project_id = p_project_id and status in ('queued', 'in_progress') and not held;
    if blocking_id is not null and p_on_conflict = 'reject' then
        verdict := 'deployment_in_progress';
        return;
    end if;
    -- With the broker away rows gather here; what is accepted must stay within what can be kept.
    if p_outbox_limit is not null then
        select count(*) into waiting from (select from outbox limit p_outbox_limit) as rows;
        if waiting >= p_outbox_limit then
            verdict := 'outbox_full';
            return;
        end if;
    end if;
    if p_uploads then
        select u.params, u.missing into v_params, missing
        from find_uploads(p_org_id, p_params) u;
        if missing is not null then
            verdict := 'missing_files';
            return;
        end if;
        perform note_use_of_uploads(p_org_id, p_params);
    end if;

    if blocking_id is not null then
        -- The newest of those that wait wins.
        select id into v_waiting from deployments where project_id = p_project_id and held;
        if v_waiting is not null then
            perform request_cancel(
                v_waiting, 'superseded', format('Superseded by deployment %s.', p_id),
                p_exchange, p_routing_key);
        end if;
        if p_on_conflict = 'supersede' then
            if request_cancel(
                blocking_id, 'superseded', format('Superseded by deployment %s.', p_id),
                p_exchange, p_routing_key) = 'cancelled'
            then
                blocking_id := null;
            end if;
        end if;
    end if;

    insert into deployments
        (id, project_id, org_id, user_id, caller_id, params, generation, request_id, held)
    values
        (p_id, p_project_id, p_org_id, p_user_id, v_caller, v_params, v_generation, p_request_id,
         blocking_id is not null)
    returning * into v_deployment;
    if not v_deployment.held then
        insert into outbox (deployment_id, exchange, routing_key, payload)
        values (p_id, p_exchange, p_routing_key,
                convert_to(queue_message(v_deployment), 'UTF8'));
    end if;
    update projects
    set next_generation = v_generation + 1,
        deployment_status = case when v_deployment.held then deployment_status else 'preparing' end
    where id = p_project_id;
    if p_key is not null then
        insert into idempotency_keys (caller, key, fingerprint, deployment_id)
        values (v_caller, p_key, v_fingerprint, p_id)
        on conflict (caller, key) do update
        set fingerprint = excluded.fingerprint, deployment_id = excluded.deployment_id,
            created_at = excluded.created_at;
    end if;
    verdict := 'accepted';
    accepted_at := v_deployment.created_at;
end
$$;
