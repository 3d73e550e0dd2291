"""Webhooks and the exchange of events: who is told what becomes of a deployment, and can rely on it."""

import base64
import hashlib
import hmac
import json
import time

import pytest
import requests

from platform_under_test import wait_until
from samples import plain_site
from webhook_receiver import Receiver


@pytest.fixture
def receive():
    """Makes receivers that end with the test."""
    made = []

    def make(*arguments, **named):
        made.append(Receiver(*arguments, **named))
        return made[-1]

    yield make
    for receiver in made:
        receiver.stop()


class Hooks:
    """The API about the webhooks of a project's organisation, as one of its admins."""

    def __init__(self, platform, project):
        self.platform = platform
        self.token = platform.new_member_token(project, "admin")
        self.base = f"/organizations/{project.org}/webhooks"

    def call(self, method, path="", token=None, **options):
        return requests.request(
            method, self.platform.url + self.base + path, timeout=30,
            headers={"Authorization": "Bearer " + (token or self.token)}, **options,
        )

    def create(self, url, **more):
        """The webhook's id and secret."""
        made = self.call("POST", json={"url": url, **more})
        assert made.status_code == 201, made.text
        return made.json()["webhook"]["webhookId"], made.json()["secret"]

    def test(self, webhook):
        queued = self.call("POST", f"/{webhook}/test")
        assert queued.status_code == 202, queued.text
        return queued.json()["deliveryId"]

    def delivery(self, webhook, delivery):
        shown = self.call("GET", f"/{webhook}/deliveries/{delivery}")
        assert shown.status_code == 200, shown.text
        return shown.json()["delivery"]

    def wait_for_attempts(self, webhook, delivery, count):
        wait_until(
            lambda: self.delivery(webhook, delivery)["attempts"] >= count, 60, f"{count} attempts are recorded"
        )
        return self.delivery(webhook, delivery)


@pytest.fixture
def hooks(platform, project):
    return Hooks(platform, project)


def assert_signed(headers, body, secret):
    """As the specification of Standard Webhooks tells receivers to."""
    assert abs(time.time() - int(headers["webhook-timestamp"])) < 300
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    key = base64.b64decode(secret.removeprefix("whsec_"))
    expected = "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    assert expected in headers["webhook-signature"].split(" ")


def test_a_webhook_is_told_of_a_deployments_start_and_end_with_its_signature(platform, project, hooks, receive):
    receiver = receive()
    webhook, secret = hooks.create(receiver.url)

    deployment = platform.post_deploy(project, plain_site("told")).json()["deploymentId"]
    ended = platform.wait_for_end(deployment)

    messages = receiver.wait_for(2)
    assert sorted(body["type"] for _, body in messages) == ["deployment.completed", "deployment.started"]
    for headers, raw in receiver.messages:
        assert headers["content-type"] == "application/json"
        assert_signed(headers, raw, secret)
    data = next(body["data"] for _, body in messages if body["type"] == "deployment.completed")
    assert (data["deploymentId"], data["projectId"], data["orgId"]) == (deployment, project.id, project.org)
    assert (data["status"], data["url"]) == ("completed", ended["url"])
    listed = hooks.call("GET", f"/{webhook}/deliveries").json()["deliveries"]
    assert {row["deliveryId"] for row in listed} == {headers["webhook-id"] for headers, _ in messages}
    for row in listed:
        assert hooks.wait_for_attempts(webhook, row["deliveryId"], 1)["status"] == "delivered"
        assert row["deploymentId"] == deployment


def test_a_webhook_is_told_only_what_it_wished_to_know(platform, project, hooks, receive):
    every, failures = receive(), receive()
    hooks.create(every.url)
    hooks.create(failures.url, events=["deployment.failed"])

    broken = platform.post_deploy(project, {"package.json": "{", "index.html": "x"}).json()["deploymentId"]
    assert platform.wait_for_end(broken)["status"] == "failed"

    every.wait_for(2)
    [(_, body)] = failures.wait_for(1)
    assert body["type"] == "deployment.failed"
    assert body["data"]["failureClass"] == "user"
    assert body["data"]["error"]


def test_a_message_that_was_not_taken_comes_again_as_the_same_message(hooks, receive):
    receiver = receive(answers=[(500, {})])
    webhook, secret = hooks.create(receiver.url)

    message = hooks.test(webhook)

    messages = receiver.wait_for(2)
    assert [headers["webhook-id"] for headers, _ in messages] == [message, message]
    for headers, raw in receiver.messages:
        assert_signed(headers, raw, secret)
    shown = hooks.wait_for_attempts(webhook, message, 2)
    assert shown["status"] == "delivered"
    assert [attempt.get("statusCode") for attempt in shown["attemptList"]] == [500, 204]
    assert shown["attemptList"][0]["error"] == "the receiver answered 500"
    assert shown["payload"] == messages[0][1]


def test_a_message_is_sent_again_on_demand(hooks, receive):
    receiver = receive()
    webhook, _ = hooks.create(receiver.url)
    message = hooks.test(webhook)
    receiver.wait_for(1)
    hooks.wait_for_attempts(webhook, message, 1)

    assert hooks.call("POST", f"/{webhook}/deliveries/{message}/redeliver").status_code == 202

    messages = receiver.wait_for(2)
    assert [headers["webhook-id"] for headers, _ in messages] == [message, message]
    assert hooks.wait_for_attempts(webhook, message, 2)["status"] == "delivered"


def test_a_receiver_that_is_gone_is_left_alone_until_its_webhook_is_switched_on_again(hooks, receive):
    receiver = receive(answers=[(410, {})])
    webhook, _ = hooks.create(receiver.url)
    message = hooks.test(webhook)
    assert hooks.wait_for_attempts(webhook, message, 1)["status"] == "failed"

    shown = hooks.call("GET", f"/{webhook}").json()["webhook"]
    assert not shown["active"]
    assert "410" in shown["disabledReason"]
    assert hooks.call("POST", f"/{webhook}/test").json()["error"] == "webhook_inactive"
    assert hooks.call("POST", f"/{webhook}/deliveries/{message}/redeliver").json()["error"] == "webhook_inactive"

    switched_on = hooks.call("PATCH", f"/{webhook}", json={"active": True}).json()["webhook"]
    assert switched_on["active"] and "disabledReason" not in switched_on
    hooks.test(webhook)
    receiver.wait_for(2)


@pytest.mark.parametrize("host", ["127.0.0.2", "2130706434", "[::ffff:127.0.0.2]", "0x7f.2"])
def test_nothing_is_sent_to_an_address_that_is_not_public_nor_allowed(hooks, receive, host):
    inside = receive("127.0.0.2")
    webhook, _ = hooks.create(inside.url.replace("127.0.0.2", host))

    shown = hooks.wait_for_attempts(webhook, hooks.test(webhook), 1)

    assert shown["status"] == "pending"
    assert shown["attemptList"][0]["error"] == "the URL leads to an address that this platform sends nothing to"
    assert inside.messages == []


def test_a_redirect_is_not_followed(hooks, receive):
    inside = receive("127.0.0.2")
    receiver = receive(answers=[(307, {"Location": inside.url})])
    webhook, _ = hooks.create(receiver.url)

    shown = hooks.wait_for_attempts(webhook, hooks.test(webhook), 1)

    assert shown["attemptList"][0]["error"] == "the receiver answered 307; redirects are not followed"
    assert shown["attemptList"][0]["statusCode"] == 307
    assert inside.messages == []


def test_webhooks_are_their_organisations_business_alone(platform, project, hooks, receive):
    receiver = receive()
    webhook, _ = hooks.create(receiver.url)
    stranger = platform.new_project().token
    member = project.token

    assert hooks.call("GET", token=member).json()["webhooks"][0]["webhookId"] == webhook
    assert hooks.call("POST", token=member, json={"url": receiver.url}).json()["error"] == "role_not_sufficient"
    assert hooks.call("GET", token=stranger).json()["error"] == "organization_not_found"
    for method, path, body in [
        ("GET", f"/{webhook}", None), ("PATCH", f"/{webhook}", {"active": False}), ("DELETE", f"/{webhook}", None),
        ("POST", f"/{webhook}/test", None), ("GET", f"/{webhook}/deliveries", None),
    ]:
        assert hooks.call(method, path, token=stranger, json=body).status_code == 404
    assert hooks.call("POST", json={"url": "gopher://x", "events": []}).json()["error"] == "validation_failed"

    assert hooks.call("DELETE", f"/{webhook}").status_code == 200
    assert hooks.call("GET", f"/{webhook}").json()["error"] == "webhook_not_found"


def test_other_services_hear_of_deployments_as_cloud_events(platform, project):
    with platform.amqp() as connection:
        channel = connection.channel()
        queue = channel.queue_declare("", exclusive=True).method.queue
        channel.queue_bind(queue, "deployment.events", "deployment.#")

        deployment = platform.post_deploy(project, plain_site("event")).json()["deploymentId"]
        ended = platform.wait_for_end(deployment)

        heard = []
        for _, properties, body in channel.consume(queue, auto_ack=True, inactivity_timeout=60):
            assert body is not None, f"only {heard}"
            event = json.loads(body)
            if event["subject"] == deployment:
                assert properties.content_type == "application/cloudevents+json"
                assert (event["specversion"], event["source"]) == ("1.0", f"/projects/{project.id}")
                heard.append(event)
            if len(heard) == 2:
                break
        assert [event["type"] for event in heard] == [
            "dev.libra.deployment.started", "dev.libra.deployment.completed",
        ]
        assert len({event["id"] for event in heard}) == 2
        assert heard[1]["data"]["url"] == ended["url"]
