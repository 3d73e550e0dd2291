-- As before, but in a language that keeps its plans for the session: with each statement that called it,
-- SQL was read and planned anew, which cost as much as two thirds of accepting a deployment.
create or replace function note_use(p_digest bytea, p_is_session boolean) returns void
    language plpgsql
as $$
begin
    if p_is_session then
        return;
    end if;
    perform from tokens
    where digest = p_digest
        and coalesce(last_used_at, '-infinity') <= now() - interval '5 minutes'
    for no key update skip locked;
    if found then
        update tokens set last_used_at = now() where digest = p_digest;
    end if;
end
$$;
