"""Limits of requests and deployments, through two gateways on one database."""

import pytest
import requests

from platform_under_test import free_port, wait_until
from samples import plain_site


@pytest.fixture
def gateways(platform):
    """Starts the platform's gateway and a second one with other limits, for one test."""
    second = platform.extra_worker("unused")
    second.name, port = "gateway", str(free_port())
    second.log_path = second.log_path.with_name("gateway-2.log")
    second.environment["LIBRA_PORT"] = port
    urls = [platform.url, f"http://127.0.0.1:{port}"]

    def start(**limits):
        platform.gateway.stop()
        platform.gateway.start(**limits)
        second.start(**limits)
        for url in urls:
            wait_until(lambda url=url: ready(url), 60, "the gateway is ready")
        return urls

    yield start
    second.stop()
    platform.gateway.stop()
    platform.gateway.start()
    wait_until(lambda: ready(platform.url), 60, "the gateway is ready")


def ready(url):
    try:
        return requests.get(url + "/readyz", timeout=2).ok
    except requests.RequestException:
        return False


def post(url, project, **changes):
    body = {"projectId": project.id, "orgId": project.org, "userId": project.user,
            "initFiles": [{"path": path, "content": content} for path, content in plain_site("rate").items()]}
    return requests.post(
        url + "/deploy", json=body | changes, timeout=30, headers={"Authorization": "Bearer " + project.token},
    )


def test_deployments_of_a_caller_are_limited_over_all_gateways(platform, project, gateways):
    first_url, second_url = gateways(DEPLOY_RATE_LIMIT="2")
    first = post(first_url, project)
    second = post(second_url, platform.new_project_in(project))
    assert (first.status_code, second.status_code) == (202, 202)
    assert [answer.headers["RateLimit-Remaining"] for answer in (first, second)] == ["1", "0"]

    for url in (first_url, second_url):
        refused = post(url, platform.new_project_in(project))
        assert refused.status_code == 429
        assert refused.json()["error"] == "rate_limited"
        assert 1 <= int(refused.headers["Retry-After"]) <= 60
    assert post(first_url, platform.new_project()).status_code == 202
    platform.wait_for_end(first.json()["deploymentId"])
    platform.wait_for_end(second.json()["deploymentId"])


def test_requests_with_one_credential_are_limited_and_health_is_not(project, gateways):
    url, _ = gateways(RATE_LIMIT_PER_PRINCIPAL="3")
    ask = {"url": url + "/deployments", "headers": {"Authorization": "Bearer " + project.token}, "timeout": 10}
    answers = [requests.get(**ask) for _ in range(4)]

    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert [answer.headers["RateLimit-Remaining"] for answer in answers] == ["2", "1", "0", "0"]
    assert answers[3].json()["error"] == "rate_limited"
    assert requests.get(url + "/health", timeout=10).status_code == 200
    assert requests.get(url + "/", timeout=10).status_code == 200


def test_the_address_is_the_clients_only_behind_a_proxy_that_is_trusted(gateways):
    url, _ = gateways(RATE_LIMIT_PER_ADDRESS="2", TRUSTED_PROXIES="127.0.0.1")

    def ask(client):
        return requests.get(url + "/", headers={"X-Forwarded-For": client}, timeout=10).status_code

    assert [ask("192.0.2.1") for _ in range(3)] == [200, 200, 429]
    assert ask("192.0.2.2") == 200
    # All that a client can make up stands to the left of what the proxy saw.
    assert ask("192.0.2.77, 192.0.2.1") == 429

    url, _ = gateways(RATE_LIMIT_PER_ADDRESS="2")
    assert [ask(f"192.0.2.{number}") for number in range(3)] == [200, 200, 429]
