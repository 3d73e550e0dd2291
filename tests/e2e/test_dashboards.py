"""Dashboards and alert rules in a real Prometheus, while the platform works."""

import math
import re

import pytest
import requests

from dashboards import dashboards, filled_in
from platform_under_test import free_port, wait_until
from prometheus import Prometheus
from samples import plain_site, scripted_build, slow_build

EXPRESSIONS = {
    f"{name}: {panel['title']}, {target['refId']}": target["expr"]
    for name, dashboard in dashboards().items()
    for panel in dashboard["panels"]
    for target in panel.get("targets", ())
}
METRIC = re.compile(r"\b(?:(?:libra|rabbitmq)_\w+|up\b)")


@pytest.fixture(scope="module")
def prometheus(platform):
    prometheus = Prometheus(platform)
    try:
        prometheus.start()
        yield prometheus
    finally:
        prometheus.stop()


@pytest.fixture(scope="module")
def load(platform, prometheus):  # watched from the beginning
    """Deployments that go right, fail, are cancelled, done again and found in a cache, and a webhook."""
    project = platform.new_project()
    webhook = requests.post(
        f"{platform.url}/organizations/{project.org}/webhooks", timeout=30,
        headers={"Authorization": "Bearer " + platform.new_member_token(project, "admin")},
        json={"url": f"http://127.0.0.1:{free_port()}/nobody-listens"},
    )
    assert webhook.status_code == 201, webhook.text
    plain = [platform.deploy(platform.new_project(), plain_site(f"number {number}")) for number in range(8)]
    platform.deploy_and_wait(project, scripted_build(""))
    platform.deploy_and_wait(project, scripted_build(""))
    failed = platform.new_project()
    failure = platform.deploy_and_wait(failed, scripted_build("process.exit(3);"))
    platform.wait_for_end(requests.post(
        f"{platform.url}/deployments/{failure['deploymentId']}/retry", timeout=30,
        headers={"Authorization": "Bearer " + failed.token},
    ).json()["deploymentId"])
    cancelled = platform.deploy(failed, slow_build(60))
    platform.wait_for_step(cancelled, "build")
    platform.cancel(failed, cancelled)
    ends = [platform.wait_for_end(deployment)["status"] for deployment in (*plain, cancelled)]
    assert ends == ["completed"] * 8 + ["cancelled"]


def has_data(prometheus, expression):
    numbers = prometheus.numbers(filled_in(expression, rate_interval="5m", shown="5m"))
    return not all(map(math.isnan, numbers))


@pytest.mark.usefixtures("load")
def test_every_expression_of_every_dashboard_returns_data(prometheus):
    empty = dict(EXPRESSIONS)

    def all_have():
        for place in [place for place, expression in empty.items() if has_data(prometheus, expression)]:
            del empty[place]
        return not empty

    try:
        wait_until(all_have, 30, "there is data")
    except AssertionError:
        raise AssertionError(f"nothing comes of {empty}") from None


@pytest.mark.usefixtures("load")
def test_every_alert_rule_is_evaluated_and_asks_for_metrics_that_there_are(prometheus):
    wait_until(lambda: all(rule["health"] != "unknown" for rule in prometheus.rules()), 30, "all are evaluated")
    known = set(prometheus.ask("label/__name__/values"))

    for rule in prometheus.rules():
        assert rule["health"] == "ok", rule
        assert set(METRIC.findall(rule["query"])) <= known, rule["name"]


@pytest.mark.usefixtures("load")
def test_alerts_begin_when_the_last_worker_is_gone(platform, prometheus):
    expected = {"NoWorker", "WorkerDown"}

    def begun():
        return {rule["name"] for rule in prometheus.rules() if rule["alerts"]} & expected

    # A scrape that comes too late begins one for a moment.
    wait_until(lambda: not begun(), 60, "the workers are seen")

    for worker in platform.workers:
        worker.stop()

    wait_until(lambda: begun() == expected, 60, "both have begun")
