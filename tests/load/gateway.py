"""The speed of the API: what ./dev bench gateway measures."""

import contextlib
import dataclasses
import hashlib
import os
import pathlib
import signal
import socket
import statistics
import subprocess
import time

import psycopg2

from measurement import Measurement
from pgbench import statement_load
from platform_under_test import Platform, free_port, listens, wait_until
from wrk import load

PARTS = ("health", "post-deploy", "deploy-status", "idle", "streams")
TOKEN = "bench-" + "0" * 40
ROUNDS = 3  # of load and baseline in turn: the median of the ratios counts
PROJECTS_A_SECOND = 6000  # more than a machine like this accepts
IDLE_CONNECTIONS = 5000
STREAMS = 1000
IDLE_CONNECTION_KB = 8
STREAM_KB = 16
LOADED_MEMORY_MB = 40
ENDED_DEPLOYMENTS = 10_000  # there before any load: the plans for an empty table are not those of a used one
BATCH = 500_000

ACCEPT = """\
select verdict, accepted_at, blocking_id, earlier_id, missing, waiting, recent from accept_deployment(
    sha256('{token}'), false, md5(random()::text || clock_timestamp()), '{prefix}' || nextval('bench_projects'),
    'bench', 'bench',
    '{{"projectId":"bench","orgId":"bench","userId":"bench","initFiles":[{{"path":"index.html","content":"<!doctype html><title>bench</title><h1>Hello</h1>"}}]}}',
    'bench', 'reject', null, 'deployment', 'deployment-queue', null, false, null);
"""


def say(text):
    print(text, flush=True)


def measure(options, folder):
    measurements = []
    # Nobody takes the deployments: how fast they are built is another question.
    platform = Platform(folder, workers=0, LOG_LEVEL="warning", RATE_LIMIT_PER_ADDRESS="0",
                        RATE_LIMIT_PER_PRINCIPAL="0", DEPLOY_RATE_LIMIT="0", MAX_CONNECTIONS="8192",
                        MAX_CONNECTIONS_PER_ADDRESS="8192", MAX_EVENT_STREAMS_PER_USER=str(STREAMS))
    try:
        platform.start()
        bench = Bench(platform, options)
        for part in options.only:
            measurements += getattr(bench, part.replace("-", "_"))()
    finally:
        platform.stop()
    return measurements


class Bench:
    def __init__(self, platform, options):
        self._platform = platform
        self._seconds = options.seconds
        self._deployments = options.deployments
        self._seeded = 0
        platform.sql("create sequence bench_projects")
        platform.sql("insert into organizations (id, name) values ('bench', 'Bench')")
        platform.sql("insert into members (org_id, user_id, role) values ('bench', 'bench', 'member')")
        platform.sql(
            "insert into tokens (digest, user_id, scopes) values (%s, 'bench', '{deploy}')",
            hashlib.sha256(TOKEN.encode()).digest(),
        )

    # -- GET /health against a bare Beast loop

    def health(self):
        say("GET /health …")
        pairs = []
        with bare_beast() as bare:
            for _ in range(ROUNDS):
                baseline = load(bare, 32, self._seconds)
                pairs.append((load(self._platform.url + "/health", 32, self._seconds), baseline))
        return [rate("GET /health, 32 connections, beside a bare Beast loop", pairs, 0.8)]

    # -- POST /deploy against the same statement by pgbench

    def post_deploy(self):
        measurements = []
        for connections in (32, 256):
            say(f"POST /deploy, {connections} connections …")
            pairs = []
            for _ in range(ROUNDS):
                baseline = self._accept_by_pgbench()
                measured = self._post(connections)
                if measured.refused:
                    raise AssertionError(f"{measured.refused} requests were not accepted")
                pairs.append((measured, baseline))
            what = f"POST /deploy, {connections} connections, beside pgbench with 16 clients"
            measurements += [
                rate(what, pairs, 0.7),
                latency(f"{what}: p99", pairs, lambda one: one.p99_ms, 3.0),
            ]
        peak = peak_memory_mb(self._platform.gateway.process.pid)
        measurements.append(Measurement(
            "memory of the gateway under this load, at its peak", f"{peak:.1f} MB", f"{LOADED_MEMORY_MB} MB",
            peak / LOADED_MEMORY_MB, 1.0,
        ))
        return measurements

    def _post(self, connections):
        """What counts as accepted is also published: the rate is that of both."""
        self._start_anew()
        accepted = load(self._platform.url, connections, self._seconds, "post_deploy.lua", [TOKEN, "bench-", 1])
        began = time.monotonic()
        wait_until(lambda: self._platform.sql("select count(*) from outbox") == [(0,)], 60, "all is published")
        late = time.monotonic() - began
        return dataclasses.replace(accepted, rate=accepted.rate * self._seconds / (self._seconds + late))

    def _accept_by_pgbench(self):
        self._start_anew()
        self._platform.sql("alter sequence bench_projects restart")
        statement = ACCEPT.format(token=TOKEN, prefix="bench-")
        with paused(self._platform.gateway.process):  # it would publish what it finds
            return statement_load(self._platform.database_url(), statement, 16, self._seconds)

    def _start_anew(self):
        """As many projects as the load may take, none with an active deployment, and an empty queue."""
        self._platform.sql("truncate deployments, outbox cascade")
        with self._platform.amqp() as broker:
            broker.channel().queue_purge("deployment-queue")
        self._seed_projects(PROJECTS_A_SECOND * self._seconds)
        self._fill(ENDED_DEPLOYMENTS)
        self._administer("vacuum analyze")
        self._administer("checkpoint")

    def _seed_projects(self, wanted):
        if self._seeded < wanted:
            self._platform.sql(
                "insert into projects (id, org_id, name, site_label)"
                " select 'bench-' || i, 'bench', 'bench', 'bench-' || i from generate_series(%s, %s) i",
                self._seeded + 1, wanted,
            )
            self._seeded = wanted

    # -- GET /deploy-status with few and with many deployments

    def deploy_status(self):
        self._platform.sql("truncate deployments, outbox cascade")
        self._seed_projects(1000)
        few, many = 10_000, self._deployments
        loads = {}
        with bare_beast() as bare:
            for count in (few, many):
                self._fill(count)
                say(f"GET /deploy-status, {count} deployments …")
                pairs = []
                for _ in range(ROUNDS):
                    baseline = load(bare, 16, self._seconds)
                    asked = load(self._platform.url, 16, self._seconds, "deploy_status.lua", [count])
                    if asked.refused:
                        raise AssertionError(f"{asked.refused} deployments were not found")
                    pairs.append((asked, baseline))
                # The machine may be another one by now; what a bare loop does on it is the measure.
                loads[count] = statistics.median(a.p50_ms / b.p50_ms for a, b in pairs), pairs
        self._platform.sql("truncate deployments, outbox cascade")
        return [Measurement(
            f"GET /deploy-status, 16 connections, {many:,} deployments beside {few:,}: p50",
            f"{statistics.median(a.p50_ms for a, _ in loads[many][1]):.2f} ms",
            f"{statistics.median(a.p50_ms for a, _ in loads[few][1]):.2f} ms",
            loads[many][0] / loads[few][0], 1.2,
        )]

    def _fill(self, count):
        """Ended deployments with the ids 1 to `count` in hexadecimal; only the rows, as triggers and
        foreign keys would take hours."""
        there = self._platform.sql("select count(*) from deployments")[0][0]
        while there < count:
            upto = min(count, there + BATCH)
            self._administer(
                "set session_replication_role = replica; insert into deployments"
                " (id, project_id, org_id, user_id, caller_id, params, generation, status, request_id, url,"
                "  created_at, started_at, finished_at)"
                " select lpad(to_hex(i), 32, '0'), 'bench-' || (i % 1000 + 1), 'bench', 'bench', 'bench', '{}', -i,"
                " 'completed', 'bench', 'http://bench.localhost/', t, t, t + interval '5 seconds'"
                f" from (select i, now() - i * interval '1 second' as t from generate_series({there + 1}, {upto}) i) x"
            )
            there = upto
            if count > BATCH:
                say(f"  {there:,} deployments")
        self._administer("vacuum analyze deployments")
        self._administer("checkpoint")

    def _administer(self, statement):
        base = os.environ["LIBRA_TEST_POSTGRES_URL"].rsplit("/", 1)[0]
        connection = psycopg2.connect(f"{base}/{self._platform.database}")
        connection.autocommit = True
        connection.cursor().execute(statement)
        connection.close()

    # -- what a connection costs

    def idle(self):
        say(f"{IDLE_CONNECTIONS} idle connections …")
        process = self._fresh_gateway()
        before = memory_kb(process)
        with contextlib.ExitStack() as held:
            for _ in range(IDLE_CONNECTIONS):
                client = held.enter_context(socket.create_connection(("127.0.0.1", self._platform.port), timeout=10))
                client.sendall(b"GET /livez HTTP/1.1\r\nHost: bench\r\n\r\n")
                if not client.recv(4096).startswith(b"HTTP/1.1 200"):
                    raise AssertionError("a connection was refused")
            each = (memory_kb(process) - before) / IDLE_CONNECTIONS
        return [memory_of_each(f"one of {IDLE_CONNECTIONS} idle connections", each, IDLE_CONNECTION_KB)]

    def streams(self):
        """Each watches a deployment of its own that waits, and has had its first event."""
        say(f"{STREAMS} streams of events …")
        self._start_anew()
        self._platform.sql(
            "insert into deployments (id, project_id, org_id, user_id, caller_id, params, generation, request_id)"
            " select lpad(to_hex(%s + i), 32, '0'), 'bench-' || i, 'bench', 'bench', 'bench', '{}', 0, 'bench'"
            " from generate_series(1, %s) i", ENDED_DEPLOYMENTS, STREAMS,
        )
        process = self._fresh_gateway()
        before = memory_kb(process)
        with contextlib.ExitStack() as held:
            for number in range(1, STREAMS + 1):
                client = held.enter_context(socket.create_connection(("127.0.0.1", self._platform.port), timeout=10))
                path = f"/deployments/{ENDED_DEPLOYMENTS + number:032x}/events"
                client.sendall(f"GET {path} HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer {TOKEN}\r\n\r\n".encode())
                received = b""
                while b"event: state" not in received:
                    piece = client.recv(4096)
                    if not piece or not received.startswith(b"HTTP/1.1 200"[:len(received)]):
                        raise AssertionError(f"a stream was refused: {received.decode()}")
                    received += piece
            each = (memory_kb(process) - before) / STREAMS
        return [memory_of_each(f"one of {STREAMS} streams of events", each, STREAM_KB)]

    def _fresh_gateway(self):
        """Its process: one that has not been under load has nothing set aside that connections could use."""
        gateway = self._platform.gateway
        gateway.stop()
        gateway.start()
        wait_until(lambda: gateway.running() and self._platform.ready(), 60, "the gateway is ready again")
        return gateway.process.pid


def memory_of_each(what, each, goal):
    return Measurement(f"memory of {what}", f"{each:.1f} kB", f"{goal} kB", each / goal, 1.0)


def rate(what, pairs, goal):
    return Measurement(
        what, f"{statistics.median(a.rate for a, _ in pairs):.0f}/s",
        f"{statistics.median(b.rate for _, b in pairs):.0f}/s",
        statistics.median(a.rate / b.rate for a, b in pairs), goal, at_least=True,
    )


def latency(what, pairs, of, goal):
    return Measurement(
        what, f"{statistics.median(of(a) for a, _ in pairs):.1f} ms",
        f"{statistics.median(of(b) for _, b in pairs):.1f} ms",
        statistics.median(of(a) / of(b) for a, b in pairs), goal,
    )


@contextlib.contextmanager
def bare_beast():
    port = free_port()
    program = pathlib.Path(os.environ["LIBRA_BUILD_DIR"]) / "tests/load/bare_beast"
    process = subprocess.Popen([program, str(port)])
    try:
        wait_until(lambda: listens(port), 10, "the bare loop listens")
        yield f"http://127.0.0.1:{port}/"
    finally:
        process.terminate()
        process.wait(10)


@contextlib.contextmanager
def paused(process):
    process.send_signal(signal.SIGSTOP)
    try:
        yield
    finally:
        process.send_signal(signal.SIGCONT)


def _status_kb(process, name):
    for line in pathlib.Path(f"/proc/{process}/status").read_text().splitlines():
        if line.startswith(name + ":"):
            return int(line.split()[1])
    raise AssertionError(f"no {name} of process {process}")


def memory_kb(process):
    return _status_kb(process, "VmRSS")


def peak_memory_mb(process):
    return _status_kb(process, "VmHWM") / 1024
