"""A worker dies at each point of a deployment; another one ends it as if nothing had happened."""

import signal

import pytest

from platform_under_test import STEPS
from samples import slow_build

# A worker that was killed holds its lease for 30 s.
TAKEOVER_S = 150


@pytest.mark.parametrize("points", [
    [f"{step}.begun" for step in STEPS],
    [f"{step}.done" for step in STEPS if step != "cleanup"] + ["settled"],
], ids=["as-a-step-begins", "before-its-end-is-written"])
def test_a_deployment_survives_a_worker_killed_at_any_point(platform, lone_worker, points):
    deployments = {}
    for point in points:
        project = platform.new_project()
        deployments[point] = project, platform.deploy(project, slow_build(0, page=point))
        lone_worker.start(LIBRA_FAILPOINT=point)
        assert lone_worker.process.wait(timeout=60) == -signal.SIGKILL

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
