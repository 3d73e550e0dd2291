"""Dead letters: looked at, sent again, discarded, and in step with the broker's own queue."""

import hashlib
import secrets

import pytest
import requests

from platform_under_test import wait_until
from samples import plain_site


class Operator:
    """Calls /dlq with a token that has the scope `admin`."""

    def __init__(self, platform):
        self.platform = platform
        self.token = secrets.token_hex(32)
        platform.sql(
            "insert into tokens (digest, user_id, scopes) values (%s, 'ops', '{admin}')",
            hashlib.sha256(self.token.encode()).digest(),
        )

    def call(self, method, path, token=None, **options):
        return requests.request(
            method, self.platform.url + path, timeout=30,
            headers={"Authorization": "Bearer " + (token or self.token)}, **options,
        )

    def letters(self, **filters):
        answer = self.call("GET", "/dlq", params=filters)
        assert answer.status_code == 200, answer.text
        return answer.json()["letters"]


@pytest.fixture
def operator(platform):
    return Operator(platform)


@pytest.fixture
def exhausted(platform, project, lone_worker):
    """A deployment that failed three times because a file of it was lost, and what brings it back."""
    page = secrets.token_hex(8000)  # too large to travel in the message
    deployment = platform.deploy(project, {"index.html": page})
    digest = hashlib.sha256(page.encode()).hexdigest()
    blob = platform.folder / "objects" / digest[:2] / digest
    content = blob.read_bytes()
    blob.unlink()
    lone_worker.start()
    assert platform.wait_for_end(deployment)["status"] == "failed"
    return deployment, lambda: blob.write_bytes(content)


def wait_until_in_step(platform):
    """Until the broker's queue has one copy of each open letter."""

    def in_step():
        with platform.amqp() as connection:
            copies = connection.channel().queue_declare("deployment-dlq", passive=True).method.message_count
        ((letters,),) = platform.sql("select count(*) from dead_letters where state = 'open'")
        return copies == letters

    wait_until(in_step, 60, "the broker's queue holds the open letters")


def test_an_exhausted_deployment_is_explained_sent_again_and_completes(
    platform, project, operator, exhausted
):
    deployment, repair = exhausted
    (letter,) = operator.letters(projectId=project.id)
    assert (letter["class"], letter["deploymentId"], letter["state"]) == ("exhausted", deployment, "open")
    shown = operator.call("GET", f"/dlq/{letter['id']}").json()
    assert shown["message"]["deploymentId"] == deployment
    assert [attempt["outcome"] for attempt in shown["attempts"]] == ["retry", "retry", "failed"]
    assert {attempt["step"] for attempt in shown["attempts"]} == {"sync"}
    assert all(attempt["worker"] and attempt["endedAt"] for attempt in shown["attempts"])
    wait_until_in_step(platform)
    repair()

    answer = operator.call("POST", f"/dlq/{letter['id']}/requeue")

    assert answer.status_code == 200, answer.text
    assert platform.wait_for_end(deployment)["status"] == "completed"
    assert operator.call("POST", f"/dlq/{letter['id']}/requeue").json()["error"] == "already_resolved"
    assert operator.letters(projectId=project.id) == []
    (resolved,) = operator.letters(projectId=project.id, state="requeued")
    assert resolved["resolvedBy"] == "ops"
    outcomes = [a["outcome"] for a in operator.call("GET", f"/dlq/{letter['id']}").json()["attempts"]]
    assert outcomes == ["retry", "retry", "failed", "completed"]
    assert platform.sql("select used from plan_allowances where org_id = %s", project.org) == [(1,)]
    wait_until_in_step(platform)


def test_letters_that_match_are_sent_again_in_one_call(platform, project, operator, exhausted):
    deployment, repair = exhausted
    repair()

    answer = operator.call("POST", "/dlq/requeue", json={"projectId": project.id})

    assert answer.status_code == 200, answer.text
    assert (answer.json()["requeued"], answer.json()["skipped"]) == (1, 0)
    assert platform.wait_for_end(deployment)["status"] == "completed"


def test_a_discarded_letter_says_why_and_leaves_the_brokers_queue(platform, operator):
    message = secrets.token_bytes(16)
    with platform.amqp() as connection:
        connection.channel().basic_publish("", "deployment-queue", message)
    wait_until(lambda: platform.sql("select 1 from dead_letters where message = %s", message), 30, "it is a letter")
    ((number,),) = platform.sql("select id from dead_letters where message = %s", message)
    wait_until_in_step(platform)

    answer = operator.call("DELETE", f"/dlq/{number}", json={"reason": "noise of a test"})

    assert answer.status_code == 200, answer.text
    letter = operator.call("GET", f"/dlq/{number}").json()
    assert (letter["state"], letter["resolution"]) == ("discarded", "noise of a test")
    assert "messageBase64" in letter or "messageText" in letter
    assert platform.sql(
        "select actor, action from audit_log where subject = %s", str(number)
    ) == [("ops", "dead_letter.discard")]
    wait_until_in_step(platform)


def test_what_the_broker_itself_gave_up_on_is_shown_and_its_deployment_can_be_sent_again(
    platform, project, operator, lone_worker
):
    """As after twenty deliveries that nobody settled: the broker moves the message on its own."""
    deployment = platform.deploy(project, plain_site("undeliverable"))
    with platform.amqp() as connection:
        channel = connection.channel()
        taken = wait_until(
            lambda: (got := channel.basic_get("deployment-queue"))[0] and got, 30, "the message is there"
        )
        channel.basic_reject(taken[0].delivery_tag, requeue=False)

    lone_worker.start()
    status = platform.wait_for_end(deployment, 60)

    assert status["status"] == "failed"
    (letter,) = operator.letters(projectId=project.id)
    assert (letter["class"], letter["deploymentId"]) == ("poison", deployment)
    assert "rejected" in letter["reason"]
    assert operator.call("POST", f"/dlq/{letter['id']}/requeue").status_code == 200
    assert platform.wait_for_end(deployment)["status"] == "completed"


def test_dead_letters_are_for_administrators(platform, project, operator):
    for method, path, body in [
        ("GET", "/dlq", None),
        ("GET", "/dlq/1", None),
        ("POST", "/dlq/1/requeue", None),
        ("POST", "/dlq/requeue", {}),
        ("DELETE", "/dlq/1", {"reason": "no"}),
    ]:
        for token, status in [(project.token, 403), (secrets.token_hex(32), 401)]:
            answer = operator.call(method, path, token=token, json=body)
            assert answer.status_code == status, (method, path, answer.text)
    assert operator.call("GET", "/dlq/999999999").status_code == 404
    assert operator.call("GET", "/dlq", params={"limit": "none", "state": "lost"}).status_code == 400
