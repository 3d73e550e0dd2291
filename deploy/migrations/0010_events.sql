-- What happens to a deployment, as one sequence that can be watched (ARCHITECTURE.md: "Watching").

-- How many events there are that are no log lines. The event with the ordinal n came after log_lines
-- lines, so its place in the sequence is n + log_lines; that of a line is its own number plus how many
-- events came before it. So places have no gaps, and a line of output is written no more often than before.
-- Both counters are only changed under the lock of the deployment's row: what has a lower place is never
-- committed later. The first event is the acceptance; it has no row.
alter table deployments add column events bigint not null default 1;

create table deployment_events (
    deployment_id text not null references deployments on delete cascade,
    ordinal       bigint not null check (ordinal > 1),
    log_lines     bigint not null,
    kind          text not null check (kind in ('state', 'step', 'warning', 'end')),
    at            timestamptz not null default now(),
    data          jsonb not null,
    primary key (deployment_id, ordinal)
);

create function note_event(p_id text, p_kind text, p_data jsonb) returns void
    language sql
begin atomic
    with numbered as (
        update deployments set events = events + 1 where id = p_id
        returning id, events, log_lines
    )
    insert into deployment_events (deployment_id, ordinal, log_lines, kind, data)
    select id, events, log_lines, p_kind, jsonb_strip_nulls(p_data) from numbered;
end;

-- How a deployment ended.
create function end_of(d deployments) returns jsonb
    language sql stable
    return jsonb_build_object(
        'deploymentId', d.id, 'status', d.status, 'url', d.url, 'previewUrl', d.preview_url,
        'failureClass', d.failure_class, 'errorCode', d.error_code, 'error', d.error);

-- Those that are over already end with an event as well.
insert into deployment_events (deployment_id, ordinal, log_lines, kind, at, data)
select d.id, 2, d.log_lines, 'end', d.finished_at, jsonb_strip_nulls(end_of(d))
from deployments d where d.finished_at is not null;
update deployments set events = 2 where finished_at is not null;

-- In the update of the row itself, so that it costs no second one.
create function note_state() returns trigger
    language plpgsql
as $$
begin
    new.events := new.events + 1;
    insert into deployment_events (deployment_id, ordinal, log_lines, kind, data)
    values (new.id, new.events, new.log_lines, 'state',
            jsonb_strip_nulls(jsonb_build_object(
                'deploymentId', new.id, 'status', new.status, 'attempt', nullif(new.attempt, 0))));
    return new;
end
$$;
create trigger deployments_state before update on deployments
    for each row when (old.status is distinct from new.status) execute function note_state();

-- At the end of the transaction: whatever else it does to steps and attempts comes before.
create function note_end() returns trigger
    language plpgsql
as $$
begin
    perform note_event(d.id, 'end', end_of(d)) from deployments d
    where d.id = new.id and d.finished_at is not null;
    return null;
end
$$;
create constraint trigger deployments_end after update on deployments
    deferrable initially deferred
    for each row when (old.finished_at is null and new.finished_at is not null)
    execute function note_end();

create function note_step() returns trigger
    language plpgsql
as $$
begin
    perform note_event(new.deployment_id, 'step', jsonb_build_object(
        'step', new.step, 'status', new.status, 'attempt', new.attempt, 'error', new.error));
    return null;
end
$$;
create trigger deployment_steps_begun after insert on deployment_steps
    for each row execute function note_step();
create trigger deployment_steps_changed after update on deployment_steps
    for each row when ((old.status, old.attempt) is distinct from (new.status, new.attempt))
    execute function note_step();

create function note_lost_attempt() returns trigger
    language plpgsql
as $$
begin
    perform note_event(new.deployment_id, 'warning', jsonb_build_object(
        'message', format(
            case new.outcome
                when 'retry' then 'Attempt %s failed and will be repeated: %s'
                when 'handed_back' then 'The worker of attempt %s stops; another one goes on.'
                else 'Attempt %s was interrupted.'
            end,
            new.number, new.error)));
    return null;
end
$$;
create trigger attempts_lost after update on attempts
    for each row
    when (old.outcome is null and new.outcome in ('retry', 'handed_back', 'lease_lost'))
    execute function note_lost_attempt();

-- Wakes those who watch. Nobody can watch before there is a deployment, so accepting one wakes nobody.
create function wake_watchers() returns trigger
    language plpgsql
as $$
begin
    perform pg_notify('deployment_events', new.id);
    return null;
end
$$;
create trigger deployments_watched after update on deployments
    for each row
    when (old.events is distinct from new.events or old.log_lines is distinct from new.log_lines)
    execute function wake_watchers();
