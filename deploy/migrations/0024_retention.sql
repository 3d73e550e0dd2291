-- Which releases are kept (ARCHITECTURE.md: "Keeping releases").

create index releases_name on releases (name);

-- Forgets, of up to p_limit projects, releases beyond the p_kept that were made or brought back last. Never
-- the live one, the one that a rollback would bring back, or one that a deployment under way is about to
-- make live. All of a project that was deleted. What is forgotten is no release for promote and rollback
-- from this moment on; its bytes are removed afterwards (unneeded_releases). Returns how many names.
create function forget_releases(p_kept integer, p_limit integer) returns integer
    language plpgsql
as $$
declare
    v_project   projects;
    v_names     text[];
    v_forgotten integer := 0;
begin
    for v_project in
        select p.* from projects p
        where p.id in (
            select r.project_id from releases r join projects o on o.id = r.project_id
            group by r.project_id, o.deleted_at
            having count(distinct r.name) > case when o.deleted_at is null then p_kept else 0 end)
            and p.switching is null
            -- One that has found what it is built from may be about to take any of them.
            and not exists (
                select from deployments d
                where d.project_id = p.id and d.status = 'in_progress' and d.release_name is null)
        limit p_limit
        for no key update skip locked
    loop
        select array_agg(name) into v_names
        from (select r.name, row_number() over (order by max(r.generation) desc) as place
              from releases r where r.project_id = v_project.id group by r.name) as ranked
        where (place > p_kept or v_project.deleted_at is not null)
            and name not in (
                select r.name from releases r
                where v_project.deleted_at is null
                    and r.deployment_id in (
                        v_project.live_deployment, release_before_live(v_project.id)))
            and name not in (
                select d.release_name from deployments d
                where d.project_id = v_project.id and d.status in ('queued', 'in_progress')
                    and d.release_name is not null);
        if v_names is null then
            continue;
        end if;
        delete from releases where project_id = v_project.id and name = any (v_names);
        -- Their previews answer 404.
        update deployments set preview_url = null
        where project_id = v_project.id and release_name = any (v_names);
        v_forgotten := v_forgotten + cardinality(v_names);
    end loop;
    return v_forgotten;
end
$$;

-- Which of these uploads nobody needs: no release is made of them, no deployment under way has made them
-- (their names begin with its id) or is about to make them live, and none that can still be redriven has.
create function unneeded_releases(p_names text[]) returns setof text
    language sql stable
begin atomic
    select n from unnest(p_names) as n
        where not exists (select from releases r where r.name = n)
            and not exists (
                select from deployments d
                where d.status in ('queued', 'in_progress')
                    and (d.release_name = n or d.id = regexp_replace(n, '-[0-9]+$', '')))
            and not exists (
                select from deployments d
                where d.id = regexp_replace(n, '-[0-9]+$', '') and d.release_name = n
                    and d.failure_class = 'exhausted'
                    and d.finished_at > now() - interval '1 day');
end;
