"""A platform with small sandboxes, and a build that tries every door of one: made once for all files here."""

import base64
import gzip
import json
import os
import pathlib
import secrets
import subprocess

import pytest

from hostile import GVISOR, LIMITS
from listeners import Listeners
from platform_under_test import Platform, wait_until
from samples import scripted_build

HERE = pathlib.Path(__file__).resolve().parent


@pytest.fixture(scope="session")
def fortress(scratch):
    """A platform whose sandboxes are small, so that an attack that fills one is soon over."""
    folder = scratch / "fortress"
    folder.mkdir(mode=0o755)
    platform = Platform(folder, **LIMITS)
    try:
        platform.start()
        wait_until(lambda: all("worker ready" in worker.log_tail() for worker in platform.workers), 120, "they are ready")
        problem = [line for line in platform.workers[0].log_tail().splitlines() if "cannot run builds" in line]
        if GVISOR and problem:
            pytest.skip(problem[0])
        yield platform
    finally:
        platform.stop()


@pytest.fixture(scope="session")
def probe(tmp_path_factory):
    """escape/probe.c, compiled for a machine of which nothing is known but the processor."""
    program = tmp_path_factory.mktemp("probe") / "probe"
    subprocess.run(
        ["gcc", "-static", "-O1", "-o", program, HERE / "probe.c"], check=True, timeout=120
    )
    return base64.b64encode(gzip.compress(program.read_bytes())).decode()


def host_addresses():
    """Every address of the machine but loopback and those of one link, IPv4 and IPv6."""
    listed = json.loads(subprocess.check_output(["ip", "-json", "address"], text=True))
    return [
        address["local"]
        for interface in listed for address in interface["addr_info"] if address["scope"] == "global"
    ]


def targets(platform, listeners, victim, victim_worker):
    addresses = [*host_addresses(), "127.0.0.1", "10.0.2.2", "::1", "fd00::2"]
    ports = [listeners.port, platform.port, platform.sites_port]
    ports += [int(platform.environment[name]) for name in ("LIBRA_POSTGRES_PORT", "LIBRA_RABBITMQ_PORT")]
    outside = ["169.254.169.254", "169.254.170.2", "100.100.100.200", "192.0.0.192", "fd00:ec2::254",
               "fe80::1", "10.0.0.1", "172.16.0.1", "192.168.0.1", "192.168.1.1"]
    state = platform.folder
    return {
        "files": ["/etc/shadow", "/root/.bashrc", f"{state}/secrets/postgres-password", f"{state}/gateway.log",
                  f"/proc/{victim_worker}/environ", f"/proc/{victim_worker}/root/etc/shadow"],
        "folders": ["/root", "/var/lib", "/run", "/boot", str(state), f"{state}/sites", f"{state}/work",
                    f"{state}/objects", victim, "/srv"],
        "pids": [str(pid) for pid in (victim_worker, os.getpid())],
        "tcp": [[host, port] for host in addresses for port in ports]
        + [[host, port] for host in outside for port in (80, 443)]
        + [["1.1.1.1", port] for port in (22, 25, 53, 853, 5432)],
        "udp": [[host, listeners.udp_port] for host in addresses],
        "unix": [str(listeners.path), f"/proc/1/root{listeners.path}", "/run/docker.sock", "/run/dbus/system_bus_socket",
                 "/run/containerd/containerd.sock", "/dev/log"],
        "abstract": [listeners.name],
        "names": ["metadata.google.internal", "metadata", "instance-data", "localhost.localdomain"],
    }


def disk_of(worker, deployment):
    """The disk of a running deployment's sandbox, as the worker has it mounted."""
    found = [
        path for path in pathlib.Path(f"/proc/{worker.process.pid}/root/srv").glob("*/sandboxes/live/*/disk")
        if deployment in path.parent.name and (path / "work").is_dir()
    ]
    return found[0] if found else None


@pytest.fixture(scope="session")
def looked_around(fortress, probe, scratch):
    """What a build found that tried every door, while another one ran beside it: the report, and what the
    host saw of it."""
    listeners = Listeners(scratch)
    mark = str(10_000_000 + secrets.randbelow(10_000_000))
    release = "/work/go-on"
    try:
        listeners.prove()
        beside = fortress.deploy(fortress.new_project(), scripted_build(
            "const {spawn} = require('node:child_process');\n"
            f"const child = spawn('sleep', ['{mark}']);\n"
            f"while (!fs.existsSync('{release}'))"
            " Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 50);\n"
            "child.kill();\n"
        ))
        fortress.wait_for_step(beside, "build")
        worker = fortress.worker_of(beside)
        victim = wait_until(lambda: disk_of(worker, beside), 60, "the other build has its disk")
        project = fortress.new_project()
        goals = targets(fortress, listeners, str(victim), worker.process.pid)
        files = scripted_build("", "unused") | {
            "build.cjs": (HERE / "look_around.cjs").read_text(),
            "targets.json": json.dumps(goals),
            "probe.base64": probe,
        }
        status = fortress.deploy_and_wait(project, files)
        assert status["status"] == "completed", status
        page = fortress.page(project.host, "/report.json")
        visits = listeners.visits()
        (victim / "work/go-on").touch()
        assert fortress.wait_for_end(beside)["status"] == "completed"
    finally:
        listeners.close()
    return {"report": json.loads(page.body), "visits": visits, "mark": mark, "worker": worker,
            "goals": goals, "abstract": listeners.name}
