"""Runs wrk and reads its report."""

import dataclasses
import pathlib
import re
import subprocess

HERE = pathlib.Path(__file__).resolve().parent
UNITS_MS = {"us": 0.001, "ms": 1.0, "s": 1000.0, "m": 60_000.0}
THREADS = 2


@dataclasses.dataclass(frozen=True)
class Load:
    rate: float  # answered requests a second
    p50_ms: float
    p99_ms: float
    refused: int  # answers that were no success, and connections that failed


def parse(report):
    def latency(percentile):
        number, unit = re.search(rf"^\s+{percentile}%\s+([\d.]+)(us|ms|s|m)$", report, re.M).groups()
        return float(number) * UNITS_MS[unit]

    refused = sum(int(n) for n in re.findall(r"Non-2xx or 3xx responses: (\d+)", report))
    for counts in re.findall(r"Socket errors: (.*)", report):
        refused += sum(int(n) for n in re.findall(r"\d+", counts))
    return Load(
        rate=float(re.search(r"Requests/sec:\s+([\d.]+)", report).group(1)),
        p50_ms=latency(50), p99_ms=latency(99), refused=refused,
    )


def load(url, connections, seconds, script=None, arguments=()):
    command = ["wrk", "--latency", "--threads", str(THREADS), "--connections", str(connections),
               "--duration", f"{seconds}s", "--timeout", "10s"]
    if script:
        command += ["--script", str(HERE / script)]
    command += [url, *(["--", *map(str, arguments)] if script else [])]
    return parse(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
