"""What the services show of themselves to Prometheus."""

import subprocess

import pytest

from metrics_text import Exposition, documented
from platform_under_test import STEPS, listens, wait_until
from samples import plain_site, scripted_build


def at_work(port):
    """What a service shows once it has looked at its disks."""
    wait_until(lambda: listens(port), 60, "the service answers")
    return wait_until(
        lambda: (shown := Exposition(port)).metrics["libra_disk_full"].labels and shown, 60, "its disks are measured",
    )


@pytest.fixture(scope="module")
def shown(platform):
    return {"gateway": at_work(platform.port), "worker": at_work(platform.workers[0].port)}


@pytest.mark.parametrize("service", ("gateway", "worker"))
def test_a_service_shows_the_documented_metrics_and_no_others(shown, service):
    expected = {
        name: (metric.type, metric.help, set(metric.labels))
        for name, metric in documented().items() if service in metric.services
    }

    found = {
        name: (metric.type, metric.help, set(metric.labels))
        for name, metric in shown[service].metrics.items()
    }

    assert found == expected


def test_labels_have_the_documented_values_from_the_start(shown):
    for name, metric in documented().items():
        for label, values in metric.labels.items():
            found = set().union(*(
                exposition.metrics[name].labels[label]
                for exposition in shown.values() if name in exposition.metrics
            ))
            assert values is None or found == values, f"{label} of {name}"


@pytest.mark.parametrize("service", ("gateway", "worker"))
def test_prometheus_finds_nothing_to_say_about_names_and_format(shown, service):
    check = subprocess.run(
        ["promtool", "check", "metrics"], input=shown[service].text, capture_output=True, text=True, timeout=60,
    )

    assert check.returncode == 0 and not check.stderr, check.stderr


def test_deployments_are_counted_as_they_end(platform, lone_worker):
    lone_worker.start()
    before = at_work(lone_worker.port)
    plain = platform.deploy(platform.new_project(), plain_site("counted"))
    failing = platform.deploy(platform.new_project(), scripted_build("process.exit(3);"))
    for deployment in (plain, failing):
        platform.wait_for_end(deployment)

    def rise(name, **labels):
        return after.value(name, **labels) - before.value(name, **labels)

    # An attempt is counted once its end is written.
    after = wait_until(
        lambda: (now := Exposition(lone_worker.port)).value("libra_worker_busy") == 0
        and now.value("libra_deployment_queue_wait_seconds_count") == 2 and now,
        60, "both attempts are over",
    )
    assert rise("libra_deployments_finished_total", status="completed", **{"class": "none"}) == 1
    assert rise("libra_deployments_finished_total", status="failed", **{"class": "user"}) == 1
    assert rise("libra_deployment_attempts_total", outcome="completed") == 1
    assert rise("libra_deployment_attempts_total", outcome="failed") == 1
    assert rise("libra_deployment_duration_seconds_count", status="completed") == 1
    assert rise("libra_step_duration_seconds_count", step="build", outcome="failed") == 1
    for step in set(STEPS) - {"build"}:
        assert rise("libra_step_duration_seconds_count", step=step, outcome="completed") >= 1, step
    assert rise("libra_sandbox_starts_total", runtime="crun", outcome="started") >= 1
    assert rise("libra_sandbox_memory_peak_bytes_count") >= 1
    assert rise("libra_cache_lookups_total", cache="site", result="miss") == 1
    assert rise("libra_dead_letters_total", source="deployment") == 0
