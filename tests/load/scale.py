"""How many deployments a number of workers makes: what ./dev bench scale measures.

All deployments wait before the first worker starts, and none needs a build: what is measured is how fast
they are taken, made and written down. That ends where PostgreSQL cannot commit more, and where the machine
has no more processors."""

import concurrent.futures
import os
import time

from measurement import Measurement
from pgbench import statement_load
from platform_under_test import Platform, wait_until
from samples import plain_site

PARTS = ("1", "2", "4")  # workers
SHARE = 0.8  # of what so many workers could make
COMMIT = "insert into commits (note) values ('one row, one commit');"
PATIENCE_S = 900


def say(text):
    print(text, flush=True)


def measure(options, folder):
    measured = []
    for workers in map(int, options.only):
        below = folder / f"workers-{workers}"
        below.mkdir(mode=0o755)
        measured.append(Fleet(below, workers, options).measure())
    return [row(fleet, measured[0]) for fleet in measured]


class Fleet:
    def __init__(self, folder, workers, options):
        self.workers = workers
        self.sites = options.sites
        self._seconds = options.seconds
        self._platform = Platform(
            folder, workers=workers, LOG_LEVEL="warning", RATE_LIMIT_PER_ADDRESS="0", RATE_LIMIT_PER_PRINCIPAL="0",
            DEPLOY_RATE_LIMIT="0",
        )

    def measure(self):
        say(f"{self.sites} sites without a build, workers: {self.workers} …")
        programs, self._platform.workers = self._platform.workers, []
        try:
            self._platform.start()
            self.commit_rate = self._commit_rate()
            self._deploy_all()
            written, worked, began = self._transactions(), processor_seconds(), time.monotonic()
            self._platform.workers = programs
            for worker in programs:
                worker.start()
            wait_until(lambda: self._unfinished() == 0, PATIENCE_S, "all deployments are done")
            self.busy = (processor_seconds() - worked) / (time.monotonic() - began) / os.cpu_count()
            self.commits = (self._transactions() - written) / self.sites
            ((failed, seconds),) = self._platform.sql(
                "select count(*) filter (where status <> 'completed'),"
                " extract(epoch from max(finished_at) - min(started_at)) from deployments"
            )
            assert failed == 0, f"{failed} deployments failed"
            self.rate = self.sites / float(seconds)
            return self
        finally:
            self._platform.stop()

    def _commit_rate(self):
        """Of as many sessions as there are workers, with nothing else to do."""
        self._platform.sql("create table commits (id bigserial primary key, note text)")
        rate = statement_load(self._platform.database_url(), COMMIT, self.workers, self._seconds).rate
        self._platform.sql("drop table commits")
        return rate

    def _deploy_all(self):
        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            list(pool.map(self._deploy, range(self.sites)))

    def _deploy(self, number):
        self._platform.deploy(self._platform.new_project(), plain_site(str(number)))

    def _unfinished(self):
        time.sleep(0.5)  # counting costs the database something too
        ((count,),) = self._platform.sql("select count(*) from deployments where finished_at is null")
        return count

    def _transactions(self):
        """So far, of those that wrote something."""
        ((number,),) = self._platform.sql("select pg_current_xact_id()::text::bigint")
        return number


def processor_seconds():
    """What all processors of the machine have worked."""
    with open("/proc/stat", encoding="ascii") as file:
        user, nice, system, _, _, interrupt, soft, *_ = map(int, file.readline().split()[1:])
    return (user + nice + system + interrupt + soft) / os.sysconf("SC_CLK_TCK")


def row(fleet, least):
    """The goal: in proportion to the workers, as long as PostgreSQL could commit so much and the machine has
    processors left."""
    commits = fleet.commit_rate / fleet.commits
    possible = min(fleet.workers / least.workers, commits / least.rate, max(1.0, 1 / least.busy))
    return Measurement(
        f"workers: {fleet.workers}; commits a deployment: {fleet.commits:.0f}, {100 * fleet.rate / commits:.0f} % of"
        f" PostgreSQL's {fleet.commit_rate:.0f}/s; processors busy: {100 * fleet.busy:.0f} %",
        f"{fleet.rate:.1f}/s", f"{least.rate:.1f}/s", fleet.rate / least.rate, round(SHARE * possible, 2),
        at_least=True,
    )
