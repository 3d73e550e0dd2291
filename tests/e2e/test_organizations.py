"""Organisations, their members and plans, from an empty platform to a deployed site."""

import os
import pathlib
import secrets
import subprocess

import pytest
import requests

from samples import plain_site


def call(platform, method, path, token, **options):
    return requests.request(
        method, platform.url + path, headers={"Authorization": "Bearer " + token}, timeout=30, **options
    )


@pytest.fixture
def operator(platform):
    gateway = pathlib.Path(os.environ["LIBRA_BUILD_DIR"]) / "api-gateway/libra-gateway"
    made = subprocess.run(
        [gateway, "operator-token", "ops"], check=True, timeout=60, capture_output=True, text=True,
        env=dict(os.environ, POSTGRES_URL=platform.database_url()),
    )
    return made.stdout.strip()


@pytest.fixture
def acme(platform, operator):
    """A new organisation of a new user, made through the API alone: its id, its owner, the owner's token."""
    name = "acme-" + secrets.token_hex(4)
    owner = "ada-" + secrets.token_hex(4)
    made = call(platform, "POST", "/organizations", operator, json={
        "orgId": name, "name": "Acme", "ownerId": owner, "freeLimit": 1,
    })
    assert made.status_code == 201, made.text
    token = call(platform, "POST", "/tokens", operator, json={
        "name": "ada's", "scopes": ["deploy"], "userId": owner,
    }).json()["token"]
    return name, owner, token


def test_an_operator_makes_an_organisation_whose_owner_deploys_until_the_quota_is_used(platform, operator, acme):
    org, owner, token = acme
    project = call(platform, "POST", "/projects", token, json={"orgId": org, "name": "Shop " + org}).json()["project"]
    body = {"projectId": project["projectId"], "orgId": org, "userId": owner,
            "initFiles": [{"path": "index.html", "content": "<h1>acme</h1>"}]}

    first = call(platform, "POST", "/deploy", token, json=body)
    assert platform.wait_for_end(first.json()["deploymentId"])["status"] == "completed"
    quota = call(platform, "GET", f"/quota?orgId={org}", token).json()
    assert (quota["plan"], quota["limit"], quota["used"], quota["remaining"]) == ("free", 1, 1, 0)

    second = platform.wait_for_end(call(platform, "POST", "/deploy", token, json=body).json()["deploymentId"])
    assert second["status"] == "failed"
    raised = call(platform, "PUT", f"/organizations/{org}/plans/paid", operator, json={"limit": 5})
    assert (raised.status_code, raised.json()["plan"]) == (200, "paid")
    third = platform.wait_for_end(call(platform, "POST", "/deploy", token, json=body).json()["deploymentId"])
    assert third["status"] == "completed"


def test_a_member_deploys_from_the_moment_it_is_added_to_the_moment_it_is_removed(platform, operator, acme):
    org, _, token = acme
    bob = "bob-" + secrets.token_hex(4)
    bobs = call(platform, "POST", "/tokens", operator, json={
        "name": "bob's", "scopes": ["deploy"], "userId": bob,
    }).json()["token"]
    project = call(platform, "POST", "/projects", token, json={"orgId": org, "name": "Shop " + org}).json()["project"]
    body = {"projectId": project["projectId"], "orgId": org, "userId": bob, "onConflict": "queue",
            "initFiles": [{"path": path, "content": text} for path, text in plain_site("bob").items()]}

    assert call(platform, "POST", "/deploy", bobs, json=body).json()["error"] == "not_a_member"
    member = f"/organizations/{org}/members/{bob}"
    assert call(platform, "PUT", member, bobs, json={"role": "owner"}).status_code == 404
    assert call(platform, "PUT", member, token, json={"role": "viewer"}).status_code == 200
    assert call(platform, "POST", "/deploy", bobs, json=body).json()["error"] == "role_may_not_deploy"
    assert call(platform, "PUT", member, token, json={"role": "member"}).status_code == 200
    assert call(platform, "POST", "/deploy", bobs, json=body).status_code == 202
    listed = call(platform, "GET", f"/organizations/{org}/members", bobs).json()["members"]
    assert {"userId": bob, "role": "member"} in listed
    assert call(platform, "PUT", member, bobs, json={"role": "admin"}).json()["error"] == "role_not_sufficient"
    assert call(platform, "DELETE", member, token).status_code == 200
    assert call(platform, "DELETE", member, token).json()["error"] == "member_not_found"
    assert call(platform, "POST", "/deploy", bobs, json=body).json()["error"] == "not_a_member"
    assert call(platform, "GET", f"/organizations/{org}", bobs).status_code == 404


def test_the_last_owner_stays(platform, acme):
    org, owner, token = acme
    left = call(platform, "DELETE", f"/organizations/{org}/members/{owner}", token)
    assert (left.status_code, left.json()["error"]) == (409, "last_owner")


def test_only_operators_make_organisations_and_set_plans(platform, acme):
    org, owner, token = acme
    made = call(platform, "POST", "/organizations", token, json={"name": "Mine", "ownerId": owner})
    assert (made.status_code, made.json()["error"]) == (403, "missing_scope")
    assert call(platform, "PUT", f"/organizations/{org}/plans/free", token, json={"limit": 99}).status_code == 403
    taken = call(platform, "PATCH", f"/organizations/{org}", token, json={"name": "Acme & Sons"})
    assert (taken.status_code, taken.json()["organization"]["name"]) == (200, "Acme & Sons")
