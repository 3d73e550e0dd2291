-- A body that is kept parsed and takes a row depends on the row's type, and PostgreSQL 15.20 adds no column with
-- a default to such a table. Kept as text the same functions stand in nobody's way.
create or replace function queue_message(d deployments) returns text
    language sql stable
as $$
    select jsonb_build_object(
        'deploymentId', d.id,
        'params', d.params,
        'metadata', jsonb_build_object(
            'timestamp', rfc3339(now()),
            'retryCount', d.retry_count,
            'priority', d.priority))::text
$$;

create or replace function end_of(d deployments) returns jsonb
    language sql stable
as $$
    select jsonb_build_object(
        'deploymentId', d.id, 'status', d.status, 'url', d.url, 'previewUrl', d.preview_url,
        'failureClass', d.failure_class, 'errorCode', d.error_code, 'error', d.error)
$$;

create or replace function reuses_release(d deployments) returns boolean
    language sql immutable
as $$
    select d.kind in ('promote', 'rollback')
$$;

create or replace function event_data(d deployments) returns jsonb
    language sql stable
as $$
    select jsonb_strip_nulls(jsonb_build_object(
        'deploymentId', d.id, 'projectId', d.project_id, 'orgId', d.org_id, 'userId', d.user_id,
        'status', d.status, 'url', d.url, 'previewUrl', d.preview_url,
        'failureClass', d.failure_class, 'errorCode', d.error_code, 'error', d.error,
        'createdAt', rfc3339(d.created_at), 'startedAt', rfc3339(d.started_at),
        'finishedAt', rfc3339(d.finished_at)))
$$;

create or replace function slot_is_free(s slots) returns boolean
    language sql stable
as $$
    select s.deployment_id is null
        or (s.reserved_until <= now()
            and not exists (
                select from deployments d
                where d.id = s.deployment_id and d.status = 'in_progress'
                    and d.lease_until > now()))
$$;
