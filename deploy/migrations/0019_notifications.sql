-- What happens to deployments, told to others: to the broker's exchange of events, and to webhooks
-- (ARCHITECTURE.md: "Telling others").

-- An event is for whoever is bound to its exchange; that may be nobody.
alter table outbox add column event boolean not null default false;

create table webhooks (
    id              text primary key,
    org_id          text not null references organizations,
    url             text not null,
    events          text[] not null check (cardinality(events) > 0),
    active          boolean not null default true,
    disabled_reason text,
    created_by      text not null,
    created_at      timestamptz not null default now()
);
create index webhooks_by_org on webhooks (org_id, id);

-- One lane an organisation: its deliveries are made one after the other, and the lanes take turns, so
-- that slow receivers hold up their own organisation first; and some senders pass over slow lanes, so that
-- many of those do not hold up everybody.
create table webhook_lanes (
    org_id        text primary key references organizations,
    next_due      timestamptz,  -- no later than the first pending delivery; null: nothing to do
    served_at     timestamptz not null default '-infinity',
    slow          boolean not null default false,  -- its last receiver took more than two seconds
    claim_token   text,
    claimed_until timestamptz
);
create index webhook_lanes_by_turn on webhook_lanes (served_at) where next_due is not null;

create table webhook_deliveries (
    id            text primary key,  -- the message's id to its receiver: the same for every try
    number        bigint generated always as identity,
    webhook_id    text not null references webhooks on delete cascade,
    deployment_id text,              -- none for a test
    type          text not null,
    payload       text not null,     -- the very text that is signed and sent
    status        text not null default 'pending' check (status in ('pending', 'delivered', 'failed')),
    attempts      integer not null default 0,
    tries         integer not null default 0,  -- attempts since it was last begun anew
    due_at        timestamptz not null default now(),
    created_at    timestamptz not null default now(),
    finished_at   timestamptz,
    check ((status = 'pending') = (finished_at is null))
);
create index webhook_deliveries_due on webhook_deliveries (webhook_id, due_at, number)
    where status = 'pending';
create index webhook_deliveries_by_webhook on webhook_deliveries (webhook_id, number);
create index webhook_deliveries_by_age on webhook_deliveries (created_at);

create table webhook_attempts (
    delivery_id text not null references webhook_deliveries on delete cascade,
    number      integer not null,
    at          timestamptz not null default now(),
    duration_ms bigint not null,
    status_code integer,  -- of the receiver's answer, if there was one
    error       text,     -- why it counts as failed
    primary key (delivery_id, number)
);

-- What an event says of a deployment (proto-schemas/deployment-event-data.json).
create function event_data(d deployments) returns jsonb
    language sql stable
    return jsonb_strip_nulls(jsonb_build_object(
        'deploymentId', d.id, 'projectId', d.project_id, 'orgId', d.org_id, 'userId', d.user_id,
        'status', d.status, 'url', d.url, 'previewUrl', d.preview_url,
        'failureClass', d.failure_class, 'errorCode', d.error_code, 'error', d.error,
        'createdAt', rfc3339(d.created_at), 'startedAt', rfc3339(d.started_at),
        'finishedAt', rfc3339(d.finished_at)));

-- The body of a webhook's message (proto-schemas/webhook-message.json).
create function webhook_message(p_type text, p_data jsonb) returns text
    language sql stable
    return jsonb_build_object('type', p_type, 'timestamp', rfc3339(now()), 'data', p_data)::text;

create function new_message_id() returns text
    language sql volatile
    return 'msg_' || replace(gen_random_uuid()::text, '-', '');

create function tell() returns trigger
    language plpgsql
as $$
declare
    v_type text := 'deployment.' || case new.status when 'in_progress' then 'started' else new.status end;
    v_data jsonb := event_data(new);
begin
    insert into outbox (exchange, routing_key, payload, event)
    values ('deployment.events', v_type, convert_to(
        jsonb_build_object(
            'specversion', '1.0',
            'id', gen_random_uuid(),
            'source', '/projects/' || new.project_id,
            'type', 'dev.libra.' || v_type,
            'subject', new.id,
            'time', rfc3339(now()),
            'datacontenttype', 'application/json',
            'data', v_data)::text,
        'UTF8'), true);
    -- The lane before the deliveries, as everywhere.
    update webhook_lanes set next_due = least(next_due, now())
    where org_id = new.org_id and exists (
        select from webhooks where org_id = new.org_id and active and v_type = any (events));
    if found then
        insert into webhook_deliveries (id, webhook_id, deployment_id, type, payload)
        select new_message_id(), id, new.id, v_type, webhook_message(v_type, v_data)
        from webhooks
        where org_id = new.org_id and active and v_type = any (events) order by webhooks.id;
    end if;
    return null;
end
$$;
create trigger deployments_told after update on deployments
    for each row
    when (old.status is distinct from new.status
          and (new.finished_at is not null
               or new.status = 'in_progress' and old.started_at is null))
    execute function tell();

-- When the next delivery of the organisation is due. Null if none waits.
create function next_webhook_due(p_org_id text) returns timestamptz
    language sql stable
    return (
        select min(first.due_at)
        from webhooks w
        cross join lateral (
            select due_at from webhook_deliveries
            where webhook_id = w.id and status = 'pending' order by due_at limit 1) as first
        where w.org_id = p_org_id and w.active);

-- Locks the organisation's lane, makes it if need be, and answers the user's role.
create function role_at_lane(p_org_id text, p_user_id text, p_everywhere boolean) returns text
    language plpgsql
as $$
declare
    v_role text := role_in(p_org_id, p_user_id, p_everywhere);
begin
    if v_role is not null then
        insert into webhook_lanes (org_id) values (p_org_id) on conflict do nothing;
        perform from webhook_lanes where org_id = p_org_id for no key update;
    end if;
    return v_role;
end
$$;

create function audit_webhook(
    p_actor text, p_action text, p_id text, p_org_id text, p_request_id text)
    returns void
    language sql
begin atomic
    insert into audit_log (actor, action, subject, request_id, details)
    values (p_actor, 'webhook.' || p_action, p_id, p_request_id,
            jsonb_build_object('orgId', p_org_id));
end;

-- The verdicts of the functions below: `done`, `not_found` (the organisation), `role_not_sufficient`,
-- `too_many`, `webhook_not_found`, `delivery_not_found`, `inactive`.

create function create_webhook(
    p_id text, p_org_id text, p_url text, p_events text[], p_most integer,
    p_user_id text, p_everywhere boolean, p_request_id text)
    returns text
    language plpgsql
as $$
declare
    v_role text := role_at_lane(p_org_id, p_user_id, p_everywhere);
begin
    if v_role is null then
        return 'not_found';
    end if;
    if v_role not in ('owner', 'admin') then
        return 'role_not_sufficient';
    end if;
    if (select count(*) from webhooks where org_id = p_org_id) >= p_most then
        return 'too_many';
    end if;
    insert into webhooks (id, org_id, url, events, created_by)
    values (p_id, p_org_id, p_url, p_events, p_user_id);
    perform audit_webhook(p_user_id, 'create', p_id, p_org_id, p_request_id);
    return 'done';
end
$$;

-- Null leaves a property as it is.
create function change_webhook(
    p_id text, p_org_id text, p_url text, p_events text[], p_active boolean,
    p_user_id text, p_everywhere boolean, p_request_id text)
    returns text
    language plpgsql
as $$
declare
    v_role text := role_at_lane(p_org_id, p_user_id, p_everywhere);
begin
    if v_role is null then
        return 'not_found';
    end if;
    if v_role not in ('owner', 'admin') then
        return 'role_not_sufficient';
    end if;
    update webhooks
    set url = coalesce(p_url, url), events = coalesce(p_events, events),
        active = coalesce(p_active, active),
        disabled_reason = case when p_active is null then disabled_reason end
    where id = p_id and org_id = p_org_id;
    if not found then
        return 'webhook_not_found';
    end if;
    update webhook_lanes set next_due = next_webhook_due(p_org_id) where org_id = p_org_id;
    perform audit_webhook(p_user_id, 'change', p_id, p_org_id, p_request_id);
    return 'done';
end
$$;

create function remove_webhook(
    p_id text, p_org_id text, p_user_id text, p_everywhere boolean, p_request_id text)
    returns text
    language plpgsql
as $$
declare
    v_role text := role_at_lane(p_org_id, p_user_id, p_everywhere);
begin
    if v_role is null then
        return 'not_found';
    end if;
    if v_role not in ('owner', 'admin') then
        return 'role_not_sufficient';
    end if;
    delete from webhooks where id = p_id and org_id = p_org_id;
    if not found then
        return 'webhook_not_found';
    end if;
    update webhook_lanes set next_due = next_webhook_due(p_org_id) where org_id = p_org_id;
    perform audit_webhook(p_user_id, 'remove', p_id, p_org_id, p_request_id);
    return 'done';
end
$$;

-- A message that says nothing but that the webhook works.
create function test_webhook(
    p_id text, p_org_id text, p_user_id text, p_everywhere boolean,
    out verdict text, out delivery_id text)
    language plpgsql
as $$
declare
    v_role   text := role_at_lane(p_org_id, p_user_id, p_everywhere);
    v_active boolean;
begin
    if v_role is null then
        verdict := 'not_found';
        return;
    end if;
    if v_role not in ('owner', 'admin') then
        verdict := 'role_not_sufficient';
        return;
    end if;
    select active into v_active from webhooks where id = p_id and org_id = p_org_id;
    if not found then
        verdict := 'webhook_not_found';
        return;
    end if;
    if not v_active then
        verdict := 'inactive';
        return;
    end if;
    delivery_id := new_message_id();
    update webhook_lanes set next_due = least(next_due, now()) where org_id = p_org_id;
    insert into webhook_deliveries (id, webhook_id, type, payload)
    values (delivery_id, p_id, 'webhook.test',
            webhook_message('webhook.test', jsonb_build_object('webhookId', p_id, 'orgId', p_org_id)));
    verdict := 'done';
end
$$;

-- Once more, and from the first pause on: whatever became of it, and at once where it waits.
create function redeliver(
    p_delivery_id text, p_id text, p_org_id text, p_user_id text, p_everywhere boolean,
    p_request_id text)
    returns text
    language plpgsql
as $$
declare
    v_role   text := role_at_lane(p_org_id, p_user_id, p_everywhere);
    v_active boolean;
begin
    if v_role is null then
        return 'not_found';
    end if;
    if v_role not in ('owner', 'admin') then
        return 'role_not_sufficient';
    end if;
    select active into v_active from webhooks where id = p_id and org_id = p_org_id;
    if not found then
        return 'webhook_not_found';
    end if;
    if not v_active then
        return 'inactive';
    end if;
    update webhook_deliveries
    set status = 'pending', tries = 0, due_at = now(), finished_at = null
    where id = p_delivery_id and webhook_id = p_id;
    if not found then
        return 'delivery_not_found';
    end if;
    update webhook_lanes set next_due = least(next_due, now()) where org_id = p_org_id;
    perform audit_webhook(p_user_id, 'redeliver', p_id, p_org_id, p_request_id);
    return 'done';
end
$$;

-- The delivery that is due in the lane whose turn it is; the lane is held until `record` or the end of
-- the hold. No row where nothing is due.
create function claim_webhook_delivery(p_token text, p_hold interval, p_slow_too boolean)
    returns table (
        org_id text, delivery_id text, webhook_id text, url text, payload text, tries integer)
    language plpgsql
as $$
#variable_conflict use_column
declare
    v_org text;
begin
    loop
        select l.org_id into v_org from webhook_lanes l
        where l.next_due <= now() and (l.claimed_until is null or l.claimed_until <= now())
            and (p_slow_too or not l.slow)
        order by l.served_at limit 1
        for no key update skip locked;
        if v_org is null then
            return;
        end if;
        return query
            select v_org, d.id, w.id, w.url, d.payload, d.tries
            from webhooks w
            cross join lateral (
                select * from webhook_deliveries
                where webhook_id = w.id and status = 'pending' and due_at <= now()
                order by due_at, number limit 1) as d
            where w.org_id = v_org and w.active
            order by d.due_at, d.number limit 1;
        if found then
            update webhook_lanes l
            set served_at = now(), claim_token = p_token, claimed_until = now() + p_hold
            where l.org_id = v_org;
            return;
        end if;
        update webhook_lanes l set next_due = next_webhook_due(v_org) where l.org_id = v_org;
    end loop;
end
$$;

-- What came of a try. `p_retry_in` null ends the delivery. False where the lane is not held under the
-- token any more: then another one has taken over and its word counts.
create function record_webhook_attempt(
    p_token text, p_org_id text, p_delivery_id text, p_duration_ms bigint, p_status_code integer,
    p_error text, p_retry_in interval, p_gone boolean)
    returns boolean
    language plpgsql
as $$
declare
    v_claimed_at timestamptz;
    v_delivery   webhook_deliveries;
begin
    select served_at into v_claimed_at
    from webhook_lanes where org_id = p_org_id and claim_token = p_token for no key update;
    if not found then
        return false;
    end if;
    -- What was asked for again while the attempt was under way is due once more, whatever came of it.
    update webhook_deliveries
    set attempts = attempts + 1,
        tries = case when due_at > v_claimed_at then tries else tries + 1 end,
        status = case when due_at > v_claimed_at then 'pending' when p_error is null then 'delivered'
                      when p_retry_in is null then 'failed' else 'pending' end,
        finished_at = case when due_at <= v_claimed_at and (p_error is null or p_retry_in is null)
                           then now() end,
        due_at = case when due_at > v_claimed_at then due_at
                      else now() + coalesce(p_retry_in, interval '0') end
    where id = p_delivery_id
    returning * into v_delivery;
    if found then  -- the webhook was not removed meanwhile
        insert into webhook_attempts (delivery_id, number, duration_ms, status_code, error)
        values (p_delivery_id, v_delivery.attempts, p_duration_ms, p_status_code, p_error);
        if p_gone then
            update webhooks set active = false, disabled_reason = p_error
            where id = v_delivery.webhook_id;
        end if;
    end if;
    update webhook_lanes
    set claim_token = null, claimed_until = null, slow = p_duration_ms > 2000,
        next_due = next_webhook_due(p_org_id)
    where org_id = p_org_id;
    return true;
end
$$;

-- Up to `p_most` deliveries from before `p_before`, whatever became of them.
create function prune_webhook_deliveries(p_before timestamptz, p_most integer) returns integer
    language sql
begin atomic
    with old as (
        select id from webhook_deliveries where created_at < p_before
        order by created_at limit p_most for update skip locked
    ), gone as (
        delete from webhook_deliveries d using old where d.id = old.id returning 1
    )
    select count(*)::integer from gone;
end;

-- Events do not count as messages that wait for the broker when a deployment is accepted: they follow from
-- what was accepted before. Only that one expression changes in the functions that count.
do $$
declare
    v_name text;
    v_old  text;
    v_new  text;
begin
    foreach v_name in array array['accept_deployment', 'redeploy'] loop
        v_old := pg_get_functiondef(v_name::regproc);
        v_new := replace(v_old, 'select from outbox limit', 'select from outbox where not event limit');
        if v_new = v_old then
            raise 'the function % does not count the outbox as expected', v_name;
        end if;
        execute v_new;
    end loop;
end
$$;
