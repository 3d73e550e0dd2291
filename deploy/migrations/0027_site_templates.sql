-- The built-in template that a project's first files are laid on; which there are, the services know.
alter table projects add column site_template text;

-- For a project that the caller has just created, or whose change was allowed.
create function set_site_template(p_id text, p_template text, p_user_id text, p_request_id text)
    returns void
    language plpgsql
as $$
begin
    update projects set site_template = p_template where id = p_id;
    perform audit_project(
        p_user_id, 'project.change', p_id, p_request_id, jsonb_build_object('template', p_template));
end
$$;
