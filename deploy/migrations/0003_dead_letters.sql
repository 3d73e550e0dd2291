-- Dead letters as operators deal with them (ARCHITECTURE.md: "Dead letters").

alter table dead_letters
    add column state       text not null default 'open'
        check (state in ('open', 'requeued', 'discarded')),
    add column resolved_at timestamptz,
    add column resolved_by text,
    add column resolution  text,  -- why it was discarded
    add constraint dead_letters_resolved_check check ((state = 'open') = (resolved_at is null));
create index dead_letters_open on dead_letters (id) where state = 'open';

-- Sends what is behind a dead letter on its way again: a deployment with fresh attempts, its history
-- and what it uploaded kept, or a message as it came. Answers `requeued`, `already_resolved`,
-- `deployment_in_progress`, `superseded`, `not_redrivable` or `not_found`.
create function redrive_letter(
    p_id bigint, p_actor text, p_request_id text, p_exchange text, p_routing_key text)
    returns text
    language plpgsql
as $$
declare
    v dead_letters;
    d deployments;
begin
    select * into v from dead_letters where id = p_id;
    if not found then
        return 'not_found';
    end if;
    perform from projects
    where id = (select project_id from deployments where id = v.deployment_id)
    for no key update;
    select * into v from dead_letters where id = p_id for update;
    if v.state <> 'open' then
        return 'already_resolved';
    end if;
    if v.deployment_id is null then
        insert into outbox (exchange, routing_key, payload)
        values (p_exchange, p_routing_key, v.message);
    else
        select * into d from deployments where id = v.deployment_id for no key update;
        if d.status is distinct from 'failed' then
            return 'not_redrivable';
        end if;
        if exists (
            select from deployments
            where project_id = d.project_id and status in ('queued', 'in_progress') and not held)
        then
            return 'deployment_in_progress';
        end if;
        if exists (
            select from projects where id = d.project_id and live_generation > d.generation)
        then
            return 'superseded';
        end if;
        -- What was given back is taken anew.
        delete from quota_takes where deployment_id = d.id and refunded_at is not null;
        delete from deployment_steps
        where deployment_id = d.id
            and (status <> 'completed' or step in ('deploy', 'cleanup'));
        update deployments
        set status = 'queued', attempt = 0, retry_count = 0, failure_class = null,
            error_code = null, error = null, statistics = null, started_at = null,
            finished_at = null, cancel_requested = false, cancel_code = null, cancel_reason = null,
            updated_at = now()
        where id = d.id;
        perform announce(d.id, p_exchange, p_routing_key, now());
        perform settle_project(d.id, p_exchange, p_routing_key);
    end if;
    update dead_letters
    set state = 'requeued', resolved_at = now(), resolved_by = p_actor
    where id = p_id or (deployment_id = v.deployment_id and state = 'open');
    insert into audit_log (actor, action, subject, request_id, details)
    values (p_actor, 'dead_letter.requeue', p_id::text, p_request_id,
            jsonb_strip_nulls(jsonb_build_object('deploymentId', v.deployment_id)));
    return 'requeued';
end
$$;

-- The same for open letters that match, oldest first; a null matches everything.
create function redrive_letters(
    p_class text, p_project_id text, p_org_id text, p_most integer, p_actor text,
    p_request_id text, p_exchange text, p_routing_key text,
    out requeued bigint, out skipped bigint, out more boolean,
    out one_requeued bigint)  -- any of them
    language plpgsql
as $$
declare
    v_letter record;
    v_sent   text[] := '{}';  -- deployments, with all their letters
begin
    requeued := 0;
    skipped := 0;
    -- Those that can go first, or as many that cannot would stand in their way at every call.
    for v_letter in
        select l.id, l.deployment_id
        from dead_letters l
        left join deployments d on d.id = l.deployment_id
        left join projects p on p.id = d.project_id
        where l.state = 'open'
            and (p_class is null or l.failure_class = p_class)
            and (p_project_id is null or d.project_id = p_project_id)
            and (p_org_id is null or d.org_id = p_org_id)
        order by
            l.deployment_id is not null
                and (d.status is distinct from 'failed' or p.live_generation > d.generation
                     or exists (
                         select from deployments a
                         where a.project_id = d.project_id and not a.held
                             and a.status in ('queued', 'in_progress'))),
            l.id
        limit p_most
    loop
        if v_letter.deployment_id = any (v_sent)
            or redrive_letter(v_letter.id, p_actor, p_request_id, p_exchange, p_routing_key)
                = 'requeued'
        then
            requeued := requeued + 1;
            one_requeued := v_letter.id;
            v_sent := v_sent || v_letter.deployment_id;
        else
            skipped := skipped + 1;
        end if;
    end loop;
    more := requeued + skipped >= p_most and skipped = 0;
end
$$;

-- Closes a letter for good. Answers `discarded`, `already_resolved` or `not_found`.
create function discard_letter(p_id bigint, p_reason text, p_actor text, p_request_id text)
    returns text
    language plpgsql
as $$
declare
    v dead_letters;
begin
    select * into v from dead_letters where id = p_id for update;
    if not found then
        return 'not_found';
    end if;
    if v.state <> 'open' then
        return 'already_resolved';
    end if;
    update dead_letters
    set state = 'discarded', resolved_at = now(), resolved_by = p_actor, resolution = p_reason
    where id = p_id;
    insert into audit_log (actor, action, subject, request_id, details)
    values (p_actor, 'dead_letter.discard', p_id::text, p_request_id,
            jsonb_build_object('reason', p_reason));
    return 'discarded';
end
$$;

-- Puts the copy of a letter on its way to the broker's dead letter queue.
create function send_letter_copy(p_id bigint, p_exchange text, p_routing_key text) returns void
    language sql
begin atomic
    insert into outbox (deployment_id, exchange, routing_key, headers, payload)
    select deployment_id, p_exchange, p_routing_key,
           jsonb_build_object('x-libra-reason', reason, 'x-libra-dead-letter', id::text), message
    from dead_letters where id = p_id;
end;

-- Open letters whose copy has been sent.
create view sent_letters as
    select l.id from dead_letters l
    where l.state = 'open' and not exists (
        select from outbox o where o.headers ->> 'x-libra-dead-letter' = l.id::text);

-- Records a message of a deployment.
create function file_letter(
    p_deployment_id text, p_class text, p_reason text, p_message bytea,
    p_exchange text, p_routing_key text)
    returns void
    language plpgsql
as $$
declare
    v_id bigint;
begin
    insert into dead_letters (deployment_id, failure_class, reason, message, message_digest)
    values (p_deployment_id, p_class, p_reason, p_message, sha256(p_message))
    returning id into v_id;
    perform send_letter_copy(v_id, p_exchange, p_routing_key);
end
$$;

-- Records a message that is of no deployment. One that is open already stays as it is; one that was
-- resolved and came again is opened again.
create function file_poison(
    p_message bytea, p_reason text, p_exchange text, p_routing_key text)
    returns void
    language plpgsql
as $$
declare
    v_id bigint;
begin
    insert into dead_letters as l (failure_class, reason, message, message_digest)
    values ('poison', p_reason, p_message, sha256(p_message))
    on conflict (message_digest) where deployment_id is null do update
    set state = 'open', reason = excluded.reason, created_at = now(), resolved_at = null,
        resolved_by = null, resolution = null
    where l.state <> 'open'
    returning id into v_id;
    if v_id is not null then
        perform send_letter_copy(v_id, p_exchange, p_routing_key);
    end if;
end
$$;
