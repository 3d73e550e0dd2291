-- What a deployment's site was built from: its files, settings, variables and toolchain (ARCHITECTURE.md:
-- "What a build need not do again"). A later deployment of the project with the same key takes its release.
alter table deployments add column build_key bytea;
create index deployments_by_build_key on deployments (project_id, build_key)
    where build_key is not null;
