#!/usr/bin/python3
"""The alert rules: Prometheus takes them, each has been seen to fire and to be quiet (alerts/*.yml), and each
tells who is woken what is wrong and where to read on."""

import collections
import pathlib
import re
import subprocess
import sys

import yaml

ROOT = pathlib.Path(__file__).resolve().parents[2]
TESTS = sorted((ROOT / "tests/contract/alerts").glob("*.yml"))
PROMETHEUS = ROOT / "deploy/observability/prometheus"
RUNBOOK = "deploy/RUNBOOK.md"


def promtool(*arguments):
    """Its complaints; none where it succeeds."""
    run = subprocess.run(["promtool", *map(str, arguments)], capture_output=True, text=True, timeout=60)
    return [] if run.returncode == 0 else [run.stdout + run.stderr]


def rules():
    for path in sorted((PROMETHEUS / "alerts").glob("*.yml")):
        for group in yaml.safe_load(path.read_text())["groups"]:
            yield from group["rules"]


def sections():
    """The links that the runbook's headings can be reached by."""
    prose = re.sub(r"^```.*?^```$", "", (ROOT / RUNBOOK).read_text(), flags=re.M | re.S)
    for heading in re.findall(r"^#+ (.+)$", prose, re.M):
        yield f"{RUNBOOK}#" + re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-")


def checks():
    """Of each alert, whether it fires at the moments at which a test looks at it."""
    fires = collections.defaultdict(set)
    for path in TESTS:
        for test in yaml.safe_load(path.read_text())["tests"]:
            for check in test["alert_rule_test"]:
                fires[check["alertname"]].add(bool(check.get("exp_alerts")))
    return fires


def problems_of(rule, seen):
    if rule["labels"].get("severity") not in ("critical", "warning"):
        yield "its severity is neither critical nor warning"
    missing = {"summary", "description", "runbook_url"} - rule["annotations"].keys()
    if missing:
        yield f"it has no {', '.join(sorted(missing))}"
    elif rule["annotations"]["runbook_url"] not in sections():
        yield f"{rule['annotations']['runbook_url']} leads nowhere"
    if seen != {True, False}:
        yield "no test shows it both firing and quiet"


def main():
    problems = promtool("check", "config", PROMETHEUS / "prometheus.yml") + promtool("test", "rules", *TESTS)
    fires = checks()
    for rule in rules():
        problems += [f"{rule['alert']}: {problem}" for problem in problems_of(rule, fires[rule["alert"]])]
    print("\n".join(problems))
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
