-- Conflicts, fleet limits, cancelling and resuming (ARCHITECTURE.md: "One at a time", "Slots",
-- "Cancelling", "Resuming").

alter table deployments
    -- When its message is to be sent, or was; the order in which deployments that wait are served.
    add column due_at          timestamptz not null default now(),
    -- Waits until its project's active deployment has ended. Has no message until then.
    add column held            boolean not null default false,
    -- Waits for a slot. Has no message until it gets one.
    add column parked          boolean not null default false,
    add column org_limit       integer,  -- of running deployments of its organisation, when parked
    add column cancel_code     text,     -- why cancel was requested: `cancelled` or `superseded`
    add column cancel_reason   text,     -- the same for the user
    add column release_name    text,     -- under which the target keeps the uploaded artifact
    add column artifact_files  bigint,
    add column artifact_bytes  bigint,
    add constraint deployments_held_check check (not held or status = 'queued'),
    add constraint deployments_parked_check check (not parked or (status = 'queued' and not held));

drop index deployments_active;
create unique index deployments_active on deployments (project_id)
    where status in ('queued', 'in_progress') and not held;
create unique index deployments_held on deployments (project_id) where held;
create index deployments_parked on deployments (due_at) where parked;
create index deployments_queued on deployments (due_at) where status = 'queued';
create index deployments_completed on deployments (finished_at) where status = 'completed';
create index attempts_started on attempts (started_at);
create index deployments_running on deployments (org_id) where status = 'in_progress';

-- A step that an earlier claim completed stays where its outputs are still there.
alter table deployment_steps add column fence bigint not null default 0;

-- The deployment that is about to switch what is served: set before the target is touched, cleared with
-- the switch. Where it stays set though that deployment is over, what is served may be something else
-- than `live_deployment`.
alter table projects add column switching text;
create index projects_switching on projects (id) where switching is not null;

-- Numbers every switch, taken while the project is locked. The target refuses one that comes after a
-- higher number, so a process that was stopped in a switch cannot finish it once somebody else has
-- switched. A sequence, because a number must never be given twice, not even after a rollback.
create sequence switch_tickets;

alter table releases add column name text;
update releases set name = deployment_id;
alter table releases alter column name set not null;

-- The right to run, one row for each deployment that may run at the same time. A slot is taken while
-- it is reserved or its deployment runs under a live lease; so it comes free when its worker dies.
-- A claim reserves as well: whoever looks with an older snapshot cannot see the claim, but reads the
-- newest version of a row that it locks.
create table slots (
    number         integer primary key,
    deployment_id  text,
    reserved_until timestamptz not null default '-infinity'
);

-- Who changed what, for whoever has to find out.
create table audit_log (
    id         bigint generated always as identity primary key,
    at         timestamptz not null default now(),
    actor      text not null,
    action     text not null,
    subject    text not null,
    details    jsonb not null default '{}',
    request_id text not null
);

-- Makes the number of slots what is configured. A deployment that runs in a slot which goes runs on.
create function set_slots(p_number integer) returns void
    language sql
begin atomic
    delete from slots where number > p_number;
    insert into slots (number) select generate_series(1, p_number) on conflict do nothing;
end;

create function slot_is_free(s slots) returns boolean
    language sql stable
    return s.deployment_id is null
        or (s.reserved_until <= now()
            and not exists (
                select from deployments d
                where d.id = s.deployment_id and d.status = 'in_progress'
                    and d.lease_until > now()));

-- How many deployments of the organisation run, or have a slot and are about to.
create function running_of_org(p_org_id text, p_besides text) returns bigint
    language sql stable
    return (select count(*) from deployments
            where org_id = p_org_id and status = 'in_progress' and lease_until > now()
                and id <> p_besides)
        + (select count(*) from slots s join deployments d on d.id = s.deployment_id
           where s.reserved_until > now() and d.org_id = p_org_id and d.status = 'queued'
                and d.id <> p_besides);

-- Makes the deployment's message due at `p_at`. Moves the row that is there, also out of the hands of
-- a relay that holds it: without its token it survives the relay's delete. Else writes one.
create function announce(p_id text, p_exchange text, p_routing_key text, p_at timestamptz)
    returns void
    language plpgsql
as $$
begin
    update deployments set due_at = p_at where id = p_id and status = 'queued';
    update outbox o
    set payload = convert_to(queue_message(d), 'UTF8'), available_at = p_at,
        claim_token = null, claimed_until = null
    from deployments d
    where d.id = p_id and o.deployment_id = d.id
        and o.exchange = p_exchange and o.routing_key = p_routing_key;
    if not found then
        insert into outbox (deployment_id, exchange, routing_key, payload, available_at)
        select d.id, p_exchange, p_routing_key, convert_to(queue_message(d), 'UTF8'), p_at
        from deployments d where d.id = p_id;
    end if;
end
$$;

-- What follows for the project when one of its deployments has begun, ended or gone back to the queue.
-- The caller has the project locked.
create function settle_project(p_id text, p_exchange text, p_routing_key text)
    returns void
    language plpgsql
as $$
declare
    v_project text;
    v_status  text;
    v_active  text;
    v_next    text;
begin
    select project_id, status into v_project, v_status from deployments where id = p_id;
    select status into v_active from deployments
    where project_id = v_project and status in ('queued', 'in_progress') and not held;
    if v_active is null then
        update deployments set held = false
        where project_id = v_project and held
        returning id, status into v_next, v_active;
        if v_next is not null then
            perform announce(v_next, p_exchange, p_routing_key, now());
        end if;
    end if;
    update projects p
    set deployment_status = case coalesce(v_active, v_status)
        when 'queued' then 'preparing'
        when 'in_progress' then 'deploying'
        when 'completed' then 'deployed'
        when 'failed' then 'failed'
        else case when p.live_generation > 0 then 'deployed' else 'idle' end
    end
    where p.id = v_project;
end
$$;

-- Gives free slots to the parked deployments that wait longest and whose organisation is below its
-- limit. To be run after the transaction that freed a slot or parked a deployment: whichever of the
-- two commits last then sees the other.
create function fill_slots(p_exchange text, p_routing_key text) returns integer
    language plpgsql
as $$
declare
    v_slot       integer;
    v_deployment text;
    v_filled     integer := 0;
begin
    while exists (select from deployments where parked) loop
        select number into v_slot from slots s
        where slot_is_free(s) order by number limit 1
        for update skip locked;
        exit when not found;
        with busy as (
            select org_id, running_of_org(org_id, '') as running
            from deployments where parked group by org_id
        )
        select d.id into v_deployment
        from deployments d join busy b on b.org_id = d.org_id
        where d.parked and (d.org_limit is null or b.running < d.org_limit)
        order by d.priority desc, d.due_at, d.id limit 1
        for update of d skip locked;
        exit when not found;
        update slots
        set deployment_id = v_deployment, reserved_until = now() + interval '15 seconds'
        where number = v_slot;
        update deployments set parked = false where id = v_deployment;
        perform announce(v_deployment, p_exchange, p_routing_key, now());
        v_filled := v_filled + 1;
    end loop;
    return v_filled;
end
$$;

-- Gives the deployment to a worker, if it is free to run and there is a slot. No row otherwise.
create function claim_deployment(
    p_id text,
    p_worker text,
    p_lease interval,
    p_max_attempts integer,
    p_fleet_limit integer,
    p_org_limit integer)
    returns setof deployments
    language plpgsql
as $$
declare
    v      deployments;
    v_slot integer;
begin
    if p_org_limit is not null then
        perform from organizations
        where id = (select org_id from deployments where id = p_id)
        for no key update;
    end if;
    select * into v from deployments where id = p_id for no key update;
    if not found or v.held or v.cancel_requested or v.attempt >= p_max_attempts
        or not (v.status = 'queued' or (v.status = 'in_progress' and v.lease_until <= now()))
        or (p_org_limit is not null and running_of_org(v.org_id, p_id) >= p_org_limit)
    then
        return;
    end if;
    select number into v_slot from slots s
    where s.number <= p_fleet_limit and (s.deployment_id = p_id or slot_is_free(s))
    order by (s.deployment_id is not distinct from p_id) desc, number limit 1
    for update skip locked;
    if not found then
        return;
    end if;
    update slots
    set deployment_id = p_id, reserved_until = now() + interval '15 seconds'
    where number = v_slot;
    update deployments
    set status = 'in_progress', fence = fence + 1, attempt = attempt + 1, parked = false,
        lease_owner = p_worker, lease_until = now() + p_lease,
        started_at = coalesce(started_at, now()), updated_at = now()
    where id = p_id
    returning * into v;
    update attempts set ended_at = now(), outcome = 'lease_lost'
    where deployment_id = p_id and ended_at is null;
    insert into attempts (deployment_id, fence, number, worker)
    values (p_id, v.fence, v.attempt, p_worker);
    delete from deployment_steps
    where deployment_id = p_id
        and not (status = 'completed'
                 and (step = 'validate'
                      or (step in ('sync', 'sandbox', 'build') and v.release_name is not null)));
    return next v;
end
$$;

-- Puts a deployment aside until it gets a slot. The caller has project and deployment locked.
create function park_deployment(
    p_id text, p_org_limit integer, p_exchange text, p_routing_key text)
    returns void
    language plpgsql
as $$
begin
    update deployments
    set status = 'queued', parked = true, org_limit = p_org_limit, lease_owner = null,
        lease_until = null, updated_at = now()
    where id = p_id;
    update attempts set ended_at = now(), outcome = 'lease_lost'
    where deployment_id = p_id and ended_at is null;
    perform settle_project(p_id, p_exchange, p_routing_key);
end
$$;

-- Announces deployments that nobody would take up any more: whose lease is over, or which are queued
-- though their message is gone. That is so when nothing waits in the queue, or when messages that
-- were sent much later have come out of it. @return how many; p_most at the most.
create function announce_lost(
    p_queue_empty boolean, p_most integer, p_exchange text, p_routing_key text)
    returns integer
    language plpgsql
as $$
declare
    v_id    text;
    v_count integer := 0;
begin
    for v_id in
        select d.id from deployments d
        where ((d.status = 'in_progress' and d.lease_until <= now())
               or (d.status = 'queued' and not d.held and not d.parked
                   and ((p_queue_empty and d.due_at <= now() - interval '10 seconds')
                        or d.due_at <= (select max(r.due_at) from deployments r
                                        where r.status = 'in_progress')
                                       - interval '30 seconds')))
            and not exists (
                select from outbox o
                where o.deployment_id = d.id
                    and o.exchange = p_exchange and o.routing_key = p_routing_key)
        order by d.due_at limit p_most
        for no key update of d skip locked
    loop
        perform announce(v_id, p_exchange, p_routing_key, now());
        v_count := v_count + 1;
    end loop;
    return v_count;
end
$$;

-- Ends a deployment that is live as completed, whatever else its worker could not write any more. The
-- caller has project and deployment locked.
create function end_as_live(p_id text, p_exchange text, p_routing_key text)
    returns void
    language plpgsql
as $$
begin
    update deployments
    set status = 'completed', lease_owner = null, lease_until = null,
        finished_at = now(), updated_at = now()
    where id = p_id;
    update deployment_steps
    set status = 'completed', error = null, finished_at = coalesce(finished_at, now())
    where deployment_id = p_id and status <> 'completed';
    update slots set deployment_id = null, reserved_until = '-infinity'
    where deployment_id = p_id;
    perform settle_project(p_id, p_exchange, p_routing_key);
end
$$;

-- Ends a deployment that nobody runs as cancelled. The caller has project and deployment locked.
create function end_as_cancelled(
    p_id text, p_code text, p_reason text, p_exchange text, p_routing_key text)
    returns void
    language plpgsql
as $$
begin
    update deployments
    set status = 'cancelled', cancel_requested = true, error_code = p_code, error = p_reason,
        fence = fence + 1, held = false, parked = false, lease_owner = null, lease_until = null,
        finished_at = now(), updated_at = now()
    where id = p_id;
    update attempts set ended_at = now(), outcome = 'lease_lost'
    where deployment_id = p_id and ended_at is null;
    update deployment_steps
    set status = 'failed', error = 'The step was interrupted.', finished_at = now()
    where deployment_id = p_id and status = 'in_progress';
    update slots set deployment_id = null, reserved_until = '-infinity'
    where deployment_id = p_id;
    delete from outbox
    where deployment_id = p_id and exchange = p_exchange and routing_key = p_routing_key;
    perform settle_project(p_id, p_exchange, p_routing_key);
end
$$;

-- Requests the end of a deployment: at once where nobody runs it, else by whoever runs it. The caller
-- has the project locked. Answers
--   cancelled   it is, now or since earlier
--   cancelling  its worker has been asked, and will not let it go live
--   live        it is live already, only its clean-up may be left
--   finished    it completed or failed before
create function request_cancel(
    p_id text, p_code text, p_reason text, p_exchange text, p_routing_key text)
    returns text
    language plpgsql
as $$
declare
    v deployments;
begin
    select * into v from deployments where id = p_id for no key update;
    if v.status = 'cancelled' then
        return 'cancelled';
    end if;
    if v.status in ('completed', 'failed') then
        return 'finished';
    end if;
    if exists (select from projects where id = v.project_id and live_deployment = p_id) then
        return 'live';
    end if;
    if v.status = 'in_progress' and v.lease_until > now() then
        update deployments
        set cancel_requested = true, cancel_code = coalesce(cancel_code, p_code),
            cancel_reason = coalesce(cancel_reason, p_reason), updated_at = now()
        where id = p_id;
        return 'cancelling';
    end if;
    perform end_as_cancelled(p_id, p_code, p_reason, p_exchange, p_routing_key);
    return 'cancelled';
end
$$;

-- Whom a credential stands for; no row for one that is unknown, expired or revoked.
create function principal_of(p_digest bytea, p_is_session boolean)
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
    where p_is_session and s.digest = p_digest and s.expires_at > now();
end;

-- Checks the caller in the order of AdmissionVerdict and, when all is well, accepts the deployment:
-- its row, the project's status and the outbox row that announces it. Running it again for an id
-- that was accepted answers `accepted` again and writes nothing.
--
-- The project's row is locked before anything is written, as in every transaction that touches a
-- project and one of its deployments; so two requests for one project come one after the other, and
-- nothing here can deadlock.
drop function accept_deployment(
    bytea, boolean, text, text, text, text, jsonb, text, text, text);
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
    p_outbox_limit integer,
    p_exchange text,
    p_routing_key text,
    out verdict text,
    out accepted_at timestamptz,
    out blocking_id text)
    language plpgsql
as $$
declare
    v_caller     text;
    v_service    boolean;
    v_scopes     text[];
    v_role       text;
    v_active     boolean;
    v_generation bigint;
    v_waiting    text;
    v_deployment deployments;
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
    if (select count(*) from (select from outbox limit p_outbox_limit) as waiting) >= p_outbox_limit
    then
        verdict := 'outbox_full';
        return;
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
        (p_id, p_project_id, p_org_id, p_user_id, v_caller, p_params, v_generation, p_request_id,
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
    verdict := 'accepted';
    accepted_at := v_deployment.created_at;
end
$$;

-- POST /deployments/{id}/cancel: `unauthenticated`, `missing_scope`, `not_found`, `not_a_member`,
-- `role_may_not_deploy`, or what request_cancel answers. A service token and one with the scope
-- `admin` may cancel for every organisation.
create function cancel_deployment(
    p_digest bytea,
    p_is_session boolean,
    p_id text,
    p_request_id text,
    p_exchange text,
    p_routing_key text)
    returns text
    language plpgsql
as $$
declare
    v_caller  text;
    v_service boolean;
    v_scopes  text[];
    v_role    text;
    v_project text;
    v_org     text;
    v_verdict text;
begin
    select user_id, service, scopes into v_caller, v_service, v_scopes
    from principal_of(p_digest, p_is_session);
    if v_caller is null then
        return 'unauthenticated';
    end if;
    if not v_scopes && '{deploy,admin}' then
        return 'missing_scope';
    end if;
    select project_id, org_id into v_project, v_org from deployments where id = p_id;
    if v_project is null then
        return 'not_found';
    end if;
    if not v_service and not 'admin' = any (v_scopes) then
        select role into v_role from members where org_id = v_org and user_id = v_caller;
        if v_role is null then
            return 'not_a_member';
        end if;
        if v_role = 'viewer' then
            return 'role_may_not_deploy';
        end if;
    end if;

    perform from projects where id = v_project for no key update;
    v_verdict := request_cancel(
        p_id, 'cancelled', 'Cancelled on request.', p_exchange, p_routing_key);
    if v_verdict in ('cancelled', 'cancelling') then
        insert into audit_log (actor, action, subject, request_id)
        values (v_caller, 'deployment.cancel', p_id, p_request_id);
    end if;
    return v_verdict;
end
$$;

-- Why a deployment waits, and until when at a guess.
create function queue_place(
    p_id text,
    out status text,
    out held_by text,            -- the deployment of its project that has to end first
    out full_organization boolean,
    out full_fleet boolean,
    out retry_at timestamptz,    -- of one that failed and waits for its next attempt
    out ahead bigint,            -- deployments that are served before it; none unless it is queued
    out running bigint,
    out capacity bigint,         -- how many can run at once
    out estimated_start timestamptz)
    language plpgsql stable
as $$
declare
    v       deployments;
    v_usual interval;
begin
    select * into v from deployments where id = p_id;
    status := v.status;
    if v.status <> 'queued' then
        return;
    end if;
    if v.held then
        select id into held_by from deployments
        where project_id = v.project_id and deployments.status in ('queued', 'in_progress')
            and not held;
    end if;
    full_organization := v.parked and v.org_limit is not null
        and running_of_org(v.org_id, p_id) >= v.org_limit;
    full_fleet := v.parked and not full_organization;
    if v.retry_count > 0 and v.due_at > now() then
        retry_at := v.due_at;
    end if;
    select count(*) into ahead from deployments d
    where d.status = 'queued' and not d.held and d.id <> p_id
        and (v.held or d.due_at < v.due_at or (d.due_at = v.due_at and d.id < p_id));
    select count(*) into running from deployments d
    where d.status = 'in_progress' and d.lease_until > now();
    select least((select count(*) from slots),
                 greatest(1, running, (select count(distinct worker) from attempts
                                       where started_at > now() - interval '1 hour')))
    into capacity;
    select coalesce(avg(finished_at - started_at), interval '10 seconds') into v_usual
    from (select d.finished_at, d.started_at from deployments d
          where d.status = 'completed' order by d.finished_at desc limit 50) as recent;
    estimated_start := greatest(v.due_at, now())
        + ((running + ahead) / greatest(capacity, 1)) * v_usual;
end
$$;
