"""What the end-to-end tests share: the real services, started from a build, and clients for them."""

import os
import pathlib
import socket
import subprocess
import sys
import time

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "e2e"))


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_until(condition, seconds, what):
    """Polls until the condition gives something true; returns it."""
    deadline = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > deadline:
            raise AssertionError(f"{what}: not within {seconds} s")
        time.sleep(0.05)


def listens(port):
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


class StaticHost:
    """Caddy with the project's own configuration and launcher."""

    def __init__(self, folder):
        self.port = free_port()
        self.root = folder / "sites"
        self.root.mkdir(parents=True, exist_ok=True)
        self.root.chmod(0o755)
        self.log_path = folder / "caddy.log"
        environment = dict(os.environ, LIBRA_STATE=str(folder), LIBRA_SITES_PORT=str(self.port))
        with open(self.log_path, "ab") as log:
            self.process = subprocess.Popen(
                [ROOT / "deploy/local/service.sh", "caddy"],
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        wait_until(lambda: listens(self.port) or self.process.poll() is not None, 20, "caddy starts")
        if self.process.poll() is not None:
            raise AssertionError("caddy ended:\n" + self.log_path.read_text())

    def stop(self):
        self.process.terminate()
        self.process.wait(timeout=20)


@pytest.fixture(scope="session")
def static_host_factory(tmp_path_factory):
    started = []

    def start():
        host = StaticHost(tmp_path_factory.mktemp("libra-static"))
        started.append(host)
        return host

    yield start
    for host in started:
        host.stop()
