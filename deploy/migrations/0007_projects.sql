-- Projects and custom domains as their owners manage them (ARCHITECTURE.md: "Projects").

-- A project that was deleted belongs to no organisation and has no label any more. Its deployments stay,
-- and its id is not given again.
alter table projects
    alter column org_id drop not null,
    alter column site_label drop not null,
    add column deleted_at timestamptz,
    add constraint projects_deleted_check check (
        (deleted_at is null) = (org_id is not null)
        and (deleted_at is null) = (site_label is not null));
create index domains_of_project on domains (project_id);

-- Names for which the target may serve something else than what follows from `projects` and `domains`:
-- custom domains, and (those without a dot) labels below the platform's own domain. A worker makes the
-- target follow, and then deletes the row. Whoever gives a name to somebody else waits for a worker that
-- is at it.
create table site_changes (
    name  text primary key,
    since timestamptz not null default now()
);

create function note_site_change(p_name text) returns void
    language sql
begin atomic
    insert into site_changes (name) values (p_name)
    on conflict (name) do update set since = now();
end;

create function domain_changed() returns trigger
    language plpgsql
as $$
begin
    perform note_site_change(coalesce(new.hostname, old.hostname));
    return null;
end
$$;
create trigger domains_changed after insert or delete on domains
    for each row execute function domain_changed();

-- The label of one release (shared/domain/rules.hpp).
create function preview_label(p_site_label text, p_deployment_id text) returns text
    language sql immutable
    return p_site_label || '--'
        || left(encode(sha256(convert_to(p_deployment_id, 'UTF8')), 'hex'), 12);

-- The user's role; one who acts for every organisation counts as owner. Null for who is no member.
create function role_in(p_org_id text, p_user_id text, p_everywhere boolean) returns text
    language sql stable
    return case
        when not p_everywhere then
            (select role from members where org_id = p_org_id and user_id = p_user_id)
        when exists (select from organizations where id = p_org_id) then 'owner'
    end;

-- Locks the project and answers the user's role in its organisation. Null for a project that is not
-- there, or not for this user to know of.
create function role_in_locked_project(p_id text, p_user_id text, p_everywhere boolean)
    returns text
    language plpgsql
as $$
declare
    v_org text;
begin
    select org_id into v_org from projects where id = p_id for no key update;
    return role_in(v_org, p_user_id, p_everywhere);
end
$$;

create function audit_project(
    p_actor text, p_action text, p_id text, p_request_id text, p_details jsonb)
    returns void
    language sql
begin atomic
    insert into audit_log (actor, action, subject, request_id, details)
    select p_actor, p_action, p_id, p_request_id,
           jsonb_strip_nulls(jsonb_build_object('orgId', org_id) || p_details)
    from projects where id = p_id;
end;

-- Answers `done`, `not_a_member`, `role_not_sufficient`, `id_taken` or `label_taken`.
create function create_project(
    p_id text, p_org_id text, p_name text, p_label text, p_user_id text, p_everywhere boolean,
    p_request_id text)
    returns text
    language plpgsql
as $$
declare
    v_role text := role_in(p_org_id, p_user_id, p_everywhere);
begin
    if v_role is null then
        return 'not_a_member';
    end if;
    if v_role = 'viewer' then
        return 'role_not_sufficient';
    end if;
    insert into projects (id, org_id, name, site_label)
    values (p_id, p_org_id, p_name, p_label)
    on conflict do nothing;
    if not found then
        return case when exists (select from projects where id = p_id)
            then 'id_taken' else 'label_taken' end;
    end if;
    perform from site_changes where name = p_label for update;
    perform audit_project(
        p_user_id, 'project.create', p_id, p_request_id,
        jsonb_build_object('name', p_name, 'siteLabel', p_label));
    return 'done';
end
$$;

-- What is null stays as it is. Answers `done`, `not_found` or `role_not_sufficient`.
create function change_project(
    p_id text, p_name text, p_active boolean, p_user_id text, p_everywhere boolean,
    p_request_id text)
    returns text
    language plpgsql
as $$
declare
    v_role text := role_in_locked_project(p_id, p_user_id, p_everywhere);
begin
    if v_role is null then
        return 'not_found';
    end if;
    if v_role = 'viewer' then
        return 'role_not_sufficient';
    end if;
    update projects set name = coalesce(p_name, name), active = coalesce(p_active, active)
    where id = p_id;
    perform audit_project(
        p_user_id, 'project.change', p_id, p_request_id,
        jsonb_build_object('name', p_name, 'active', p_active));
    return 'done';
end
$$;

-- Answers `done`, `not_found`, `role_not_sufficient` or `deployment_in_progress`.
create function delete_project(
    p_id text, p_user_id text, p_everywhere boolean, p_request_id text)
    returns text
    language plpgsql
as $$
declare
    v_role  text := role_in_locked_project(p_id, p_user_id, p_everywhere);
    v_label text;
begin
    if v_role is null then
        return 'not_found';
    end if;
    if v_role not in ('owner', 'admin') then
        return 'role_not_sufficient';
    end if;
    if exists (select from deployments
               where project_id = p_id and status in ('queued', 'in_progress'))
    then
        return 'deployment_in_progress';
    end if;
    select site_label into v_label from projects where id = p_id;
    perform audit_project(
        p_user_id, 'project.delete', p_id, p_request_id,
        jsonb_build_object('siteLabel', v_label));
    delete from domains where project_id = p_id;
    update projects
    set deleted_at = now(), org_id = null, site_label = null, active = false,
        live_deployment = null, switching = null
    where id = p_id;
    perform note_site_change(v_label);
    perform note_site_change(preview_label(v_label, id))
    from deployments where project_id = p_id and release_name is not null;
    return 'done';
end
$$;

-- Answers `added`, `present`, `taken`, `too_many`, `not_found` (the project) or `role_not_sufficient`.
create function add_domain(
    p_project_id text, p_hostname text, p_most integer, p_user_id text, p_everywhere boolean,
    p_request_id text)
    returns text
    language plpgsql
as $$
declare
    v_role text := role_in_locked_project(p_project_id, p_user_id, p_everywhere);
begin
    if v_role is null then
        return 'not_found';
    end if;
    if v_role = 'viewer' then
        return 'role_not_sufficient';
    end if;
    if exists (select from domains where hostname = p_hostname and project_id = p_project_id) then
        return 'present';
    end if;
    if (select count(*) from domains where project_id = p_project_id) >= p_most then
        return 'too_many';
    end if;
    insert into domains (hostname, project_id) values (p_hostname, p_project_id)
    on conflict do nothing;
    if not found then
        return 'taken';
    end if;
    perform audit_project(
        p_user_id, 'domain.add', p_project_id, p_request_id,
        jsonb_build_object('hostname', p_hostname));
    return 'added';
end
$$;

-- Answers `removed`, `absent`, `not_found` (the project) or `role_not_sufficient`.
create function remove_domain(
    p_project_id text, p_hostname text, p_user_id text, p_everywhere boolean, p_request_id text)
    returns text
    language plpgsql
as $$
declare
    v_role text := role_in_locked_project(p_project_id, p_user_id, p_everywhere);
begin
    if v_role is null then
        return 'not_found';
    end if;
    if v_role = 'viewer' then
        return 'role_not_sufficient';
    end if;
    delete from domains where hostname = p_hostname and project_id = p_project_id;
    if not found then
        return 'absent';
    end if;
    perform audit_project(
        p_user_id, 'domain.remove', p_project_id, p_request_id,
        jsonb_build_object('hostname', p_hostname));
    return 'removed';
end
$$;

-- As before, but not for a deployment whose project was deleted.
create or replace function redrive_letter(
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
        if d.status is distinct from 'failed'
            or exists (select from projects where id = d.project_id and deleted_at is not null)
        then
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

-- As before, with those letters behind the others.
create or replace function redrive_letters(
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
                and (d.status is distinct from 'failed' or p.deleted_at is not null
                     or p.live_generation > d.generation
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
