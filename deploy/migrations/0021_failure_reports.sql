-- What is known of a failed deployment beyond its code (ARCHITECTURE.md: "Failures explained"). Shown
-- only while it is failed; a redrive leaves it to the next failure to write it anew.
alter table deployments add column failure_report jsonb;
