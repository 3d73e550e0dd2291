"""JWTs of a trusted issuer as credentials: each algorithm, bad ones, new keys, an issuer that is away."""

import hashlib
import time

import pytest
import requests

from jwt_issuer import LEAVE_OUT, MAKERS, Issuer, base64url
from platform_under_test import free_port, wait_until
from samples import plain_site


@pytest.fixture(scope="module")
def issuer():
    made = Issuer()
    for algorithm in MAKERS:
        made.add_key(f"key-{algorithm}", algorithm)
    made.start()
    yield made
    made.stop()


@pytest.fixture(scope="module", autouse=True)
def trust(platform, issuer):
    """The platform's gateway trusts the issuer while these tests run. Calling it starts it anew."""

    def restart(**settings):
        platform.gateway.stop()
        platform.gateway.start(**settings)
        wait_until(lambda: platform.gateway.running() and platform.ready(), 60, "the gateway is ready")

    restart(**issuer.settings())
    yield lambda: restart(**issuer.settings())
    restart()


def ask(platform, token, method="GET", path="/me", **options):
    return requests.request(
        method, platform.url + path, headers={"Authorization": "Bearer " + token}, timeout=30, **options
    )


def is_good(platform, token):
    return ask(platform, token).status_code == 200


@pytest.mark.parametrize("algorithm", MAKERS)
def test_one_deploys_and_watches_with_a_jwt(platform, project, issuer, algorithm):
    token = issuer.token(f"key-{algorithm}", project.user)

    me = ask(platform, token)
    assert me.status_code == 200, me.text
    assert (me.json()["userId"], me.json()["service"], me.json()["scopes"]) == (project.user, False, ["deploy"])
    accepted = platform.post_deploy(project, plain_site(algorithm), token=token)
    assert accepted.status_code == 202, accepted.text
    deployment = accepted.json()["deploymentId"]
    events = ask(platform, token, path=f"/deployments/{deployment}/events", stream=True)
    assert "event: end" in events.text
    assert platform.wait_for_end(deployment)["status"] == "completed"
    assert algorithm in platform.page(project.host).body.decode()

    assert token not in platform.gateway.log_path.read_text()
    digest = hashlib.sha256(token.encode()).digest()
    assert platform.sql("select user_id from jwts where digest = %s", digest) == [(project.user,)]


def bad_tokens(issuer, user):
    now = int(time.time())
    good = issuer.token("key-EdDSA", user)
    head, claims, signature = good.split(".")
    stranger = MAKERS["EdDSA"]()
    others = issuer.token("key-EdDSA", "eve").split(".")[1]
    return {
        "another audience": issuer.token("key-RS256", user, aud="others"),
        "another issuer": issuer.token("key-ES256", user, iss="https://evil.example/"),
        "expired": issuer.token("key-EdDSA", user, exp=now - 120),
        "without an end": issuer.token("key-EdDSA", user, exp=LEAVE_OUT),
        "not yet valid": issuer.token("key-EdDSA", user, nbf=now + 300),
        "without a user": issuer.token("key-EdDSA", user, sub=LEAVE_OUT),
        "with a user that is no id": issuer.token("key-EdDSA", user, sub="auth0|7"),
        "with the claims of another": ".".join([head, others, signature]),
        "with a part of the signature": good[:-8],
        "of a stranger": issuer.token("key-EdDSA", user, key=stranger),
        "that asks for more": issuer.token("key-EdDSA", user, headers={"crit": ["exp"]}),
        "that nobody signed": base64url(b'{"alg":"none","kid":"key-EdDSA"}') + f".{claims}.",
        "under a public key": issuer.under_public_key("key-RS256", user),
    }


def test_a_jwt_that_is_no_good_lets_nobody_in(platform, project, issuer):
    for what, token in bad_tokens(issuer, project.user).items():
        for answer in (ask(platform, token), platform.post_deploy(project, plain_site("no"), token=token)):
            assert (answer.status_code, answer.json()["error"]) == (401, "unauthenticated"), what
            assert answer.headers["WWW-Authenticate"] == "Bearer", what
    assert is_good(platform, issuer.token("key-EdDSA", project.user))
    assert "a JWT was refused" in platform.gateway.log_path.read_text()


def test_within_the_leeway_clocks_may_differ(platform, project, issuer):
    now = int(time.time())

    assert is_good(platform, issuer.token("key-EdDSA", project.user, exp=now - 20))
    assert is_good(platform, issuer.token("key-EdDSA", project.user, nbf=now + 40, iat=now + 40))


def test_the_scopes_of_a_jwt_are_those_it_names(platform, project, issuer):
    def scopes(scope):
        return ask(platform, issuer.token("key-EdDSA", project.user, scope=scope)).json()["scopes"]

    assert scopes("openid email") == ["deploy"]
    assert scopes("libra:read openid") == ["read"]
    assert scopes("libra:read libra:admin") == ["read", "deploy"]

    reader = issuer.token("key-EdDSA", project.user, scope="libra:read")
    assert platform.post_deploy(project, plain_site("no"), token=reader).json()["error"] == "missing_scope"
    administrator = issuer.token("key-EdDSA", project.user, scope="libra:admin")
    refused = ask(platform, administrator, "POST", "/sessions", json={"userId": project.user})
    assert (refused.status_code, refused.json()["error"]) == (403, "missing_scope")
    other = platform.new_project()
    assert platform.post_deploy(other, plain_site("no"), token=administrator).status_code == 403
    assert ask(platform, administrator, path=f"/projects/{other.id}").status_code == 404
    assert ask(platform, administrator, path="/dlq").json()["error"] == "missing_scope"


def test_a_jwt_is_none_of_the_tokens_of_its_user(platform, project, issuer):
    token = issuer.token("key-EdDSA", project.user)
    before = ask(platform, token, path="/tokens").json()["tokens"]

    made = ask(platform, token, "POST", "/tokens", json={"name": "short", "scopes": ["read"], "expiresInDays": 30})

    assert made.status_code == 201, made.text
    listed = ask(platform, token, path="/tokens").json()["tokens"]
    assert [each["tokenId"] for each in listed] == [made.json()["tokenId"], *(each["tokenId"] for each in before)]
    ((lasts,),) = platform.sql(
        "select extract(epoch from expires_at - now())::int from tokens where id = %s", made.json()["tokenId"],
    )
    assert 0 < lasts <= 660


def test_a_new_key_is_taken_and_an_old_one_dropped_without_a_restart(platform, project, issuer):
    issuer.add_key("old", "ES256")
    old = issuer.token("old", project.user)
    wait_until(lambda: is_good(platform, old), 60, "the gateway has seen the key")

    issuer.published.remove("old")
    issuer.add_key("new", "RS256")
    new = issuer.token("new", project.user)
    wait_until(lambda: is_good(platform, new), 60, "the gateway has seen the new key")

    assert ask(platform, old).status_code == 401
    assert ask(platform, issuer.token("old", project.user)).status_code == 401
    assert is_good(platform, issuer.token("key-EdDSA", project.user))


def test_an_issuer_that_is_away_stops_nobody_whose_key_is_known(platform, project, issuer):
    assert is_good(platform, issuer.token("key-EdDSA", project.user))
    issuer.add_key("unknown", "EdDSA")
    issuer.stop()
    try:
        assert is_good(platform, issuer.token("key-EdDSA", project.user, scope="libra:read"))
        unknown = issuer.token("unknown", project.user)
        wait_until(lambda: ask(platform, unknown).status_code == 503, 60, "the gateway has asked for the key")
    finally:
        issuer.start()
    wait_until(lambda: is_good(platform, unknown), 60, "the gateway has got the key")


def test_without_the_issuers_keys_a_jwt_is_answered_with_503_until_they_are_there(platform, project, issuer, trust):
    token = issuer.token("key-RS256", project.user)
    issuer.stop()
    try:
        trust()
        refused = ask(platform, token)
        assert (refused.status_code, refused.json()["error"]) == (503, "unavailable")
        assert int(refused.headers["Retry-After"]) >= 1
        assert is_good(platform, project.token)
        assert ask(platform, "eyJub3QiOiJhIn0.e30.").status_code == 503
    finally:
        issuer.start()
    wait_until(lambda: is_good(platform, token), 60, "the gateway has the keys")


def test_a_gateway_that_trusts_no_issuer_takes_no_jwt(platform, project, issuer):
    token = issuer.token("key-EdDSA", project.user)
    assert is_good(platform, token)
    port = free_port()
    gateway = platform.extra_gateway("trusting-nobody", port)
    gateway.start()
    try:
        url = f"http://127.0.0.1:{port}/me"
        headers = {"Authorization": "Bearer " + token}

        def status():
            try:
                return requests.get(url, headers=headers, timeout=10).status_code
            except requests.ConnectionError:
                return None

        assert wait_until(status, 60, "the gateway answers") == 401
    finally:
        gateway.stop()
