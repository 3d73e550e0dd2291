-- Brings a restored database and the files beside it, which were copied a little later, in line.

-- The files may have seen tickets of after the dump, and would refuse every switch until the sequence
-- has passed them.
select setval('switch_tickets', nextval('switch_tickets') + 1000000000);

-- A site may show what went live after the dump: workers make each name serve what the database says.
insert into site_changes (name)
select site_label from projects where site_label is not null
union
select hostname from domains
on conflict do nothing;

-- The queue is not restored. Whoever waited is announced again by the rescuer.
update outbox set claim_token = null, claimed_until = null;
