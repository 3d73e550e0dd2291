#!/usr/bin/python3
"""Deploys without pause while it injects faults into real processes, then checks the history: nothing
lost, doubled, wrong, stuck, and never an older release over a newer one. See ./dev chaos --help."""

import argparse
import os
import pathlib
import shutil
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "e2e"))

from checker import check  # noqa: E402  (after the path is set)
from collect import collect  # noqa: E402
from drive import drive  # noqa: E402
from faults import FAULTS  # noqa: E402
from interruption import raise_when_interrupted  # noqa: E402
from plan import describe, make_plan  # noqa: E402
from report import explanations, rows, table  # noqa: E402
from small_disk import enter_mount_namespace  # noqa: E402
from stage import Stage  # noqa: E402

DEPLOYMENTS = 1000
# What fits into the few minutes that a test run has for it.
SHORT = (
    "worker-kill@deploy-end", "worker-kill@commit-ack", "worker-stop", "db-drop", "db-reset", "broker-drop",
    "lost-confirm", "broker-kill", "db-kill", "queue-full", "queue-deleted", "memory-alarm", "disk-full", "cancel",
    "ten-deliveries", "rolling-restart", "gateway-kill", "hostile-clients",
)
SHORT_DEPLOYMENTS = 8 * len(SHORT)


def arguments():
    parser = argparse.ArgumentParser(
        prog="./dev chaos", description=__doc__.split(" See ")[0],
        epilog="kinds of faults: " + ", ".join(fault.kind for fault in FAULTS),
    )
    parser.add_argument("--deployments", type=int, metavar="N", help=f"in all (default {DEPLOYMENTS})")
    parser.add_argument("--seed", default="1", metavar="S", help="decides the whole schedule (default 1)")
    parser.add_argument("--faults", metavar="A,B,…", help="only these kinds (default all)")
    parser.add_argument("--short", action="store_true",
                        help="the kinds and the number of deployments that ./dev test has time for")
    parser.add_argument("--plan", action="store_true", help="print the schedule and do nothing")
    parser.add_argument("--markdown", action="store_true", help="print the table as Markdown")
    options = parser.parse_args()
    known = {fault.kind: fault for fault in FAULTS}
    names = options.faults.split(",") if options.faults else SHORT if options.short else known
    unknown = [name for name in names if name not in known]
    if unknown:
        parser.error(f"no such fault: {', '.join(unknown)}")
    options.faults = {name: known[name] for name in names}
    options.deployments = options.deployments or (SHORT_DEPLOYMENTS if options.short else DEPLOYMENTS)
    if options.deployments < 1:
        parser.error("at least one deployment")
    return options


def say(text):
    print(time.strftime("%H:%M:%S"), text, flush=True)


def run(options, plan):
    logs = pathlib.Path(os.environ["LIBRA_TEST_STATE"]) / "logs" / "chaos"
    shutil.rmtree(logs, ignore_errors=True)
    logs.mkdir(parents=True)
    say(f"seed {options.seed}: {sum(len(phase.postings) for phase in plan)} deployments, {len(plan)} kinds of faults")
    stage = Stage(logs, say)
    try:
        record = drive(stage, plan, options.faults)
        collect(stage, record)
        findings = check(record)
        lines = rows(record, findings)
        for line in explanations(stage, record, findings):
            print(line)
    finally:
        stage.close()
    print(f"\n{table(lines, options.markdown)}\n")
    bad = sum(not well for _, well in lines[:-1])
    if bad:
        print(f"The same schedule again: ./dev chaos --seed {options.seed} --deployments {options.deployments} "
              f"--faults {','.join(options.faults)}\nThe logs are in {logs}")
    print(f"{len(lines) - 1 - bad} passed, {bad} failed", flush=True)
    return 1 if bad else 0


def main():
    options = arguments()
    plan = make_plan(options.seed, options.deployments, list(options.faults.values()))
    if options.plan:
        print("\n".join(describe(plan)))
        return 0
    enter_mount_namespace()
    raise_when_interrupted()
    try:
        return run(options, plan)
    except KeyboardInterrupt:
        say("interrupted")
        return 130


if __name__ == "__main__":
    sys.exit(main())
