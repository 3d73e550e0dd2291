-- Which workers have room on their disks: the gateway sees none of these disks.
create table worker_disks (
    worker       text primary key,
    full_because text,  -- null: there is room
    reported_at  timestamptz not null default now()
);

-- Those that have not been heard of for a day are forgotten meanwhile.
create function report_disks(p_worker text, p_full_because text) returns void
    language sql
begin atomic
    insert into worker_disks (worker, full_because) values (p_worker, p_full_because)
    on conflict (worker) do update
    set full_because = excluded.full_because, reported_at = now();
    delete from worker_disks where reported_at < now() - interval '1 day';
end;
