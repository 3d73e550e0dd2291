-- What deployments were, page by page (ARCHITECTURE.md: "History").

alter table deployments
    -- Why it exists: deploy, retry, promote or rollback.
    add column kind              text not null default 'deploy'
        check (kind in ('deploy', 'retry', 'promote', 'rollback')),
    -- What it was made from; none for a `deploy`.
    add column source_deployment text,
    add constraint deployments_source_check check ((kind = 'deploy') = (source_deployment is null));

-- One for each way a page is asked for: by organisation or project (deployments_by_project), and within
-- these by status.
create index deployments_by_org on deployments (org_id, created_at desc, id desc);
create index deployments_by_org_status on deployments (org_id, status, created_at desc, id desc);
create index deployments_by_project_status
    on deployments (project_id, status, created_at desc, id desc);
-- The organisations of a user.
create index members_by_user on members (user_id);
