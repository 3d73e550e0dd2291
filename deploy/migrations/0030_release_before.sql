-- As before, but by what was live and not by what was built: the release that went live before the one that
-- is. A rollback takes its own place in that order back to where its release stood, so going back twice goes
-- back two.
create or replace function release_before_live(p_project_id text) returns text
    language sql stable
begin atomic
    with recursive standing as (
        select r.deployment_id, r.generation, r.name
        from projects p join releases r on r.deployment_id = p.live_deployment
        where p.id = p_project_id
        union all
        select r.deployment_id, r.generation, r.name
        from standing
        join deployments d on d.id = standing.deployment_id and d.kind = 'rollback'
        join releases r on r.deployment_id = d.source_deployment)
    select r.deployment_id
    from (select generation, name from standing order by generation limit 1) as place
    join releases r on r.project_id = p_project_id
    where r.generation < place.generation and r.name <> place.name
    order by r.generation desc
    limit 1;
end;
