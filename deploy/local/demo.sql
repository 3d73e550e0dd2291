-- The demo organisation of `./dev up`, for psql. Idempotent. Variables: token_digest and
-- session_digest, the SHA-256 of the credentials in hexadecimal.
begin;
insert into organizations (id, name) values ('demo-org', 'Demo') on conflict do nothing;
insert into members (org_id, user_id, role) values ('demo-org', 'demo-user', 'owner')
    on conflict do nothing;
insert into plan_allowances (org_id, plan, deploy_limit)
    values ('demo-org', 'free', 100), ('demo-org', 'paid', 100000) on conflict do nothing;
insert into projects (id, org_id, name, site_label) values ('demo', 'demo-org', 'Demo', 'demo')
    on conflict do nothing;
insert into tokens (digest, user_id, name, scopes)
    values (decode(:'token_digest', 'hex'), 'demo-user', 'dev env', '{admin,deploy}')
    on conflict do nothing;
-- Whoever runs the stack operates it.
update tokens set service = true where digest = decode(:'token_digest', 'hex');
insert into sessions (digest, user_id, expires_at)
    values (decode(:'session_digest', 'hex'), 'demo-user', now() + interval '10 years')
    on conflict do nothing;
commit;
