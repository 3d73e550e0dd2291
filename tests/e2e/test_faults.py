"""Parts fail under way; every accepted deployment still ends right."""

import hashlib
import json
import secrets

import pytest

from platform_under_test import wait_until
from samples import plain_site, slow_build

# A worker that was killed holds its lease for 30 s; another one looks for such leases every 15 s.
TAKEOVER_S = 120


def dead_letters(platform):
    with platform.amqp() as connection:
        queue = connection.channel().queue_declare("deployment-dlq", passive=True)
        return queue.method.message_count


@pytest.mark.parametrize("message", [
    b"this is no JSON",
    json.dumps({"deploymentId": 7, "params": "none"}).encode(),
], ids=["no-json", "wrong-shape"])
def test_a_poison_message_ends_among_the_dead_letters_and_stops_nobody(platform, project, message):
    before = dead_letters(platform)

    with platform.amqp() as connection:
        connection.channel().basic_publish("", "deployment-queue", message)

    wait_until(lambda: dead_letters(platform) == before + 1, 30, "the message is a dead letter")
    assert platform.sql("select failure_class from dead_letters where message = %s", message) == [("poison",)]
    status = platform.deploy_and_wait(project, plain_site("after the poison"))
    assert status["status"] == "completed"
    assert all(worker.running() for worker in platform.workers)


def test_a_message_for_an_unknown_deployment_stops_nobody(platform, project):
    message = {
        "deploymentId": "0" * 32,
        "params": {"projectId": project.id, "orgId": project.org, "userId": project.user},
        "metadata": {"timestamp": "2025-07-22T10:30:00.000Z", "retryCount": 0, "priority": 0},
    }

    with platform.amqp() as connection:
        connection.channel().basic_publish("", "deployment-queue", json.dumps(message).encode())

    assert platform.deploy_and_wait(project, plain_site("next"))["status"] == "completed"


def test_a_worker_killed_in_the_middle_of_a_build_is_replaced(platform, project):
    deployment = platform.deploy(project, slow_build(8, page="survived"))
    platform.wait_for_step(deployment, "build")
    victim = platform.worker_of(deployment)

    victim.kill()

    try:
        status = platform.wait_for_end(deployment, TAKEOVER_S)
        assert status["status"] == "completed", status
        assert b"survived" in platform.page(project.host).body
        attempts = platform.sql(
            "select worker, outcome from attempts where deployment_id = %s order by fence", deployment
        )
        assert len(attempts) == 2
        assert attempts[0][0] != attempts[1][0]
        assert attempts[1][1] == "completed"
        assert platform.sql("select used from plan_allowances where org_id = %s", project.org) == [(1,)]
    finally:
        # The same worker again: it clears away what its earlier life left behind.
        victim.start()
    assert platform.deploy_and_wait(platform.new_project(), plain_site("next"))["status"] == "completed"


@pytest.mark.parametrize("service", ["rabbitmq", "postgres"])
def test_a_deployment_survives_a_restart_of(platform, project, service):
    deployment = platform.deploy(project, slow_build(8, page=service))
    platform.wait_for_step(deployment, "build")

    platform.restart_service(service)

    status = platform.wait_for_end(deployment, TAKEOVER_S)
    assert status["status"] == "completed", status
    assert service.encode() in platform.page(project.host).body
    wait_until(platform.ready, 60, "the gateway is ready again")
    after = platform.deploy_and_wait(platform.new_project(), plain_site("after"), TAKEOVER_S)
    assert after["status"] == "completed", after
    assert all(program.running() for program in (platform.gateway, *platform.workers))


def test_deployments_accepted_while_the_broker_is_away_are_worked_off(platform):
    projects = [platform.new_project() for _ in range(3)]
    platform.rabbitmqctl("stop_app")
    try:
        deployments = [platform.deploy(project, plain_site(project.label)) for project in projects]
    finally:
        platform.rabbitmqctl("start_app")

    for project, deployment in zip(projects, deployments):
        assert platform.wait_for_end(deployment, TAKEOVER_S)["status"] == "completed"
        assert project.label.encode() in platform.page(project.host).body


def test_no_more_is_accepted_than_may_wait_for_a_broker_that_is_away(platform):
    projects = [platform.new_project() for _ in range(3)]
    platform.gateway.stop()
    platform.gateway.start(MAX_PENDING_MESSAGES="2")
    wait_until(platform.ready, 60, "the gateway is ready")
    wait_until(lambda: not platform.sql("select 1 from outbox"), 60, "nothing waits")
    platform.rabbitmqctl("stop_app")
    try:
        accepted = [platform.deploy(project, plain_site(project.label)) for project in projects[:2]]
        refused = platform.post_deploy(projects[2], plain_site("too many"))
        assert (refused.status_code, refused.json()["error"]) == (503, "queue_full")
        assert int(refused.headers["Retry-After"]) > 0
        assert platform.sql("select 1 from deployments where project_id = %s", projects[2].id) == []
    finally:
        platform.rabbitmqctl("start_app")

    for deployment in accepted:
        assert platform.wait_for_end(deployment, TAKEOVER_S)["status"] == "completed"
    assert platform.deploy_and_wait(projects[2], plain_site("now"), TAKEOVER_S)["status"] == "completed"
    platform.gateway.stop()
    platform.gateway.start()
    wait_until(platform.ready, 60, "the gateway is ready")


def test_a_long_build_is_handed_back_when_its_worker_is_asked_to_stop(platform, project, lone_worker):
    deployment = platform.deploy(project, slow_build(5, page="handed back"))
    lone_worker.start(SHUTDOWN_GRACE_MS="0")
    platform.wait_for_step(deployment, "build")

    lone_worker.stop()

    assert lone_worker.process.returncode == 0
    assert platform.status(deployment)["status"] == "queued"
    for worker in platform.workers:
        worker.start()
    assert platform.wait_for_end(deployment)["status"] == "completed"
    assert platform.sql("select attempt, retry_count from deployments where id = %s", deployment) == [(1, 0)]
    assert platform.sql(
        "select outcome from attempts where deployment_id = %s order by fence", deployment
    ) == [("handed_back",), ("completed",)]
    assert platform.sql("select used from plan_allowances where org_id = %s", project.org) == [(1,)]


def test_a_deployment_that_fails_for_the_platforms_sake_is_tried_three_times(
    platform, project, lone_worker
):
    before = dead_letters(platform)
    page = secrets.token_hex(8000)  # too large to travel in the message
    deployment = platform.deploy(project, {"index.html": page})
    digest = hashlib.sha256(page.encode()).hexdigest()
    (platform.folder / "objects" / digest[:2] / digest).unlink()
    lone_worker.start()

    status = platform.wait_for_end(deployment)

    assert status["status"] == "failed"
    assert status["steps"]["sync"]["status"] == "failed"
    assert status["steps"]["cleanup"]["status"] == "completed"
    assert digest not in str(status)
    outcomes = platform.sql("select outcome from attempts where deployment_id = %s order by fence", deployment)
    assert outcomes == [("retry",), ("retry",), ("failed",)]
    assert platform.sql("select failure_class from deployments where id = %s", deployment) == [("exhausted",)]
    assert platform.sql("select failure_class from dead_letters where deployment_id = %s", deployment) \
        == [("exhausted",)]
    wait_until(lambda: dead_letters(platform) == before + 1, 30, "the message is a dead letter")


def test_a_build_without_end_is_stopped_at_the_time_limit(platform, project, lone_worker):
    deployment = platform.deploy(project, slow_build(600))
    lone_worker.start(MAX_DEPLOYMENT_TIMEOUT="5000")

    status = platform.wait_for_end(deployment)

    assert status["status"] == "failed"
    assert "time limit" in status["error"]
    assert platform.sql("select failure_class, error_code from deployments where id = %s", deployment) \
        == [("resource", "time_limit")]
