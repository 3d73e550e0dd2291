"""Debian's Prometheus with the configuration of docker-compose.yml, asked about the platform under test."""

import os
import pathlib
import re
import subprocess

import requests
import yaml

from platform_under_test import ROOT, free_port, wait_until

CONFIGURATION = ROOT / "deploy/observability/prometheus/prometheus.yml"


def broker_port():
    ports = (pathlib.Path(os.environ["LIBRA_TEST_STATE"]) / "ports").read_text()
    return int(re.search(r"^LIBRA_RABBITMQ_METRICS_PORT=(\d+)$", ports, re.M)[1])


class Prometheus:
    """Its jobs are ours, with the addresses of this platform. It looks every second."""

    def __init__(self, platform):
        self.url = f"http://127.0.0.1:{free_port()}"
        self.ports = {
            "api-gateway": [platform.port],
            "deploy-worker": [worker.port for worker in platform.workers],
            "rabbitmq": [broker_port()],
        }
        self.folder = platform.folder
        self.log = self.folder / "prometheus.log"
        self.process = None

    def start(self):
        configuration = self.folder / "prometheus.yml"
        configuration.write_text(yaml.safe_dump(self._configuration()))
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(
                ["setpriv", "--pdeathsig", "TERM", "--", "prometheus", f"--config.file={configuration}",
                 f"--storage.tsdb.path={self.folder / 'prometheus'}", "--log.level=warn",
                 f"--web.listen-address={self.url.removeprefix('http://')}"],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
            )
        targets = sum(map(len, self.ports.values()))
        wait_until(
            lambda: self._ready() and self.numbers("count(up == 1)") == [targets],
            60, "Prometheus has seen all its targets",
        )

    def _configuration(self):
        configuration = yaml.safe_load(CONFIGURATION.read_text())
        configuration["global"] = {"scrape_interval": "1s", "evaluation_interval": "1s"}
        configuration["rule_files"] = [str(CONFIGURATION.parent / path) for path in configuration["rule_files"]]
        jobs = configuration["scrape_configs"]
        assert {job["job_name"] for job in jobs} == self.ports.keys()
        for job in jobs:
            job.pop("dns_sd_configs", None)
            job["static_configs"] = [{
                "targets": [f"127.0.0.1:{port}" for port in self.ports[job["job_name"]]],
            }]
        return configuration

    def _ready(self):
        assert self.process.poll() is None, self.log.read_text()
        try:
            return requests.get(self.url + "/-/ready", timeout=2).ok
        except requests.RequestException:
            return False

    def stop(self):
        if self.process is not None:
            self.process.terminate()
            self.process.wait(timeout=60)

    def ask(self, path, **parameters):
        answer = requests.get(f"{self.url}/api/v1/{path}", params=parameters, timeout=30)
        assert answer.status_code == 200, f"{parameters}: {answer.text}"
        return answer.json()["data"]

    def numbers(self, expression):
        """Of each series that the expression has now; nobody knows the order."""
        return [float(series["value"][1]) for series in self.ask("query", query=expression)["result"]]

    def rules(self):
        return [rule for group in self.ask("rules")["groups"] for rule in group["rules"]]
