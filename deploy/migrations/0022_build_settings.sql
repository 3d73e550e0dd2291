-- What owners set for the builds of their projects (proto-schemas/build-settings.json).
alter table projects
    add column build_settings jsonb not null default '{}' check (jsonb_typeof(build_settings) = 'object');

-- As before, with settings. Those of a value null are left out.
create function create_project(
    p_id text, p_org_id text, p_name text, p_label text, p_build jsonb, p_user_id text,
    p_everywhere boolean, p_request_id text)
    returns text
    language plpgsql
as $$
declare
    v_answer text := create_project(
        p_id, p_org_id, p_name, p_label, p_user_id, p_everywhere, p_request_id);
begin
    if v_answer = 'done' and p_build <> '{}' then
        update projects set build_settings = jsonb_strip_nulls(p_build) where id = p_id;
    end if;
    return v_answer;
end
$$;

-- As before, with settings: those that are named are set, or removed where their value is null.
create function change_project(
    p_id text, p_name text, p_active boolean, p_build jsonb, p_user_id text, p_everywhere boolean,
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
    update projects
    set name = coalesce(p_name, name), active = coalesce(p_active, active),
        build_settings = jsonb_strip_nulls(build_settings || p_build)
    where id = p_id;
    perform audit_project(
        p_user_id, 'project.change', p_id, p_request_id,
        jsonb_build_object('name', p_name, 'active', p_active, 'build', nullif(p_build, '{}')));
    return 'done';
end
$$;
