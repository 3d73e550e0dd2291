"""New deployments made from earlier ones: retry, promote, rollback."""

import secrets

import requests

from samples import plain_site, scripted_build


def post(platform, path, token, body=None):
    return requests.post(
        platform.url + path, json=body, headers={"Authorization": "Bearer " + token}, timeout=30)


def accepted(answer):
    assert answer.status_code == 202, answer.text
    deployment = answer.json()["deploymentId"]
    assert answer.headers["Location"] == f"/deploy-status?id={deployment}"
    return deployment


def released(platform, project, text):
    deployment = platform.deploy(project, plain_site(text))
    assert platform.wait_for_end(deployment)["status"] == "completed"
    return deployment


def live_page(platform, project):
    return platform.page(project.host).body.decode()


def shown(platform, project, deployment):
    return requests.get(
        f"{platform.url}/deployments/{deployment}",
        headers={"Authorization": "Bearer " + project.token}, timeout=30).json()


def test_a_rollback_brings_the_release_before_back_without_a_build(platform, project):
    first = released(platform, project, "one")
    released(platform, project, "two")
    assert "two" in live_page(platform, project)

    back = accepted(post(platform, f"/projects/{project.id}/rollback", project.token, {}))

    assert platform.wait_for_end(back)["status"] == "completed"
    assert "one" in live_page(platform, project)
    detail = shown(platform, project, back)
    assert (detail["kind"], detail["sourceDeploymentId"], detail["live"]) == ("rollback", first, True)
    assert [step["status"] for step in detail["steps"]] == ["completed"] * 6
    assert platform.sql("select count(*) from quota_takes where deployment_id = %s", back) == [(0,)]
    assert platform.sql(
        "select actor, action, subject from audit_log where details->>'deploymentId' = %s", back
    ) == [(project.user, "deployment.rollback", first)]
    none = post(platform, f"/projects/{project.id}/rollback", project.token, {})
    assert (none.status_code, none.json()["error"]) == (409, "no_earlier_release")


def test_a_release_is_promoted_past_newer_ones(platform, project):
    first = released(platform, project, "one")
    second = released(platform, project, "two")

    there = accepted(post(platform, f"/deployments/{first}/promote", project.token))
    assert platform.wait_for_end(there)["status"] == "completed"
    assert "one" in live_page(platform, project)
    again = post(platform, f"/deployments/{first}/promote", project.token)
    assert (again.status_code, again.json()["error"]) == (409, "already_live")

    back = accepted(post(
        platform, f"/projects/{project.id}/rollback", project.token, {"deploymentId": second}))
    assert platform.wait_for_end(back)["status"] == "completed"
    assert "two" in live_page(platform, project)


def test_a_failed_deployment_is_retried_with_its_files_and_cannot_be_promoted(platform, project):
    broken = platform.deploy(project, scripted_build("process.exit(3);"))
    assert platform.wait_for_end(broken)["status"] == "failed"

    refused = post(platform, f"/deployments/{broken}/promote", project.token)
    retried = accepted(post(platform, f"/deployments/{broken}/retry", project.token))

    assert (refused.status_code, refused.json()["error"]) == (409, "deployment_unfinished")
    assert platform.wait_for_end(retried)["status"] == "failed"
    detail = shown(platform, project, retried)
    assert (detail["kind"], detail["sourceDeploymentId"], detail["errorCode"]) == (
        "retry", broken, shown(platform, project, broken)["errorCode"])


def test_a_release_that_is_not_kept_any_more_fails_and_leaves_what_is_live(platform, project):
    first = released(platform, project, "one")
    released(platform, project, "two")
    ((name,),) = platform.sql("select name from releases where deployment_id = %s", first)
    kept = platform.folder / "sites" / ".releases" / name
    kept.rename(kept.with_name(name + ".gone"))

    lost = accepted(post(platform, f"/deployments/{first}/promote", project.token))

    assert platform.wait_for_end(lost)["status"] == "failed"
    assert shown(platform, project, lost)["errorCode"] == "release_gone"
    assert "two" in live_page(platform, project)


def test_a_stranger_redeploys_nothing_and_learns_nothing(platform, project):
    deployment = released(platform, project, "mine")
    stranger = platform.new_project()
    unknown = secrets.token_hex(16)

    for theirs, none, body in [
        (f"/deployments/{deployment}/retry", f"/deployments/{unknown}/retry", None),
        (f"/deployments/{deployment}/promote", f"/deployments/{unknown}/promote", None),
        (f"/projects/{project.id}/rollback", f"/projects/{unknown}/rollback", {}),
    ]:
        answers = [post(platform, path, stranger.token, body) for path in (theirs, none)]
        assert [answer.status_code for answer in answers] == [404, 404]
        assert answers[0].json()["error"] == answers[1].json()["error"]
        assert post(platform, theirs, secrets.token_hex(32), body).status_code == 401
