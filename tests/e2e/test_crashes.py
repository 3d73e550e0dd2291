"""A worker dies at each point of a deployment; another one ends it as if nothing had happened."""

import signal

import pytest

from platform_under_test import STEPS
from samples import plain_site, slow_build

# A worker that was killed holds its lease for 30 s.
TAKEOVER_S = 150


@pytest.mark.parametrize("points", [
    [f"{step}.begun" for step in STEPS],
    [f"{step}.done" for step in STEPS if step != "cleanup"] + ["settled"],
    ["deploy.uploaded", "deploy.flipped", "deploy.switched"],
], ids=["as-a-step-begins", "before-its-end-is-written", "around-the-switch"])
def test_a_deployment_survives_a_worker_killed_at_any_point(platform, lone_worker, points):
    deployments = {}
    for point in points:
        project = platform.new_project()
        deployments[point] = project, platform.deploy(project, slow_build(0, page=point))
        lone_worker.start(LIBRA_FAILPOINT=point)
        assert lone_worker.process.wait(timeout=60) == -signal.SIGKILL
        # Or the next life of the worker may take it, and be killed with it again.
        platform.sql(
            "update deployments set lease_until = now() + interval '1 hour' where id = %s and lease_until is not null",
            deployments[point][1],
        )

    platform.sql("update deployments set lease_until = now() where lease_until is not null")
    platform.sql("update outbox set available_at = now()")
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


def test_a_site_that_was_uploaded_is_not_built_again(platform, project, lone_worker):
    deployment = platform.deploy(project, slow_build(0, page="built once"))
    lone_worker.start(LIBRA_FAILPOINT="deploy.uploaded")
    assert lone_worker.process.wait(timeout=60) == -signal.SIGKILL

    for worker in platform.workers:
        worker.start()

    status = platform.wait_for_end(deployment, TAKEOVER_S)
    assert status["status"] == "completed", status
    assert platform.sql(
        "select step, attempt from deployment_steps where deployment_id = %s and step in ('build', 'deploy')"
        " order by step", deployment,
    ) == [("build", 1), ("deploy", 2)]
    assert platform.sql(
        "select count(*) from deployment_log where deployment_id = %s and stream = 'milestone'"
        " and step = 'build'", deployment,
    ) == [(1,)]
    assert b"built once" in platform.page(project.host).body


def test_a_release_that_went_live_without_being_recorded_is_taken_back_when_cancelled(
    platform, project, lone_worker
):
    lone_worker.start()
    platform.deploy_and_wait(project, plain_site("before"))
    lone_worker.stop()
    deployment = platform.deploy(project, plain_site("unrecorded"))
    lone_worker.start(LIBRA_FAILPOINT="deploy.flipped")
    assert lone_worker.process.wait(timeout=60) == -signal.SIGKILL
    assert b"unrecorded" in platform.page(project.host).body

    assert platform.cancel(project, deployment).status_code == 202
    for worker in platform.workers:
        worker.start()

    assert platform.wait_for_end(deployment, TAKEOVER_S)["status"] == "cancelled"
    assert b"before" in platform.page(project.host).body
