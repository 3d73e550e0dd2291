-- Deployments that are made from earlier ones (ARCHITECTURE.md: "Again, and back").

alter table deployments
    -- Its files are laid on those of the newest deployment before this generation; null: its own.
    add column base_generation bigint,
    add constraint deployments_priority_check check (priority between 0 and 100);
-- What goes before all others.
create index deployments_first_in_line on deployments (due_at)
    where status = 'queued' and not held and priority > 0;
create index releases_by_name on releases (project_id, name);

-- Whether a deployment only makes a finished release live again.
create function reuses_release(d deployments) returns boolean
    language sql immutable
    return d.kind in ('promote', 'rollback');

-- The release that was live before the one that is: the newest that was made before that one was. One
-- that was brought back counts as made when it was built, so going back twice goes back two.
create function release_before_live(p_project_id text) returns text
    language sql stable
begin atomic
    with live as (
        select r.name, (select min(o.generation) from releases o
                        where o.project_id = p.id and o.name = r.name) as made
        from projects p join releases r on r.deployment_id = p.live_deployment
        where p.id = p_project_id)
    select r.deployment_id
    from live join releases r on r.project_id = p_project_id
    where r.generation < live.made and r.name <> live.name
    order by r.generation desc
    limit 1;
end;

-- Accepts a deployment of kind `retry`, `promote` or `rollback` with the id p_id, in the style of
-- accept_deployment. p_source_id is what it is made of; for a rollback it may be null, and p_project_id is
-- given. p_everywhere: the caller may deploy for every organisation; where that is more than the caller's
-- own role allows, it represents the user of p_source_id.
--
-- Answers `accepted` (again, for an id that was accepted), `not_found`, `role_may_not_deploy`,
-- `project_inactive`, `source_not_found` (no such deployment of the project), `source_unfinished`,
-- `release_gone`, `already_live`, `no_earlier_release`, `deployment_in_progress`, `outbox_full`.
create function redeploy(
    p_user_id text,
    p_everywhere boolean,
    p_id text,
    p_kind text,
    p_source_id text,
    p_project_id text,
    p_request_id text,
    p_outbox_limit integer,
    p_exchange text,
    p_routing_key text,
    out verdict text,
    out accepted_at timestamptz,
    out blocking_id text)
    language plpgsql
as $$
declare
    v_project    projects;
    v_role       text;
    v_user       text;
    v_source     deployments;
    v_release    releases;
    v_deployment deployments;
    v_reuse      boolean := p_kind in ('promote', 'rollback');
begin
    select p.* into v_project from projects p
    where p.id = coalesce(
        p_project_id, (select project_id from deployments where id = p_source_id));
    select role into v_role from members
    where org_id = v_project.org_id and user_id = p_user_id;
    if v_project.org_id is null or (v_role is null and not p_everywhere) then
        verdict := 'not_found';
        return;
    end if;
    if v_role = 'viewer' and not p_everywhere then
        verdict := 'role_may_not_deploy';
        return;
    end if;

    select * into v_project from projects where id = v_project.id for no key update;
    select created_at into accepted_at from deployments where id = p_id;
    if found then
        verdict := 'accepted';
        return;
    end if;
    if not v_project.active then
        verdict := 'project_inactive';
        return;
    end if;

    if p_source_id is null then
        p_source_id := release_before_live(v_project.id);
        if p_source_id is null then
            verdict := 'no_earlier_release';
            return;
        end if;
    end if;
    select * into v_source from deployments where id = p_source_id and project_id = v_project.id;
    if not found then
        verdict := 'source_not_found';
        return;
    end if;
    if v_reuse then
        select * into v_release from releases where deployment_id = p_source_id;
        if not found then
            verdict := case when v_source.status = 'completed' then 'release_gone'
                            else 'source_unfinished' end;
            return;
        end if;
        if exists (select from releases
                   where deployment_id = v_project.live_deployment and name = v_release.name)
        then
            verdict := 'already_live';
            return;
        end if;
    end if;

    select id into blocking_id from deployments
    where project_id = v_project.id and status in ('queued', 'in_progress') and not held;
    if found then
        verdict := 'deployment_in_progress';
        return;
    end if;
    if (select count(*) from (select from outbox limit p_outbox_limit) as waiting) >= p_outbox_limit
    then
        verdict := 'outbox_full';
        return;
    end if;

    v_user := case when v_role in ('owner', 'admin', 'member') then p_user_id
                   else v_source.user_id end;
    insert into deployments
        (id, project_id, org_id, user_id, caller_id, params, generation, request_id, kind,
         source_deployment, source, base_source, base_generation, priority, release_name, artifact,
         artifact_files, artifact_bytes, log_lines)
    values
        (p_id, v_project.id, v_project.org_id, v_user, p_user_id,
         case when v_reuse then jsonb_build_object('projectId', v_project.id, 'orgId', v_project.org_id)
              else v_source.params end || jsonb_build_object('userId', v_user),
         v_project.next_generation, p_request_id, p_kind, p_source_id, v_source.source,
         v_source.base_source, coalesce(v_source.base_generation, v_source.generation),
         case when v_reuse then 10 else 0 end, v_release.name, v_release.artifact, v_release.files,
         v_release.bytes, case when v_reuse then 1 else 0 end)
    returning * into v_deployment;
    if v_reuse then
        insert into deployment_steps
            (deployment_id, step, status, attempt, started_at, finished_at)
        select p_id, step, 'completed', 1, now(), now()
        from unnest('{validate,sync,sandbox,build}'::text[]) as step;
        insert into deployment_log (deployment_id, seq, step, stream, line)
        values (p_id, 1, 'validate', 'milestone',
                format('Reusing the finished release of deployment %s: there is nothing to build.',
                       p_source_id));
    end if;
    insert into outbox (deployment_id, exchange, routing_key, payload)
    values (p_id, p_exchange, p_routing_key, convert_to(queue_message(v_deployment), 'UTF8'));
    update projects
    set next_generation = next_generation + 1, deployment_status = 'preparing'
    where id = v_project.id;
    insert into audit_log (actor, action, subject, request_id, details)
    values (p_user_id, 'deployment.' || p_kind, p_source_id, p_request_id,
            jsonb_build_object('deploymentId', p_id, 'projectId', v_project.id));
    verdict := 'accepted';
    accepted_at := v_deployment.created_at;
end
$$;

-- The deployment that a worker takes up before any other. One that is being claimed is passed over.
create function first_in_line() returns text
    language sql
begin atomic
    select id from deployments
    where status = 'queued' and not held and priority > 0 and due_at <= now()
    order by due_at
    limit 1
    for no key update skip locked;
end;

-- As before, but what only makes a finished release live again needs no slot, and no organisation is
-- too busy for it.
create or replace function claim_deployment(
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
        or (p_org_limit is not null and not reuses_release(v)
            and running_of_org(v.org_id, p_id) >= p_org_limit)
    then
        return;
    end if;
    if not reuses_release(v) then
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
    end if;
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

-- As before, but what goes first is counted first.
create or replace function queue_place(
    p_id text,
    out status text,
    out held_by text,
    out full_organization boolean,
    out full_fleet boolean,
    out retry_at timestamptz,
    out ahead bigint,
    out running bigint,
    out capacity bigint,
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
        and (v.held or d.priority > v.priority
             or (d.priority = v.priority and (d.due_at, d.id) < (v.due_at, p_id)));
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
