-- A poison message that comes again after its letter was resolved is a new letter: what was decided about
-- the first stays on record.
drop index dead_letters_poison;
create unique index dead_letters_poison on dead_letters (message_digest)
    where deployment_id is null and state = 'open';

create or replace function file_poison(
    p_message bytea, p_reason text, p_exchange text, p_routing_key text)
    returns void
    language plpgsql
as $$
declare
    v_id bigint;
begin
    insert into dead_letters (failure_class, reason, message, message_digest)
    values ('poison', p_reason, p_message, sha256(p_message))
    on conflict (message_digest) where deployment_id is null and state = 'open' do nothing
    returning id into v_id;
    if v_id is not null then
        perform send_letter_copy(v_id, p_exchange, p_routing_key);
    end if;
end
$$;

-- As before, but whoever is no member of the organisation does not learn that the deployment exists.
create or replace function cancel_deployment(
    p_digest bytea, p_is_session boolean, p_id text, p_request_id text, p_exchange text,
    p_routing_key text)
    returns text
    language plpgsql
as $$
declare
    v_caller  text;
    v_service boolean;
    v_scopes  text[];
    v_role    text;
    v_project text;
    v_org     text;
    v_verdict text;
begin
    select user_id, service, scopes into v_caller, v_service, v_scopes
    from principal_of(p_digest, p_is_session);
    if v_caller is null then
        return 'unauthenticated';
    end if;
    if not v_scopes && '{deploy,admin}' then
        return 'missing_scope';
    end if;
    select project_id, org_id into v_project, v_org from deployments where id = p_id;
    if v_project is null then
        return 'not_found';
    end if;
    if not v_service and not 'admin' = any (v_scopes) then
        select role into v_role from members where org_id = v_org and user_id = v_caller;
        if v_role is null then
            return 'not_found';
        end if;
        if v_role = 'viewer' then
            return 'role_may_not_deploy';
        end if;
    end if;

    perform from projects where id = v_project for no key update;
    v_verdict := request_cancel(
        p_id, 'cancelled', 'Cancelled on request.', p_exchange, p_routing_key);
    if v_verdict in ('cancelled', 'cancelling') then
        insert into audit_log (actor, action, subject, request_id)
        values (v_caller, 'deployment.cancel', p_id, p_request_id);
    end if;
    return v_verdict;
end
$$;
