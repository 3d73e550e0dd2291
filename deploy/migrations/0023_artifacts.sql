-- Where the list of a finished site's files is: in the object store, by the digest of the site. A site
-- that was built twice, by whomever, has one.
create table artifacts (
    digest     bytea primary key,  -- deployments.artifact
    manifest   bytea not null,     -- object store
    created_at timestamptz not null default now()
);
