-- The trace that brought a deployment about, as headers of W3C Trace Context. Whatever is sent because of the
-- deployment has them: each announcement, its retries, rescues and dead letters.

-- Who accepts a deployment says for the transaction to which trace the next one belongs, so no function on the
-- way has to hand it on. Without that word, as from a service of an earlier version, there is none.
alter table deployments add column trace jsonb;
alter table deployments alter column trace
    set default nullif(current_setting('libra.trace', true), '')::jsonb;

-- The deployment `p_id`, which is about to be accepted, belongs to that trace; an empty text for none. @return `p_id`.
create function in_trace(p_id text, p_traceparent text, p_tracestate text) returns text
    language plpgsql
as $$
begin
    perform set_config(
        'libra.trace',
        case when p_traceparent = '' then ''
             else jsonb_strip_nulls(jsonb_build_object(
                 'traceparent', p_traceparent, 'tracestate', nullif(p_tracestate, '')))::text
        end,
        true);
    return p_id;
end
$$;

create function carry_trace() returns trigger
    language plpgsql
as $$
begin
    new.headers := coalesce(
        (select trace from deployments where id = new.deployment_id), '{}') || new.headers;
    return new;
end
$$;
create trigger outbox_in_trace before insert on outbox
    for each row when (new.deployment_id is not null) execute function carry_trace();
