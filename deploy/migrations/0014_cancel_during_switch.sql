-- As before, but a deployment that may be seen already, because its switch was begun and not finished,
-- is not cancelled until whoever restores the site has done so (RescueStore::restore_sites).
create or replace function request_cancel(
    p_id text, p_code text, p_reason text, p_exchange text, p_routing_key text)
    returns text
    language plpgsql
as $$
declare
    v         deployments;
    v_project projects;
begin
    select * into v from deployments where id = p_id for no key update;
    if v.status = 'cancelled' then
        return 'cancelled';
    end if;
    if v.status in ('completed', 'failed') then
        return 'finished';
    end if;
    select * into v_project from projects where id = v.project_id;
    if v_project.live_deployment = p_id then
        return 'live';
    end if;
    if (v.status = 'in_progress' and v.lease_until > now()) or v_project.switching = p_id then
        update deployments
        set cancel_requested = true, cancel_code = coalesce(cancel_code, p_code),
            cancel_reason = coalesce(cancel_reason, p_reason), updated_at = now()
        where id = p_id;
        return 'cancelling';
    end if;
    perform end_as_cancelled(p_id, p_code, p_reason, p_exchange, p_routing_key);
    return 'cancelled';
end
$$;
