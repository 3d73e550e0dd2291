"""Variables of builds: set, found by the build, and secrets that nobody gets to see."""

import base64
import json
import secrets
import urllib.parse

import pytest
import requests

from samples import scripted_build


class Variables:
    """Calls /projects/{id}/env with the token of a member."""

    def __init__(self, platform, project):
        self.url = f"{platform.url}/projects/{project.id}/env"
        self.token = project.token

    def call(self, method, name="", token=None, body=None):
        return requests.request(
            method, self.url + ("/" + name if name else ""), timeout=30, json=body,
            headers={"Authorization": "Bearer " + (token or self.token)},
        )

    def set(self, name, value, secret=False):
        answer = self.call("PUT", name, body={"value": value, "secret": secret})
        assert answer.status_code == 200, answer.text
        assert ("value" in answer.json()["variable"]) is not secret


@pytest.fixture
def variables(platform, project):
    return Variables(platform, project)


def forms(secret):
    """Every piece of eight characters of the secret in each of its forms."""
    data = secret.encode()
    texts = [secret, data.hex(), urllib.parse.quote(secret, safe=""), json.dumps(secret)[1:-1]]
    for shift in range(3):
        coded = base64.b64encode(b"\0" * shift + data).decode()[4 if shift else 0:].rstrip("=")[:-2]
        texts += [coded, coded.replace("+", "-").replace("/", "_")]
    return {text[at:at + 8] for text in texts for at in range(len(text) - 7)}


def everything_stored(platform):
    """Every row of the database and every line of the services' logs, as one text."""
    tables = platform.sql("select table_name from information_schema.tables where table_schema = 'public'")
    rows = [
        row for (table,) in tables for (row,) in platform.sql(f'select t::text from "{table}" t')
    ]
    logs = [path.read_text(errors="replace") for path in platform.logs.glob("*.log")]
    return "\n".join(rows + logs)


def assert_no_trace(text, *values):
    for value in values:
        found = sorted(piece for piece in forms(value) if piece in text)
        assert not found, found


ECHO = """
const token = process.env.API_TOKEN, key = process.env.SIGNING_KEY;
console.log('raw ' + token);
console.error('err ' + token);
console.log('here: ' + 'x'.repeat(8180) + token);
console.log(token.slice(0, 9)); console.log(token.slice(9));
for (const lead of ['', 'a', 'ab', 'user:']) {
    console.log('b64 ' + Buffer.from(lead + token).toString('base64'));
    console.log('url ' + Buffer.from(lead + token).toString('base64url'));
}
console.log(Buffer.from(token + token + token).toString('base64').replace(/(.{20})/g, '$1\\n'));
console.log('uri ' + encodeURIComponent(token));
console.log('json ' + JSON.stringify({token, key}));
console.log(key);
console.log('address ' + process.env.API_URL);
fs.writeFileSync('said', token);
"""


def test_a_build_that_tells_its_secrets_in_every_form_is_masked_everywhere(platform, project, variables):
    token = secrets.token_urlsafe(24) + '"/+ \\&=' + secrets.token_urlsafe(6)
    key = "\n".join(["-----BEGIN KEY-----"] + [secrets.token_urlsafe(30) for _ in range(3)] + ["-----END KEY-----", ""])
    variables.set("API_TOKEN", token, secret=True)
    variables.set("SIGNING_KEY", key, secret=True)
    variables.set("API_URL", "https://api.example.com/v1")

    good = platform.deploy_and_wait(project, scripted_build(ECHO, "masked"), 180)
    fails = ECHO + "console.error('cannot log in with ' + token); process.exit(3);"
    bad = platform.deploy_and_wait(project, scripted_build(fails), 180)

    assert good["status"] == "completed", good
    assert b"masked" in platform.page(project.host).body
    assert bad["status"] == "failed"
    assert "cannot log in with [redacted]" in bad["error"]
    log = requests.get(
        f"{platform.url}/deployments/{good['deploymentId']}/logs", timeout=30,
        headers={"Authorization": "Bearer " + project.token, "Accept": "text/plain"},
    ).text
    for line in ("raw [redacted]", "err [redacted]", "uri [redacted]", "address https://api.example.com/v1"):
        assert line in log, log[-3000:]
    assert "Variables of the project: API_TOKEN, API_URL, SIGNING_KEY" in log
    text = everything_stored(platform) + log + json.dumps([good, bad]) + variables.call("GET").text
    assert_no_trace(text, token, *(line for line in key.split("\n") if len(line) > 20))


def test_variables_are_shown_changed_and_removed(platform, project, variables):
    variables.set("B_PLAIN", "one")
    variables.set("A_SECRET", "hush-hush-hush", secret=True)
    variables.set("B_PLAIN", "two")

    shown = variables.call("GET").json()["variables"]

    assert [(v["name"], v["secret"], v.get("value")) for v in shown] == [
        ("A_SECRET", True, None), ("B_PLAIN", False, "two"),
    ]
    assert variables.call("DELETE", "B_PLAIN").status_code == 200
    assert variables.call("DELETE", "B_PLAIN").json()["error"] == "variable_not_found"
    assert [v["name"] for v in variables.call("GET").json()["variables"]] == ["A_SECRET"]


def test_names_and_values_that_cannot_be_are_refused(variables):
    for name in ("PATH", "LD_PRELOAD", "NODE_OPTIONS", "1A", "A-B", "npm_config_prefix"):
        assert variables.call("PUT", name, body={"value": "x"}).json()["error"] == "invalid_variable_name"
    too_long = variables.call("PUT", "LONG", body={"value": "v" * (32 * 1024 + 1)})
    assert [problem["pointer"] for problem in too_long.json()["details"]] == ["/value"]
    for number in range(8):
        assert variables.call("PUT", f"V{number}", body={"value": "v" * 32 * 1024}).status_code == 200
    assert variables.call("PUT", "V8", body={"value": "v"}).json()["error"] == "variables_too_large"


def test_variables_are_the_organisations_own(platform, project, variables):
    variables.set("TOKEN", "hush-hush-hush", secret=True)
    stranger = platform.new_project().token
    viewer = platform.new_member_token(project, "viewer")
    for method, name, body in [("PUT", "X", {"value": "x"}), ("DELETE", "TOKEN", None)]:
        assert variables.call(method, name, viewer, body).json()["error"] == "role_not_sufficient"
        assert variables.call(method, name, stranger, body).json()["error"] == "project_not_found"
    assert variables.call("GET", token=viewer).status_code == 200
    assert variables.call("GET", token=stranger).json()["error"] == "project_not_found"
