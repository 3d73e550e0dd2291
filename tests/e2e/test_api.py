"""The HTTP API of a running gateway: who may deploy what, and what is answered to everybody else."""

import re

import pytest
import requests
from selenium.webdriver.common.by import By

from browser import browser, foreign_requests
from platform_under_test import STEPS, wait_until
from samples import plain_site

TIMESTAMP = re.compile(r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$")


def assert_error(answer, status):
    assert answer.status_code == status, answer.text
    body = answer.json()
    assert body["success"] is False
    assert body["error"] and body["message"]
    assert TIMESTAMP.match(body["timestamp"])
    assert answer.headers["X-Request-Id"] and answer.headers["X-Response-Time"]
    return body


def deployments_of(platform, project):
    return platform.sql("select id from deployments where project_id = %s", project.id)


def test_a_deployment_is_accepted_and_can_be_asked_for(platform, project):
    answer = platform.post_deploy(project, plain_site("hello"))

    assert answer.status_code == 202, answer.text
    body = answer.json()
    assert (body["success"], body["status"], body["message"]) == (
        True, "queued", "Deployment queued successfully",
    )
    assert TIMESTAMP.match(body["timestamp"])
    assert body["deploymentId"] in answer.headers["Location"]
    status = platform.status(body["deploymentId"])
    assert set(status["steps"]) == set(STEPS)
    assert status["deploymentId"] == body["deploymentId"]
    platform.wait_for_end(body["deploymentId"])


def test_a_session_cookie_is_as_good_as_a_token(platform, project):
    headers = {"Cookie": "session=" + platform.new_session(project)}

    answer = platform.post_deploy(project, plain_site("hello"), headers=headers)

    assert answer.status_code == 202, answer.text
    platform.wait_for_end(answer.json()["deploymentId"])


def test_all_problems_of_an_invalid_body_are_named_at_once(platform, project):
    answer = platform.post_deploy(
        project,
        projectId=None,
        userId=7,
        customDomain="not a host name",
        initFiles=[
            {"path": "../outside", "content": ""},
            {"path": "index.html"},
        ],
        historyMessages=[{"role": "robot", "content": ""}],
    )

    details = assert_error(answer, 400)["details"]
    pointers = {problem["pointer"] for problem in details}
    assert {
        "/projectId", "/userId", "/customDomain", "/initFiles/0/path", "/initFiles/1/content",
        "/historyMessages/0/role",
    } <= pointers
    assert all(problem["reason"] for problem in details)
    assert deployments_of(platform, project) == []


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[]", b'{"a": 1} trailing', b"[" * 100_000],
    ids=["nothing", "cut off", "an array", "something after it", "deep"],
)
def test_a_body_that_is_no_json_object_is_refused(platform, project, body):
    answer = requests.post(
        platform.url + "/deploy", data=body, timeout=10,
        headers={"Authorization": "Bearer " + project.token, "Content-Type": "application/json"},
    )

    assert_error(answer, 400)


def test_an_unknown_project_is_refused(platform, project):
    assert_error(platform.post_deploy(project, plain_site("x"), projectId="no-such-project"), 404)


def test_a_project_of_another_organisation_is_refused(platform, project):
    stranger = platform.new_project()

    answer = platform.post_deploy(project, plain_site("x"), projectId=stranger.id)

    assert answer.status_code in (403, 404)
    assert_error(answer, answer.status_code)
    assert deployments_of(platform, stranger) == []


@pytest.mark.parametrize("headers", [
    {},
    {"Authorization": "Bearer " + "0" * 64},
    {"Authorization": "Bearer"},
    {"Authorization": "Basic dXNlcjpwYXNz"},
    {"Cookie": "session=" + "0" * 64},
])
def test_without_a_valid_token_nothing_is_deployed(platform, project, headers):
    answer = platform.post_deploy(project, plain_site("x"), headers=headers)

    assert_error(answer, 401)
    assert deployments_of(platform, project) == []


def test_a_viewer_may_not_deploy(platform):
    viewer = platform.new_project(role="viewer")

    assert_error(platform.post_deploy(viewer, plain_site("x")), 403)
    assert deployments_of(platform, viewer) == []


def test_an_expired_token_is_refused(platform, project):
    platform.sql("update tokens set expires_at = now() - interval '1 second' where user_id = %s", project.user)

    assert_error(platform.post_deploy(project, plain_site("x")), 401)


def test_an_exhausted_quota_fails_the_deployment_and_is_not_taken(platform):
    project = platform.new_project(free_deployments=1)
    first = platform.deploy_and_wait(project, plain_site("first"))

    second = platform.deploy_and_wait(project, plain_site("second"))

    assert first["status"] == "completed"
    assert second["status"] == "failed"
    assert second["steps"]["validate"]["status"] == "failed"
    assert "plan" in second["error"]
    assert b"first" in platform.page(project.host).body
    assert platform.sql("select used from plan_allowances where org_id = %s", project.org) == [(1,)]


def test_the_status_of_an_unknown_or_malformed_id(platform):
    ask = platform.url + "/deploy-status"

    assert_error(requests.get(ask, params={"id": "0" * 32}, timeout=10), 404)
    assert_error(requests.get(ask, timeout=10), 400)
    assert_error(requests.get(ask, params={"id": "no id at all!"}, timeout=10), 400)


def test_unknown_paths_and_methods(platform):
    assert_error(requests.get(platform.url + "/nothing", timeout=10), 404)
    answer = requests.delete(platform.url + "/deploy", timeout=10)
    assert_error(answer, 405)
    assert "POST" in answer.headers["Allow"]


def test_service_information_and_probes(platform):
    information = requests.get(platform.url + "/", timeout=10).json()
    health = requests.get(platform.url + "/health", timeout=10)

    assert {"message", "service", "version", "status", "timestamp", "architecture", "description",
            "endpoints"} <= set(information)
    assert health.status_code == 200
    assert health.json()["checks"] == {"database": "healthy", "queue": "healthy"}
    for path in ("/livez", "/readyz", "/metrics", "/openapi.json"):
        assert requests.get(platform.url + path, timeout=10).status_code == 200
    assert requests.get(platform.url + "/openapi.json", timeout=10).json()["openapi"].startswith("3.1")


def test_a_worker_answers_probes_and_shows_metrics(platform):
    url = f"http://127.0.0.1:{platform.workers[0].port}"

    def ready():
        try:
            return requests.get(url + "/readyz", timeout=2).ok
        except requests.RequestException:
            return False

    wait_until(ready, 60, "the worker is ready")
    for path in ("/livez", "/metrics"):
        assert requests.get(url + path, timeout=10).status_code == 200


def test_a_worker_whose_port_is_taken_says_so(platform):
    second = platform.extra_worker("taken")
    second.environment["LIBRA_WORKER_PORT"] = str(platform.workers[0].port)
    second.start()

    assert second.process.wait(timeout=60) == 1
    assert "WORKER_HTTP_PORT" in second.log_tail()


def test_the_api_reference_needs_no_internet(platform):
    with browser() as driver:
        driver.get(platform.url + "/docs")
        wait_until(
            lambda: "/deploy-status" in driver.find_element(By.TAG_NAME, "body").text, 30,
            "the reference shows the endpoints",
        )
        assert foreign_requests(driver, platform.url) == []
