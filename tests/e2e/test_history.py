"""What became of deployments: pages of them, one of them, its log."""

import json
import secrets

import pytest
import requests

from samples import plain_site, scripted_build


def call(platform, path, token, accept=None, **parameters):
    headers = {"Authorization": "Bearer " + token}
    if accept is not None:
        headers["Accept"] = accept
    return requests.get(platform.url + path, params=parameters, headers=headers, timeout=30)


def deployments(platform, project, **parameters):
    answer = call(platform, "/deployments", project.token, **parameters)
    assert answer.status_code == 200, answer.text
    return answer.json()


@pytest.fixture
def talkative(platform, project):
    """A deployment that failed after it wrote 2,500 numbered lines."""
    build = "for (let n = 1; n <= 2500; n++) console.log('line ' + n); console.error('given up'); process.exit(3);"
    deployment = platform.deploy(project, scripted_build(build))
    assert platform.wait_for_end(deployment)["status"] == "failed"
    return deployment


def test_deployments_are_paged_without_gap_or_repeat(platform, project):
    first = platform.deploy(project, plain_site("one"))
    assert platform.wait_for_end(first)["status"] == "completed"
    second = platform.deploy(project, plain_site("two"))
    assert platform.wait_for_end(second)["status"] == "completed"
    third = platform.deploy(project, {"package.json": "{"})
    assert platform.wait_for_end(third)["status"] == "failed"

    everything = deployments(platform, project)["deployments"]

    assert [d["deploymentId"] for d in everything] == [third, second, first]
    assert [d["live"] for d in everything] == [False, True, False]
    assert everything[0]["failureClass"] == "user"
    assert everything[1]["url"] == platform.status(second)["url"]
    seen, cursor = [], {}
    while cursor is not None:
        page = deployments(platform, project, projectId=project.id, limit=2, **cursor)
        seen += [d["deploymentId"] for d in page["deployments"]]
        cursor = {"cursor": page["nextCursor"]} if "nextCursor" in page else None
    assert seen == [third, second, first]
    failed = deployments(platform, project, orgId=project.org, status="failed")["deployments"]
    assert [d["deploymentId"] for d in failed] == [third]


def test_one_deployment_is_shown_in_full(platform, project):
    deployment = platform.deploy(project, plain_site("whole"))
    assert platform.wait_for_end(deployment)["status"] == "completed"

    shown = call(platform, f"/deployments/{deployment}", project.token).json()

    assert (shown["status"], shown["live"], shown["kind"]) == ("completed", True, "deploy")
    assert [step["status"] for step in shown["steps"]] == ["completed"] * 6
    assert all(step["durationMs"] >= 0 and step["attempt"] == 1 for step in shown["steps"])
    assert [attempt["outcome"] for attempt in shown["attempts"]] == ["completed"]
    assert shown["artifact"]["files"] >= 2 and len(shown["artifact"]["digest"]) == 64
    assert shown["durationMs"] >= 0


def test_a_log_comes_in_every_form(platform, project, talkative):
    path = f"/deployments/{talkative}/logs"

    text = call(platform, path, project.token, "text/plain", step="build")
    ndjson = call(platform, path, project.token, "application/x-ndjson")
    pieces, after, finished = [], 0, False
    while not finished:
        piece = call(platform, path, project.token, after=after).json()
        pieces += piece["lines"]
        after, finished = piece["nextAfter"], piece["finished"]

    lines = text.text.splitlines()
    numbered = [line for line in lines if line.startswith("line ")]
    assert text.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert numbered == [f"line {number}" for number in range(1, 2501)]
    assert "given up" in lines
    assert [json.loads(line) for line in ndjson.text.splitlines()] == pieces
    assert [piece["seq"] for piece in pieces] == sorted({piece["seq"] for piece in pieces})
    assert {"stderr", "stdout", "milestone"} == {piece["stream"] for piece in pieces}
    assert len(pieces) > 2500


def test_a_stranger_is_told_that_nothing_is_there(platform, project, talkative):
    stranger = platform.new_project()
    unknown = secrets.token_hex(16)

    for theirs, none in [
        (f"/deployments/{talkative}", f"/deployments/{unknown}"),
        (f"/deployments/{talkative}/logs", f"/deployments/{unknown}/logs"),
        (f"/deployments?orgId={project.org}", f"/deployments?orgId={unknown}"),
        (f"/deployments?projectId={project.id}", f"/deployments?projectId={unknown}"),
    ]:
        answers = [call(platform, path, stranger.token) for path in (theirs, none)]
        assert [answer.status_code for answer in answers] == [404, 404]
        assert answers[0].json()["error"] == answers[1].json()["error"]
    assert deployments(platform, stranger)["deployments"] == []
    assert call(platform, f"/deployments/{talkative}", secrets.token_hex(32)).status_code == 401


def test_bad_questions_about_the_history_are_refused(platform, project):
    assert call(platform, "/deployments", project.token, limit=0, cursor="x").status_code == 400
    assert call(platform, "/deployments/a%20b", project.token).status_code == 400
    assert call(platform, "/deployments/d/logs", project.token, step="compile").status_code == 400
