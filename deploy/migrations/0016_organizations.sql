-- Organisations, their members and their plans as owners and operators manage them, and the audit log as
-- both read it (ARCHITECTURE.md: "Who may do what").

-- A limit may be lowered below what is used.
alter table plan_allowances
    drop constraint plan_allowances_check,
    add constraint plan_allowances_used_check check (used >= 0);

-- Answers `done` or `id_taken`.
create function create_organization(
    p_id text, p_name text, p_owner text, p_free_limit integer, p_actor text, p_request_id text)
    returns text
    language plpgsql
as $$
begin
    insert into organizations (id, name) values (p_id, p_name) on conflict do nothing;
    if not found then
        return 'id_taken';
    end if;
    insert into members (org_id, user_id, role) values (p_id, p_owner, 'owner');
    insert into plan_allowances (org_id, plan, deploy_limit) values (p_id, 'free', p_free_limit);
    insert into audit_log (actor, action, subject, request_id, details)
    values (p_actor, 'organization.create', p_id, p_request_id,
            jsonb_build_object('orgId', p_id, 'name', p_name, 'ownerId', p_owner));
    return 'done';
end
$$;

-- Answers `done`, `not_found` or `role_not_sufficient`.
create function rename_organization(
    p_id text, p_name text, p_user_id text, p_everywhere boolean, p_request_id text)
    returns text
    language plpgsql
as $$
declare
    v_role text := role_in(p_id, p_user_id, p_everywhere);
begin
    if v_role is null then
        return 'not_found';
    end if;
    if v_role not in ('owner', 'admin') then
        return 'role_not_sufficient';
    end if;
    update organizations set name = p_name where id = p_id;
    insert into audit_log (actor, action, subject, request_id, details)
    values (p_user_id, 'organization.change', p_id, p_request_id,
            jsonb_build_object('orgId', p_id, 'name', p_name));
    return 'done';
end
$$;

-- Gives a user a role, or with none takes the membership. Only owners make and unmake owners, and one
-- always stays; everybody may leave. Answers `done`, `not_found` (the organisation),
-- `member_not_found`, `role_not_sufficient` or `last_owner`.
create function set_member(
    p_org_id text, p_member text, p_new_role text, p_user_id text, p_everywhere boolean,
    p_request_id text)
    returns text
    language plpgsql
as $$
declare
    v_role text;
    v_old  text;
begin
    perform from organizations where id = p_org_id for no key update;
    v_role := role_in(p_org_id, p_user_id, p_everywhere);
    if v_role is null then
        return 'not_found';
    end if;
    select role into v_old from members where org_id = p_org_id and user_id = p_member;
    if not (p_new_role is null and p_member = p_user_id) and (
        v_role not in ('owner', 'admin')
        or (v_role <> 'owner' and (v_old = 'owner' or p_new_role = 'owner')))
    then
        return 'role_not_sufficient';
    end if;
    if v_old is null and p_new_role is null then
        return 'member_not_found';
    end if;
    if v_old = 'owner' and p_new_role is distinct from 'owner' and not exists (
        select from members where org_id = p_org_id and role = 'owner' and user_id <> p_member)
    then
        return 'last_owner';
    end if;
    if p_new_role is null then
        delete from members where org_id = p_org_id and user_id = p_member;
    else
        insert into members (org_id, user_id, role) values (p_org_id, p_member, p_new_role)
        on conflict (org_id, user_id) do update set role = excluded.role;
    end if;
    insert into audit_log (actor, action, subject, request_id, details)
    values (p_user_id, case when p_new_role is null then 'member.remove' else 'member.set' end,
            p_member, p_request_id,
            jsonb_strip_nulls(jsonb_build_object(
                'orgId', p_org_id, 'role', p_new_role, 'before', v_old)));
    return 'done';
end
$$;

-- What is used stays; a new length of the period counts from the beginning of the present one. Answers
-- `done` or `not_found`.
create function set_plan(
    p_org_id text, p_plan text, p_limit integer, p_period interval, p_actor text,
    p_request_id text)
    returns text
    language plpgsql
as $$
begin
    if not exists (select from organizations where id = p_org_id) then
        return 'not_found';
    end if;
    insert into plan_allowances (org_id, plan, deploy_limit, period)
    values (p_org_id, p_plan, p_limit, p_period)
    on conflict (org_id, plan) do update
    set deploy_limit = excluded.deploy_limit, period = excluded.period;
    insert into audit_log (actor, action, subject, request_id, details)
    values (p_actor, 'plan.set', p_org_id, p_request_id,
            jsonb_build_object('orgId', p_org_id, 'plan', p_plan, 'limit', p_limit,
                               'period', p_period::text));
    return 'done';
end
$$;

-- What an organisation may still deploy, as of now: a period that is over counts as begun anew, though
-- nobody has deployed in it.
create function allowances_of(p_org_id text)
    returns table (plan text, deploy_limit integer, used integer, resets_at timestamptz)
    language sql stable
begin atomic
    select a.plan, a.deploy_limit,
           case when a.period_start + a.period <= now() then 0 else a.used end,
           (select min(starts)
            from generate_series(a.period_start, now() + a.period, a.period) as starts
            where starts > now())
    from plan_allowances a where a.org_id = p_org_id order by a.plan;
end;

-- Whose organisation an entry is about, for those who may read theirs alone.
alter table audit_log add column org_id text;

create function audit_organization(p_action text, p_subject text, p_details jsonb) returns text
    language sql stable
    return coalesce(
        p_details ->> 'orgId',
        (select org_id from deployments
         where id = coalesce(p_details ->> 'deploymentId',
                             case when p_action like 'deployment.%' then p_subject end)));

create function audit_entry_written() returns trigger
    language plpgsql
as $$
begin
    new.org_id := audit_organization(new.action, new.subject, new.details);
    return new;
end
$$;
create trigger audit_entries before insert on audit_log
    for each row execute function audit_entry_written();
update audit_log set org_id = audit_organization(action, subject, details);

create index audit_log_by_org on audit_log (org_id, id);
create index audit_log_by_actor on audit_log (actor, id);
create index audit_log_by_subject on audit_log (subject, id);
