"""This version beside the previous one: on one database, broker, object store and folder of sites."""

import signal

import requests

from platform_under_test import ROOT
from samples import plain_site, scripted_build, slow_build

LINES = "for (let n = 1; n <= 50; n++) console.log('line ' + n + ' of 50');"


def log_of(version, project, deployment):
    answer = requests.get(
        f"{version.url}/deployments/{deployment}/logs", timeout=30,
        headers={"Authorization": "Bearer " + project.token, "Accept": "text/plain"},
    )
    assert answer.status_code == 200, answer.text
    return answer.text.splitlines()


def assert_ended_well(versions, project, deployment, page, outcomes=("completed",)):
    """Done once, live, and told alike by both versions."""
    platform = versions[0].platform
    for version in versions:
        status = version.asked().wait_for_end(deployment)
        assert status["status"] == "completed", status
        assert {step["status"] for step in status["steps"].values()} == {"completed"}, status
    assert page.encode() in platform.page(project.host).body
    assert [outcome for (outcome,) in platform.sql(
        "select outcome from attempts where deployment_id = %s order by fence", deployment
    )] == list(outcomes)
    first, second = (log_of(version, project, deployment) for version in versions)
    assert first == second
    assert any("Live" in line for line in first), first


def test_this_version_brings_the_database_up_to_date_under_the_previous_one(platform, old, new):
    migrations = sorted(file.stem for file in (ROOT / "deploy" / "migrations").glob("*.sql"))
    assert platform.sql("select name from schema_migrations order by version") == [(name,) for name in migrations]

    assert old.asked().ready()
    assert b"made before" in platform.page(new.first_project.host).body
    assert new.asked().ready()


def test_the_previous_version_starts_on_the_newer_database(old, new):
    old.gateway.stop()

    old.start_gateway()

    old.worker.start()
    project = old.asked().new_project()
    deployment = old.asked().deploy(project, scripted_build(LINES, page="by the old one alone"))
    assert_ended_well((old, new), project, deployment, "by the old one alone")
    old.worker.stop()


def test_both_versions_deploy_side_by_side(platform, old, new):
    for version in (old, new):
        version.start_worker()
    wanted = {}
    # A worker builds one deployment at a time, so the other version takes the second one.
    for first, second in ((old, new), (new, old)):
        slow, quick = platform.new_project(), platform.new_project()
        building = first.asked().deploy(slow, slow_build(8, page="slow"))
        platform.wait_for_step(building, "build")
        passing = second.asked().deploy(quick, plain_site("quick"))
        assert second.asked().wait_for_end(passing)["status"] == "completed"
        wanted |= {building: (slow, "slow"), passing: (quick, "quick")}
        workers = platform.sql(
            "select worker from attempts where deployment_id in (%s, %s)", building, passing
        )
        assert len(set(workers)) == 2, workers
        assert first.asked().wait_for_end(building)["status"] == "completed"
    for number in range(10):
        project, page = platform.new_project(), f"number {number}"
        files = scripted_build(LINES, page=page) if number % 2 else plain_site(page)
        wanted[(old, new)[number // 2 % 2].asked().deploy(project, files)] = project, page

    for deployment, (project, page) in wanted.items():
        assert_ended_well((old, new), project, deployment, page)
        assert platform.sql("select used from plan_allowances where org_id = %s", project.org) == [(1,)]
        told = log_of(new, project, deployment)
        lines = [line for line in told if " of 50" in line and "console.log" not in line]
        assert len(lines) == len(set(lines)) and len(lines) in (0, 50), told
    for version in (old, new):
        version.worker.stop()


def test_what_one_version_began_and_did_not_end_the_other_ends(platform, one_and_other):
    dying, heir = one_and_other
    deployments = {}
    for point in ("sync.done", "build.done", "deploy.uploaded", "deploy.flipped", "deploy.switched"):
        project = platform.new_project()
        deployments[point] = project, dying.asked().deploy(project, scripted_build(LINES, page=point))
        dying.worker.start(LIBRA_FAILPOINT=point)
        assert dying.worker.process.wait(timeout=60) == -signal.SIGKILL
        # Or the next life of the worker may take it, and be killed with it again.
        platform.sql(
            "update deployments set lease_until = now() + interval '1 hour' where id = %s and lease_until is not null",
            deployments[point][1],
        )
    dying.gateway.stop()

    platform.sql("update deployments set lease_until = now() where lease_until is not null")
    platform.sql("update outbox set available_at = now()")
    heir.worker.start()
    for _, deployment in deployments.values():
        heir.asked().wait_for_end(deployment)
    dying.start_gateway()

    for point, (project, deployment) in deployments.items():
        assert_ended_well(one_and_other, project, deployment, point, outcomes=("lease_lost", "completed"))
        assert platform.sql("select used from plan_allowances where org_id = %s", project.org) == [(1,)]
    heir.worker.stop()
    # Its next life clears away what the last one left.
    dying.start_worker()
    dying.worker.stop()


def test_one_version_goes_on_with_a_project_of_the_other(platform, one_and_other):
    one, other = one_and_other
    project = platform.new_project()
    one.worker.start()
    first = one.asked().deploy(project, plain_site("first") | {"about.html": "kept"})
    assert_ended_well(one_and_other, project, first, "first")
    one.worker.stop()

    other.worker.start()
    second = other.asked().deploy(project, {"index.html": "second"})

    assert_ended_well(one_and_other, project, second, "second")
    assert platform.page(project.host, "/about.html").body == b"kept"
    back = requests.post(
        f"{other.url}/projects/{project.id}/rollback", timeout=30, json={},
        headers={"Authorization": "Bearer " + project.token},
    )
    assert back.status_code == 202, back.text
    assert other.asked().wait_for_end(back.json()["deploymentId"])["status"] == "completed"
    assert b"first" in platform.page(project.host).body
    other.worker.stop()
