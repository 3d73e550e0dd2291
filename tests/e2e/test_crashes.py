"""A worker dies at each point of a deployment; another one ends it as if nothing had happened."""

import signal

import pytest

from platform_under_test import STEPS, wait_until
from samples import slow_build

# A worker that was killed holds its lease for 30 s.
TAKEOVER_S = 150


@pytest.fixture
def doomed_worker(platform):
    """A worker that the test makes die, alone: the others wait until the test is over."""
    for worker in platform.workers:
        worker.stop()
    doomed = platform.extra_worker("doomed")
    yield doomed
    for worker in platform.workers:
        if worker.process.poll() is not None:
            worker.start()
    # Its next life clears away what the last one left.
    doomed.start()
    wait_until(lambda: doomed.running() and "worker ready" in doomed.log_tail(500), 60, "it is ready")
    doomed.stop()


@pytest.mark.parametrize("points", [
    [f"{step}.begun" for step in STEPS],
    [f"{step}.done" for step in STEPS if step != "cleanup"] + ["settled"],
], ids=["as-a-step-begins", "before-its-end-is-written"])
def test_a_deployment_survives_a_worker_killed_at_any_point(platform, doomed_worker, points):
    deployments = {}
    for point in points:
        project = platform.new_project()
        deployments[point] = project, platform.deploy(project, slow_build(0, page=point))
        doomed_worker.start(LIBRA_FAILPOINT=point)
        assert doomed_worker.process.wait(timeout=60) == -signal.SIGKILL

    for worker in platform.workers:
        worker.start()

    for point, (project, deployment) in deployments.items():
        status = platform.wait_for_end(deployment, TAKEOVER_S)
        assert status["status"] == "completed", (point, status)
        assert {step["status"] for step in status["steps"].values()} == {"completed"}, (point, status)
        assert point.encode() in platform.page(project.host).body
        assert platform.sql("select used from plan_allowances where org_id = %s", project.org) == [(1,)]
        outcomes = platform.sql(
            "select outcome from attempts where deployment_id = %s order by fence", deployment
        )
        assert outcomes[-1] == ("completed",), (point, outcomes)
        assert len(outcomes) == (1 if point == "settled" else 2), (point, outcomes)
