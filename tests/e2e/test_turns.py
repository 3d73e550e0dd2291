"""Who runs when: deployments of one project among each other, and all of them in the fleet."""

import requests

from platform_under_test import wait_until
from samples import plain_site, slow_build


def test_a_second_deployment_is_refused_and_told_which_one_is_in_the_way(platform, project, lone_worker):
    first = platform.deploy(project, plain_site("first"))

    answer = platform.post_deploy(project, plain_site("second"))

    assert answer.status_code == 409
    assert answer.json()["error"] == "deployment_in_progress"
    assert answer.json()["details"] == {"deploymentId": first}
    assert platform.cancel(project, first).status_code == 200


def test_queued_deployments_run_one_after_the_other_and_only_the_newest_waits(platform, project, lone_worker):
    first = platform.deploy(project, plain_site("first"))
    second = platform.deploy(project, plain_site("second"), onConflict="queue")
    third = platform.deploy(project, plain_site("third"), onConflict="queue")

    overtaken = platform.status(second)
    assert overtaken["status"] == "cancelled"
    assert third in overtaken["error"]
    place = platform.place(project, third)
    assert place["status"] == "queued"
    assert place["blockedBy"]["reason"] == "project"
    assert place["blockedBy"]["deploymentId"] == first
    lone_worker.start()
    assert platform.wait_for_end(first)["status"] == "completed"
    assert platform.wait_for_end(third)["status"] == "completed"
    assert b"third" in platform.page(project.host).body


def test_a_superseding_deployment_stops_the_build_and_takes_its_place(platform, project):
    first = platform.deploy(project, slow_build(600))
    platform.wait_for_step(first, "build")

    second = platform.deploy(project, slow_build(0, page="second"), onConflict="supersede")

    overtaken = platform.wait_for_end(first, 30)
    assert overtaken["status"] == "cancelled"
    assert second in overtaken["error"]
    assert platform.wait_for_end(second)["status"] == "completed"
    assert b"second" in platform.page(project.host).body


def test_no_more_deployments_run_than_the_fleet_has_slots(platform, lone_worker):
    """Two workers, one slot: the second deployment waits without an attempt, and says why."""
    first_project, second_project = platform.new_project(), platform.new_project()
    lone_worker.start(MAX_CONCURRENT_DEPLOYMENTS="1")
    other = platform.extra_worker("other")
    other.start(MAX_CONCURRENT_DEPLOYMENTS="1")
    try:
        first = platform.deploy(first_project, slow_build(8))
        platform.wait_for_step(first, "build")

        second = platform.deploy(second_project, plain_site("second"))

        place = wait_until(
            lambda: (place := platform.place(second_project, second))
            and place["blockedBy"]["reason"] == "fleet_limit" and place,
            30, "the second deployment waits for a slot",
        )
        assert place["position"] == 1
        assert place["running"] == 1 and place["capacity"] == 1
        assert place["estimatedStart"]
        assert platform.wait_for_end(first)["status"] == "completed"
        assert platform.wait_for_end(second)["status"] == "completed"
        assert platform.sql(
            "select attempt, retry_count from deployments where id = %s", second
        ) == [(1, 0)]
        assert platform.sql(
            "select a.started_at >= d.finished_at from attempts a, deployments d"
            " where a.deployment_id = %s and d.id = %s", second, first,
        ) == [(True,)]
    finally:
        other.stop()
        other.start()
        wait_until(lambda: other.running() and "worker ready" in other.log_tail(500), 60, "it is ready")
        other.stop()


def test_an_organisation_at_its_limit_does_not_block_the_others(platform, lone_worker):
    busy = platform.new_project()
    sibling = platform.new_project_in(busy)
    other = platform.new_project()
    second_worker = platform.extra_worker("second")
    lone_worker.start(MAX_CONCURRENT_PER_ORG="1")
    second_worker.start(MAX_CONCURRENT_PER_ORG="1")
    try:
        first = platform.deploy(busy, slow_build(8))
        platform.wait_for_step(first, "build")
        waiting = platform.deploy(sibling, plain_site("waiting"))
        wait_until(
            lambda: platform.place(sibling, waiting)["blockedBy"]["reason"] == "organization_limit",
            30, "the organisation is at its limit",
        )

        passing = platform.deploy_and_wait(other, plain_site("passing"))

        assert passing["status"] == "completed"
        assert platform.status(waiting)["status"] == "queued"
        assert platform.wait_for_end(waiting)["status"] == "completed"
    finally:
        second_worker.stop()


def test_a_place_in_the_queue_is_shown_to_members_only(platform, project, lone_worker):
    deployment = platform.deploy(project, plain_site("mine"))

    stranger = requests.get(
        f"{platform.url}/deployments/{deployment}/queue", timeout=10,
        headers={"Authorization": "Bearer " + platform.new_project().token},
    )

    assert stranger.status_code == 404
    assert platform.place(project, deployment)["position"] >= 1
    assert platform.cancel(project, deployment).status_code == 200
