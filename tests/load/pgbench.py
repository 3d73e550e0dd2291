"""Runs pgbench with one statement and reads the latencies it logged."""

import glob
import os
import pathlib
import subprocess
import tempfile

from wrk import Load


def percentile(ordered, share):
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def statement_load(database_url, statement, clients, seconds):
    with tempfile.TemporaryDirectory() as folder:
        script = pathlib.Path(folder) / "statement.sql"
        script.write_text(statement)
        subprocess.run(
            [_program(), "--no-vacuum", "--protocol=prepared", f"--client={clients}", "--jobs=2",
             f"--time={seconds}", f"--file={script}", "--log", f"--log-prefix={folder}/latency", database_url],
            check=True, capture_output=True, text=True,
        )
        latencies = sorted(
            int(line.split()[2]) / 1000
            for log in glob.glob(f"{folder}/latency.*")
            for line in pathlib.Path(log).read_text().splitlines()
        )
    return Load(
        rate=len(latencies) / seconds, p50_ms=percentile(latencies, 0.50),
        p99_ms=percentile(latencies, 0.99), refused=0,
    )


def _program():
    """Debian keeps it with the server's version, not on the PATH."""
    found = sorted(glob.glob("/usr/lib/postgresql/*/bin/pgbench"))
    return found[-1] if found else "pgbench"
