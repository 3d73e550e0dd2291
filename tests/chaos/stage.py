"""Everything a run works with: the platform behind lines that can be cut, on a disk that can be filled."""

import contextlib
import itertools
import os
import pathlib
import secrets
import subprocess
import tempfile
import time

import pika.exceptions
import psycopg2

from faults import WORKERS
from history import ProjectState, Request
from interruption import ignore_interruptions
from platform_under_test import Platform, wait_until
from proxy import Proxy
from small_disk import SmallDisk
from supervisor import Supervisor
from watch import PageWatch, StateWatch

QUEUE = "deployment-queue"
ENVIRONMENT = {
    # A fault of a few seconds must not use up all attempts: they come at once, after 3 s and after 12 s more.
    "RETRY_BASE_MS": "3000",
    # Builds are handed back when a worker is restarted.
    "SHUTDOWN_GRACE_MS": "2000",
    # The usual limit of the fleet, which deployments of dead workers count against.
    "MAX_CONCURRENT_DEPLOYMENTS": "5",
    # A few sandboxes have to fit on the small disk.
    "SANDBOX_DISK_MB": "128",
    # What happens when a disk is full, not how that is kept from happening.
    "DISK_WATERMARK_PERCENT": "100",
    # The checker looks for the release of everything that was completed.
    "RELEASES_KEPT": "10000",
}


class Stage:
    """`load` and `phase` are those of the phase under way."""

    def __init__(self, logs, say):
        self.say = say
        self.load = self.phase = None
        self._run = secrets.token_hex(3)
        self._numbers = itertools.count(1)
        self._projects = {}
        self._cleanup = contextlib.ExitStack()
        try:
            self._build(logs)
        except BaseException:
            self.close()
            raise

    def _build(self, logs):
        scratch = tempfile.mkdtemp(prefix="libra-chaos-", dir=os.environ["LIBRA_TEST_STATE"])
        folder = pathlib.Path(scratch)
        folder.chmod(0o755)
        self._cleanup.callback(folder.rmdir)
        self.disk = SmallDisk(folder / "disk")
        self._cleanup.callback(self.disk.close)
        self.platform = Platform(folder / "disk", logs=logs, workers=WORKERS, **ENVIRONMENT)
        self._cut_in()
        # Ends after the programs, which end with the thread that started them.
        self.supervisor = Supervisor([self.platform.gateway, *self.platform.workers], self.say)
        self._cleanup.callback(self.supervisor.close)
        self._cleanup.callback(self._stop_platform)
        self.platform.start()
        self.supervisor.watch()
        self.states = StateWatch(self.platform.database_url())
        self._cleanup.callback(self.states.close)
        self.pages = PageWatch(self.platform.static_host, lambda: self.phase.fault)
        self._cleanup.callback(self.pages.close)
        self.wait_for_consumers()

    def _cut_in(self):
        """The services reach PostgreSQL and RabbitMQ through lines of ours, gateway and workers apart."""
        self._lines = {}
        for service in ("postgres", "rabbitmq"):
            variable = f"LIBRA_{service.upper()}_PORT"
            for side, programs in (("gateway", [self.platform.gateway]), ("workers", self.platform.workers)):
                line = Proxy(int(self.platform.environment[variable]))
                self._cleanup.callback(line.close)
                self._lines[service, side] = line
                for program in programs:
                    program.environment[variable] = str(line.port)

    def close(self):
        """Ends everything, in whatever state it is."""
        ignore_interruptions()
        for line in getattr(self, "_lines", {}).values():
            line.set("pass")
        if hasattr(self, "supervisor") and self.supervisor.rest():
            with contextlib.suppress(AssertionError):
                self.wait_for_consumers()
        self._cleanup.close()

    def _stop_platform(self):
        # The database and the virtual host may not have been made yet; they end with the services.
        with contextlib.suppress(subprocess.CalledProcessError, psycopg2.Error):
            self.platform.stop()

    def lines(self, service, side):
        return [line for (s, whose), line in self._lines.items() if s == service and side in (whose, "all")]

    # -- projects

    def project(self, site):
        if site not in self._projects:
            project = self.platform.new_project(free_deployments=1_000_000)
            self.pages.add(project)
            self._projects[site] = project
        return self._projects[site]

    def prepare(self, phase):
        for posting in phase.postings + phase.spares:
            self.project(posting.site)

    def retire_stuck_projects(self):
        """A project whose deployment does not end is of no use to later phases: they get another one."""
        for site, project in list(self._projects.items()):
            if self.states.busy(project.id):
                del self._projects[site]

    def new_request(self, fault, project, on_conflict):
        return Request(fault, project.id, f"{self._run}-{next(self._numbers)}", on_conflict)

    def project_states(self):
        """What each project and its site look like now."""
        rows = self.platform.sql(
            "select p.id, p.live_deployment, p.live_generation, a.used, "
            "(select count(*) from quota_takes t where t.org_id = p.org_id and t.refunded_at is null), "
            "exists (select from deployments d where d.project_id = p.id "
            "        and d.status in ('queued', 'in_progress')) "
            "from projects p join plan_allowances a on a.org_id = p.org_id"
        )
        hosts = {project.id: project for project in self._projects.values()}
        return [
            ProjectState(
                self.phase.fault, id, time.time(), self.pages.page(hosts[id]), live, generation, used, taken, busy
            )
            for id, live, generation, used, taken, busy in rows if id in hosts
        ]

    # -- health

    def wait_for_consumers(self, seconds=60):
        """Until all workers are there again."""
        wait_until(lambda: self.consumers() == WORKERS, seconds, "all workers consume")

    def consumers(self):
        try:
            with self.platform.amqp() as connection:
                return connection.channel().queue_declare(QUEUE, passive=True).method.consumer_count
        except (pika.exceptions.AMQPError, OSError):
            return 0

    def healthy(self):
        return self.consumers() == WORKERS and self.platform.ready()
