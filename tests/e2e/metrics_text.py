"""Prometheus' text format, and the table of metrics for those who run the platform."""

import collections
import dataclasses
import re

import requests

from platform_under_test import ROOT

SAMPLE = re.compile(r"^(\w+)(?:\{(.*)\})? (\S+)$")
LABEL = re.compile(r'(\w+)="((?:[^"\\]|\\.)*)"')


@dataclasses.dataclass
class Metric:
    type: str
    help: str
    labels: dict = dataclasses.field(default_factory=lambda: collections.defaultdict(set))  # name: values


class Exposition:
    """What one service shows at a moment."""

    def __init__(self, port):
        answer = requests.get(f"http://127.0.0.1:{port}/metrics", timeout=10)
        assert answer.status_code == 200, answer.text
        assert answer.headers["Content-Type"].startswith("text/plain; version=0.0.4")
        self.text = answer.text
        self.metrics = {}
        self.samples = {}  # (name, frozenset of labels): value
        for line in self.text.splitlines():
            self._read(line)

    def _read(self, line):
        if line.startswith("# HELP "):
            name, text = line.removeprefix("# HELP ").split(" ", 1)
            self.metrics[name] = Metric("", text)
        elif line.startswith("# TYPE "):
            name, kind = line.removeprefix("# TYPE ").split()
            self.metrics[name].type = kind
        else:
            name, labels, value = SAMPLE.match(line).groups()
            labels = dict(LABEL.findall(labels or ""))
            self.samples[name, frozenset(labels.items())] = float(value)
            labels.pop("le", None)
            metric = self.metrics.get(name) or self.metrics[re.sub("_(bucket|sum|count)$", "", name)]
            for label, text in labels.items():
                metric.labels[label].add(text)

    def value(self, name, **labels):
        return self.samples[name, frozenset(labels.items())]


@dataclasses.dataclass
class Documented:
    type: str
    labels: dict  # name: values, nothing where any may come
    services: tuple
    help: str


def documented():
    """The table of deploy/observability/README.md."""
    table = {}
    for line in (ROOT / "deploy/observability/README.md").read_text().splitlines():
        if not line.startswith("| `libra_"):
            continue
        name, kind, labels, service, text = (cell.strip() for cell in line.strip("|").split("|"))
        table[name.strip("`")] = Documented(
            type=kind,
            labels=dict(_label(part) for part in labels.split(";") if part.strip()),
            services=("gateway", "worker") if service == "both" else (service,),
            help=text,
        )
    return table


def _label(part):
    name, colon, values = part.partition(":")
    return name.strip(" `"), {value.strip() for value in values.split(",")} if colon else None
