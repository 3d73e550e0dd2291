-- Variables of a project's builds (ARCHITECTURE.md: "Secrets of a build").

create table variables (
    project_id text not null references projects,
    name       text not null,
    value      text,   -- of a plain one
    sealed     bytea,  -- of a secret: shared/base/secret_box.hpp
    bytes      integer not null,  -- of the value
    updated_at timestamptz not null default now(),
    primary key (project_id, name),
    check ((value is null) = (sealed is not null))
);

-- Exactly one of `p_value` and `p_sealed` is given. Answers `done`, `too_many`, `too_large`, `not_found`
-- (the project) or `role_not_sufficient`.
create function set_variable(
    p_project_id text, p_name text, p_value text, p_sealed bytea, p_bytes integer, p_most integer,
    p_most_bytes integer, p_user_id text, p_everywhere boolean, p_request_id text)
    returns text
    language plpgsql
as $$
declare
    v_role  text := role_in_locked_project(p_project_id, p_user_id, p_everywhere);
    v_count bigint;
    v_bytes bigint;
begin
    if v_role is null then
        return 'not_found';
    end if;
    if v_role = 'viewer' then
        return 'role_not_sufficient';
    end if;
    select count(*), coalesce(sum(bytes), 0) into v_count, v_bytes
    from variables where project_id = p_project_id and name <> p_name;
    if v_count >= p_most then
        return 'too_many';
    end if;
    if v_bytes + p_bytes > p_most_bytes then
        return 'too_large';
    end if;
    insert into variables (project_id, name, value, sealed, bytes)
    values (p_project_id, p_name, p_value, p_sealed, p_bytes)
    on conflict (project_id, name) do update
    set value = excluded.value, sealed = excluded.sealed, bytes = excluded.bytes,
        updated_at = now();
    perform audit_project(
        p_user_id, 'variable.set', p_project_id, p_request_id,
        jsonb_build_object('name', p_name, 'secret', p_sealed is not null));
    return 'done';
end
$$;

-- Answers `done`, `absent`, `not_found` (the project) or `role_not_sufficient`.
create function remove_variable(
    p_project_id text, p_name text, p_user_id text, p_everywhere boolean, p_request_id text)
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
    delete from variables where project_id = p_project_id and name = p_name;
    if not found then
        return 'absent';
    end if;
    perform audit_project(
        p_user_id, 'variable.remove', p_project_id, p_request_id,
        jsonb_build_object('name', p_name));
    return 'done';
end
$$;

-- As before, and its variables are forgotten.
create or replace function delete_project(
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
    delete from variables where project_id = p_id;
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
