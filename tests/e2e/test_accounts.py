"""Who asks: tokens, sessions, and what they may do."""

import os
import pathlib
import secrets
import subprocess

import pytest
import requests

from samples import plain_site


def call(platform, method, path, token=None, cookie=None, **options):
    headers = {"Authorization": "Bearer " + token} if token else {}
    if cookie:
        headers["Cookie"] = "session=" + cookie
    return requests.request(method, platform.url + path, headers=headers, timeout=30, **options)


@pytest.fixture
def operator_token(platform):
    """As an installation gets its first one."""
    gateway = pathlib.Path(os.environ["LIBRA_BUILD_DIR"]) / "api-gateway/libra-gateway"
    made = subprocess.run(
        [gateway, "operator-token", "ops"], check=True, timeout=60, capture_output=True, text=True,
        env=dict(os.environ, POSTGRES_URL=platform.database_url()),
    )
    return made.stdout.strip()


def test_a_token_is_shown_once_used_and_revoked_at_once(platform, project):
    answer = call(
        platform, "POST", "/tokens", project.token,
        json={"name": "build server", "scopes": ["deploy"], "expiresInDays": 90},
    )
    assert answer.status_code == 201, answer.text
    made = answer.json()
    assert made["token"].startswith("libra_") and len(made["token"]) == 49

    me = call(platform, "GET", "/me", made["token"]).json()
    assert (me["userId"], me["service"], me["scopes"]) == (project.user, False, ["deploy"])
    assert me["organizations"] == [{"orgId": project.org, "name": "Test", "role": "member"}]
    deployment = platform.post_deploy(project, plain_site("by token"), token=made["token"])
    assert deployment.status_code == 202, deployment.text

    listed = call(platform, "GET", "/tokens", project.token)
    assert made["token"] not in listed.text
    newest = listed.json()["tokens"][0]
    assert newest["tokenId"] == made["tokenId"] and newest["lastUsedAt"] and newest["expiresAt"]

    assert call(platform, "DELETE", f"/tokens/{made['tokenId']}", made["token"]).status_code == 200
    assert call(platform, "GET", "/me", made["token"]).status_code == 401
    assert platform.post_deploy(project, token=made["token"]).status_code == 401
    assert platform.sql("select count(*) from tokens where encode(digest, 'escape') like '%%libra%%'") == [(0,)]
    assert made["token"] not in platform.gateway.log_path.read_text()


def test_nobody_makes_more_of_a_token_than_it_is(platform, project):
    reader = call(platform, "POST", "/tokens", project.token, json={"name": "r", "scopes": ["read"]}).json()["token"]

    def refused(token, **body):
        answer = call(platform, "POST", "/tokens", token, json={"name": "x"} | body)
        assert answer.status_code == 403, answer.text
        return answer.json()["error"]

    assert refused(project.token, scopes=["admin"]) == "scope_exceeded"
    assert refused(reader, scopes=["read"]) == "missing_scope"
    assert refused(project.token, scopes=["read"], userId="somebody") == "not_an_operator"
    assert refused(project.token, scopes=["read"], service=True) == "not_an_operator"
    assert platform.post_deploy(project, token=reader).json()["error"] == "missing_scope"


def test_the_tokens_of_others_are_as_good_as_absent(platform, project):
    other = platform.new_project()
    mine = call(platform, "GET", "/tokens", project.token).json()["tokens"][0]["tokenId"]

    answer = call(platform, "DELETE", f"/tokens/{mine}", other.token)

    assert (answer.status_code, answer.json()["error"]) == (404, "token_not_found")
    assert call(platform, "DELETE", "/tokens/" + secrets.token_hex(16), other.token).status_code == 404
    assert call(platform, "GET", "/tokens", other.token, params={"userId": project.user}).status_code == 403
    assert call(platform, "GET", "/me", project.token).status_code == 200


def test_an_operator_begins_sessions_and_makes_tokens_for_users(platform, project, operator_token):
    begun = call(platform, "POST", "/sessions", operator_token, json={"userId": project.user})
    assert begun.status_code == 201, begun.text
    cookie, number = begun.json()["token"], begun.json()["sessionId"]
    assert call(platform, "GET", "/me", cookie=cookie).json()["userId"] == project.user
    assert [s["sessionId"] for s in call(platform, "GET", "/sessions", cookie=cookie).json()["sessions"]] == [number]

    made = call(
        platform, "POST", "/tokens", operator_token,
        json={"name": "admin of ada", "scopes": ["admin"], "userId": project.user},
    )
    assert made.status_code == 201, made.text
    administrator = made.json()["token"]
    assert call(platform, "POST", "/sessions", administrator, json={"userId": "eve"}).status_code == 403

    assert call(platform, "DELETE", f"/sessions/{number}", cookie=cookie).status_code == 200
    assert call(platform, "GET", "/me", cookie=cookie).status_code == 401
    assert call(platform, "DELETE", "/sessions/unknown", administrator).json()["error"] == "session_not_found"
    ((actors,),) = platform.sql("select array_agg(distinct actor) from audit_log where subject = %s", number)
    assert sorted(actors) == ["ops", project.user]


def test_requests_for_credentials_that_make_no_sense_are_refused(platform, project, operator_token):
    for path, token, body in [
        ("/tokens", project.token, {"scopes": ["root"]}),
        ("/tokens", project.token, {"name": "x", "scopes": ["read"], "expires": 3}),
        ("/sessions", operator_token, {"userId": "a b", "expiresInDays": 91}),
    ]:
        answer = call(platform, "POST", path, token, json=body)
        assert (answer.status_code, answer.json()["error"]) == (400, "validation_failed")
    assert call(platform, "GET", "/tokens", project.token, params={"limit": 0}).status_code == 400
