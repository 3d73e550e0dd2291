-- When each of the project's variables was set, as a build found them; to tell later which have changed.
-- Never a value, nor anything made of one.
alter table deployments add column variable_versions jsonb;
