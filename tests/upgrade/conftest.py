"""Both versions on one platform: the fixtures are those of the end-to-end tests."""

import importlib.util
import os
import pathlib
import sys

import psycopg2
import pytest

E2E = pathlib.Path(__file__).resolve().parents[1] / "e2e"
sys.path.insert(0, str(E2E))

# By its path: two modules cannot both be named conftest.
_specification = importlib.util.spec_from_file_location("e2e_fixtures", E2E / "conftest.py")
_e2e = importlib.util.module_from_spec(_specification)
_specification.loader.exec_module(_e2e)
scratch = _e2e.scratch
pytest_runtest_makereport = _e2e.pytest_runtest_makereport

from migration_rules import MIGRATIONS, PreviousVersion, checksum  # noqa: E402  (after the path is set)
from platform_under_test import Platform, free_port, wait_until  # noqa: E402

BUILD = pathlib.Path(os.environ.get("LIBRA_BUILD_DIR", E2E.parents[1] / "build" / "dev"))
PREVIOUS = BUILD / "previous" / "build" / "dev"  # see previous_version.py


class OldPlatform(Platform):
    """With the schema of the previous version. It is made of our files, since a migration may have been
    corrected for a PostgreSQL on which it would fail as it was; it is known by what it was."""

    def make_schema(self):
        connection = psycopg2.connect(self.database_url())
        with connection, connection.cursor() as cursor:
            cursor.execute("set role libra")
            cursor.execute(
                "create table schema_migrations (version integer primary key, name text not null,"
                " checksum text not null, applied_at timestamptz not null default now())"
            )
            for name, kept in sorted(PreviousVersion().migrations.items()):
                cursor.execute((MIGRATIONS / name).read_text())
                cursor.execute(
                    "insert into schema_migrations values (%s, %s, %s)",
                    (int(name[:4]), name.removesuffix(".sql"), checksum(kept)),
                )
        connection.close()


class Version:
    """The gateway and a worker of one version. The worker is not started."""

    def __init__(self, platform, name, gateway, url, build):
        self.platform = platform
        self.gateway = gateway
        self.url = url
        self.worker = platform.extra_worker(name)
        for program in (self.gateway, self.worker):
            program.environment["LIBRA_BUILD_DIR"] = str(build)

    def asked(self):
        """The platform, with this version's gateway to answer."""
        self.platform.url = self.url
        return self.platform

    def start_worker(self):
        """And waits until it takes deployments."""
        lives = self._ready_lives()
        self.worker.start()
        wait_until(lambda: self.worker.running() and self._ready_lives() > lives, 60, "the worker is ready")

    def _ready_lives(self):
        log = self.worker.log_path
        return log.read_text().count("worker ready") if log.exists() else 0

    def start_gateway(self):
        self.gateway.start()
        wait_until(lambda: self.gateway.running() and self.asked().ready(), 120, "the gateway is ready")


@pytest.fixture(scope="session")
def platform(scratch):
    """One that the previous version alone has made, and is serving."""
    platform = OldPlatform(scratch, workers=0)
    platform.gateway.environment["LIBRA_BUILD_DIR"] = str(PREVIOUS)
    try:
        platform.start()
        yield platform
    finally:
        platform.stop()


@pytest.fixture(scope="session")
def old(platform):
    version = Version(platform, "old", platform.gateway, platform.url, PREVIOUS)
    yield version
    version.worker.stop()


@pytest.fixture(scope="session")
def new(platform, old):
    """Its gateway has been started, after the old worker had deployed a site."""
    project = platform.new_project()
    old.worker.start()
    assert platform.deploy_and_wait(project, {"index.html": "made before"})["status"] == "completed"
    old.worker.stop()
    port = free_port()
    version = Version(platform, "new", platform.extra_gateway("new", port), f"http://127.0.0.1:{port}", BUILD)
    version.first_project = project
    version.start_gateway()
    yield version
    version.worker.stop()
    version.gateway.stop()


@pytest.fixture(params=["old to new", "new to old"])
def one_and_other(request, old, new):
    return (old, new) if request.param == "old to new" else (new, old)
