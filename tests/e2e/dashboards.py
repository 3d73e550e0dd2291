"""The dashboards, as their files say."""

import json

from platform_under_test import ROOT

FOLDER = ROOT / "deploy/observability/grafana/dashboards"


def dashboards():
    """`{name: dashboard}`"""
    return {path.stem: json.loads(path.read_text()) for path in sorted(FOLDER.glob("*.json"))}


def filled_in(expression, rate_interval, shown):
    """What Grafana makes of an expression: `shown` is the time that the dashboard shows."""
    return expression.replace("$__rate_interval", rate_interval).replace("$__range", shown)
