-- How the queue as a whole is doing (compare queue_place, which is about one deployment).
create function queue_overview(
    out waiting bigint,          -- queued
    out ready bigint,            -- of these, could start now
    out held bigint,             -- wait for another deployment of their project
    out retrying bigint,         -- wait for their next attempt
    out running bigint,
    out capacity bigint,         -- how many can run at once; 0 before a worker ever ran
    out unsent bigint,           -- messages that wait for the broker
    out oldest_at timestamptz,   -- since when the one that waits longest does
    out completed bigint,        -- in the last quarter of an hour
    out estimated_wait interval) -- of one that is accepted now
    language plpgsql stable
as $$
declare
    v_usual interval;
begin
    select count(*),
           count(*) filter (where not d.held and d.due_at <= now()
                            and (not d.parked or d.org_limit is null
                                 or running_of_org(d.org_id, d.id) < d.org_limit)),
           count(*) filter (where d.held),
           count(*) filter (where not d.held and d.due_at > now()),
           min(d.created_at)
    into waiting, ready, held, retrying, oldest_at
    from deployments d where d.status = 'queued';
    select count(*) into running from deployments d
    where d.status = 'in_progress' and d.lease_until > now();
    select least((select count(*) from slots),
                 greatest(running, (select count(distinct worker) from attempts
                                    where started_at > now() - interval '1 hour')))
    into capacity;
    select count(*) into unsent from outbox where available_at <= now();
    select count(*) into completed from deployments d
    where d.status = 'completed' and d.finished_at > now() - interval '15 minutes';
    select coalesce(avg(finished_at - started_at), interval '10 seconds') into v_usual
    from (select d.finished_at, d.started_at from deployments d
          where d.status = 'completed' order by d.finished_at desc limit 50) as recent;
    estimated_wait := ((running + waiting - held) / greatest(capacity, 1)) * v_usual;
end
$$;
