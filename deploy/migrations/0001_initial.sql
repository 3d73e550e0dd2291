-- The state of Libra Deploy. PostgreSQL owns truth; the broker only carries hints about it.
-- Applied once, in a transaction, under a lock (shared/storage/migrations.hpp).

create table organizations (
    id         text primary key,
    name       text not null,
    created_at timestamptz not null default now()
);

create table members (
    org_id  text not null references organizations,
    user_id text not null,
    role    text not null check (role in ('owner', 'admin', 'member', 'viewer')),
    primary key (org_id, user_id)
);

-- An organisation has at most one allowance of each plan; the free one is used up first.
create table plan_allowances (
    org_id       text not null references organizations,
    plan         text not null check (plan in ('free', 'paid')),
    deploy_limit integer not null check (deploy_limit >= 0),
    used         integer not null default 0 check (used >= 0 and used <= deploy_limit),
    period       interval not null default interval '1 month' check (period > interval '0'),
    period_start timestamptz not null default now(),
    primary key (org_id, plan)
);

create table projects (
    id                text primary key,
    org_id            text not null references organizations,
    name              text not null,
    site_label        text not null unique,  -- the DNS label it is served under
    active            boolean not null default true,
    deployment_status text not null default 'idle'
        check (deployment_status in ('idle', 'preparing', 'deploying', 'deployed', 'failed')),
    next_generation   bigint not null default 1,
    live_generation   bigint not null default 0,  -- only ever grows by compare-and-swap
    live_deployment   text,
    created_at        timestamptz not null default now()
);
create index projects_org on projects (org_id);

-- Credentials are kept as SHA-256 digests: a copy of this table lets nobody in.
create table tokens (
    digest     bytea primary key,
    user_id    text not null,
    name       text not null default '',
    service    boolean not null default false,  -- may act for other users
    scopes     text[] not null default '{}',
    expires_at timestamptz,
    revoked_at timestamptz,
    created_at timestamptz not null default now()
);

create table sessions (
    digest     bytea primary key,
    user_id    text not null,
    expires_at timestamptz not null,
    created_at timestamptz not null default now()
);

create table deployments (
    id               text primary key,
    project_id       text not null references projects,
    org_id           text not null references organizations,
    user_id          text not null,
    caller_id        text not null,       -- who asked; differs from user_id for a service token
    params           jsonb not null,      -- the request body, large contents replaced by digests
    generation       bigint not null,     -- order of acceptance within the project
    status           text not null default 'queued'
        check (status in ('queued', 'in_progress', 'completed', 'failed', 'cancelled')),
    priority         integer not null default 0,
    attempt          integer not null default 0,  -- claims so far, this life
    retry_count      integer not null default 0,  -- of these, after a transient failure
    fence            bigint not null default 0,   -- grows with every claim; every write carries it
    lease_owner      text,
    lease_until      timestamptz,
    cancel_requested boolean not null default false,
    failure_class    text
        check (failure_class in ('user', 'transient', 'resource', 'poison', 'exhausted')),
    error_code       text,
    error            text,                -- for the user
    base_source      bytea,               -- manifest this deployment's files were laid on
    source           bytea,               -- manifest of its own file tree
    artifact         bytea,               -- digest of what it published
    url              text,
    preview_url      text,
    statistics       jsonb,
    request_id       text not null,
    log_lines        bigint not null default 0,  -- sequence of the last log line
    created_at       timestamptz not null default now(),
    started_at       timestamptz,
    finished_at      timestamptz,
    updated_at       timestamptz not null default now(),
    unique (project_id, generation),
    check ((status = 'in_progress') = (lease_until is not null)),
    check ((status in ('completed', 'failed', 'cancelled')) = (finished_at is not null)),
    check (status <> 'failed' or (failure_class is not null and error is not null))
);
-- One active deployment a project, whatever races.
create unique index deployments_active on deployments (project_id)
    where status in ('queued', 'in_progress');
create index deployments_by_project on deployments (project_id, created_at desc, id desc);
create index deployments_leased on deployments (lease_until) where status = 'in_progress';

create table deployment_steps (
    deployment_id text not null references deployments on delete cascade,
    step          text not null
        check (step in ('validate', 'sync', 'sandbox', 'build', 'deploy', 'cleanup')),
    status        text not null check (status in ('in_progress', 'completed', 'failed')),
    error         text,
    attempt       integer not null,
    started_at    timestamptz not null,
    finished_at   timestamptz,
    primary key (deployment_id, step)
);

create table attempts (
    deployment_id text not null references deployments on delete cascade,
    fence         bigint not null,
    number        integer not null,
    worker        text not null,
    started_at    timestamptz not null default now(),
    ended_at      timestamptz,
    outcome       text check (outcome in
        ('completed', 'failed', 'cancelled', 'retry', 'handed_back', 'lease_lost')),
    failure_class text,
    step          text,
    error_code    text,
    error         text,
    primary key (deployment_id, fence)
);

-- Milestones and build output in one sequence.
create table deployment_log (
    deployment_id text not null references deployments on delete cascade,
    seq           bigint not null,
    at            timestamptz not null default now(),
    step          text not null,
    stream        text not null check (stream in ('milestone', 'stdout', 'stderr')),
    line          text not null,
    primary key (deployment_id, seq)
);
create index deployment_milestones on deployment_log (deployment_id, seq) where stream = 'milestone';

-- What has to reach the broker. A row is written in the transaction of the change it announces and
-- deleted only after the broker confirmed it.
create table outbox (
    id            bigint generated always as identity primary key,
    deployment_id text,
    exchange      text not null,
    routing_key   text not null,
    headers       jsonb not null default '{}',  -- flat object of strings
    payload       bytea not null,               -- JSON, or the very bytes of a poison message
    available_at  timestamptz not null default now(),
    claim_token   text,
    claimed_until timestamptz,
    due_at        timestamptz not null generated always as
        (greatest(available_at, claimed_until)) stored,
    created_at    timestamptz not null default now()
);
create index outbox_due on outbox (due_at, id);
create index outbox_deployment on outbox (deployment_id);

-- Taken at most once a deployment, whatever is retried or delivered again.
create table quota_takes (
    deployment_id text primary key references deployments on delete cascade,
    org_id        text not null,
    plan          text not null,
    period_start  timestamptz not null,
    taken_at      timestamptz not null default now(),
    refunded_at   timestamptz
);

create table domains (
    hostname   text primary key,
    project_id text not null references projects on delete cascade,
    created_at timestamptz not null default now()
);

create table releases (
    deployment_id text primary key references deployments on delete cascade,
    project_id    text not null references projects,
    generation    bigint not null,
    artifact      bytea not null,
    files         bigint not null,
    bytes         bigint not null,
    created_at    timestamptz not null default now(),
    unique (project_id, generation)
);

create table dead_letters (
    id             bigint generated always as identity primary key,
    deployment_id  text,
    failure_class  text not null,
    reason         text not null,
    message        bytea not null,
    message_digest bytea not null,
    created_at     timestamptz not null default now()
);
-- A message delivered again while its dead letter is being written is still one dead letter.
create unique index dead_letters_poison on dead_letters (message_digest) where deployment_id is null;
create index dead_letters_deployment on dead_letters (deployment_id);

-- RFC 3339 with milliseconds, as every timestamp that leaves this database in JSON.
create function rfc3339(moment timestamptz) returns text
    language sql stable parallel safe
    return to_char(moment at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"');

-- The QueueMessage of a deployment (proto-schemas/queue-message.json).
create function queue_message(d deployments) returns text
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

-- Checks the caller in the order of AdmissionVerdict and, when all is well, accepts the deployment:
-- its row, the project's status and the outbox row that announces it. Running it again for an id
-- that was accepted answers `accepted` again and writes nothing.
--
-- The project's row is locked before anything is written, as in every transaction that touches a
-- project and one of its deployments; so two requests for one project come one after the other, and
-- nothing here can deadlock.
create function accept_deployment(
    p_digest bytea,
    p_is_session boolean,
    p_id text,
    p_project_id text,
    p_org_id text,
    p_user_id text,
    p_params jsonb,
    p_request_id text,
    p_exchange text,
    p_routing_key text,
    out verdict text,
    out accepted_at timestamptz,
    out blocking_id text)
    language plpgsql
as $$
declare
    v_caller    text;
    v_service   boolean := false;
    v_scopes    text[] := '{deploy}';
    v_role      text;
    v_active    boolean;
    v_generation bigint;
    v_deployment deployments;
begin
    if p_is_session then
        select user_id into v_caller
        from sessions where digest = p_digest and expires_at > now();
    else
        select user_id, service, scopes into v_caller, v_service, v_scopes
        from tokens
        where digest = p_digest and revoked_at is null
            and (expires_at is null or expires_at > now());
    end if;
    if v_caller is null then
        verdict := 'unauthenticated';
        return;
    end if;
    if not v_scopes && '{deploy,admin}' then
        verdict := 'missing_scope';
        return;
    end if;
    if p_user_id <> v_caller and not v_service then
        verdict := 'not_the_caller';
        return;
    end if;

    -- The rights are those of the user it is for, whom a service token only represents.
    select role into v_role from members where org_id = p_org_id and user_id = p_user_id;
    if v_role is null then
        verdict := 'not_a_member';
        return;
    end if;
    if v_role = 'viewer' then
        verdict := 'role_may_not_deploy';
        return;
    end if;

    select active, next_generation into v_active, v_generation
    from projects where id = p_project_id and org_id = p_org_id
    for no key update;
    if v_active is null then
        verdict := 'project_not_found';
        return;
    end if;

    select created_at into accepted_at from deployments where id = p_id;
    if found then
        verdict := 'accepted';
        return;
    end if;

    if not v_active then
        verdict := 'project_inactive';
        return;
    end if;
    select id into blocking_id
    from deployments where project_id = p_project_id and status in ('queued', 'in_progress');
    if found then
        verdict := 'deployment_in_progress';
        return;
    end if;

    insert into deployments
        (id, project_id, org_id, user_id, caller_id, params, generation, request_id)
    values
        (p_id, p_project_id, p_org_id, p_user_id, v_caller, p_params, v_generation, p_request_id)
    returning * into v_deployment;
    update projects
    set next_generation = v_generation + 1, deployment_status = 'preparing'
    where id = p_project_id;
    insert into outbox (deployment_id, exchange, routing_key, payload)
    values (p_id, p_exchange, p_routing_key,
            convert_to(queue_message(v_deployment), 'UTF8'));
    verdict := 'accepted';
    accepted_at := v_deployment.created_at;
end
$$;
