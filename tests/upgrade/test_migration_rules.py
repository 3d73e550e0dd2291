"""The migrations since the previous version, which has to go on beside them."""

import pytest

from migration_rules import MIGRATIONS, PreviousVersion, breaches, check

NAMED = {"deployments", "status", "outbox", "note_use", "outbox_ready"}


@pytest.fixture(scope="module")
def previous():
    return PreviousVersion()


def test_the_previous_version_can_live_with_every_migration_since(previous):
    assert check(previous=previous) == []


def test_the_previous_version_is_known_by_its_code_and_its_migrations(previous):
    assert {"deployments", "lease_until", "outbox"} <= previous.words
    assert "0001_initial.sql" in previous.migrations


def test_a_migration_that_has_been_released_is_changed_or_lost_by_nobody(previous, tmp_path):
    for file in MIGRATIONS.glob("*.sql"):
        (tmp_path / file.name).write_bytes(file.read_bytes())
    (tmp_path / "0002_recovery.sql").write_text("select 1;")
    (tmp_path / "0003_dead_letters.sql").unlink()

    assert check(tmp_path, previous) == [
        "0002_recovery.sql is not what the previous version has applied", "0003_dead_letters.sql is gone"]


@pytest.mark.parametrize("sql", [
    "drop table deployments;",
    "drop table if exists public.deployments cascade;",
    "DROP FUNCTION note_use(bytea, boolean);",
    "drop index concurrently outbox_ready;",
    "alter table anything drop column status;",
    "alter table anything drop column\n  if exists status;",
    "alter table anything rename column status to state;",
    "alter table anything rename status to state;",
    "alter table outbox rename to letters;",
    "alter table anything alter column status type integer;",
    "alter table anything alter status set data type integer;",
    "alter table deployments alter column color set not null;",
    "alter table deployments alter column color drop default;",
    "alter table deployments add column color text not null;",
    "alter table deployments add column a text, add column b numeric(3, 2) not null;",
    "alter table deployments add constraint few check (attempt < 9);",
    "alter table deployments add check (attempt < 9);",
    "alter table deployments add foreign key (a) references b;",
    "create unique index on deployments (project_id);",
    "create unique index concurrently if not exists x on outbox (id) where sent;",
])
def test_what_the_previous_version_cannot_live_with_is_found(sql):
    assert len(breaches(sql, NAMED)) == 1


@pytest.mark.parametrize("sql", [
    "create table colors (id text primary key, name text not null unique);",
    "alter table colors add column shade text not null;",
    "alter table deployments add column color text;",
    "alter table deployments add column color text not null default 'red' check (color <> '');",
    "create index deployments_by_color on deployments (color);",
    "drop table colors; alter table deployments drop column color;",
    "alter table deployments drop constraint few;",
    "create or replace function note_use(a bytea) returns void language sql as $$ drop table outbox; $$;",
    "-- drop table outbox;\n/* drop table outbox; */ select 'drop table outbox;';",
    "insert into outbox (status) values ('rename status to state');",
])
def test_what_the_previous_version_does_not_notice_is_left_alone(sql):
    assert breaches(sql, NAMED) == []
