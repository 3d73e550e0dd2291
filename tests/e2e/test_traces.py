"""Traces: what a request sets going is one trace, and its spans reach a collector."""

import hashlib
import json
import secrets

import pytest
import requests

from platform_under_test import STEPS, Platform
from samples import plain_site, scripted_build
from span_collector import Collector
from webhook_receiver import Receiver

OTLP_SECRET = secrets.token_hex(16)


@pytest.fixture(scope="module")
def collector():
    collector = Collector()
    collector.start()
    yield collector
    collector.stop()


@pytest.fixture(scope="module")
def platform(scratch, collector):
    folder = scratch / "traced"
    folder.mkdir(mode=0o755)
    platform = Platform(
        folder, workers=1, OTEL_EXPORTER_OTLP_ENDPOINT=collector.url,
        OTEL_EXPORTER_OTLP_HEADERS=f"authorization=Bearer%20{OTLP_SECRET}")
    try:
        platform.start()
        yield platform
    finally:
        platform.stop()


class Caller:
    """Who begins a trace and asks for a deployment in it."""

    def __init__(self, platform, project):
        self.platform = platform
        self.project = project
        self.trace = secrets.token_hex(16)
        self.span = secrets.token_hex(8)

    def deploy(self, files):
        answer = self.platform.post_deploy(self.project, files, headers={
            "Authorization": "Bearer " + self.project.token,
            "traceparent": f"00-{self.trace}-{self.span}-01",
            "tracestate": "caller=1",
        })
        assert answer.status_code == 202, answer.text
        return answer.json()["deploymentId"]


@pytest.fixture
def caller(platform, project):
    return Caller(platform, project)


def below(spans, parent):
    return [span for span in spans if span.get("parentSpanId") == parent]


def only(spans, name):
    (span,) = [span for span in spans if span["name"] == name]
    return span


def test_a_request_its_message_the_attempt_and_the_steps_are_one_trace(platform, collector, caller):
    deployment = caller.deploy(plain_site("traced"))
    assert platform.wait_for_end(deployment)["status"] == "completed"

    spans = collector.wait_for(caller.trace, "attempt")

    (request,) = below(spans, caller.span)
    (enqueue,) = below(spans, request["spanId"])
    (attempt,) = below(spans, enqueue["spanId"])
    steps = below(spans, attempt["spanId"])
    assert [request["name"], enqueue["name"], attempt["name"]] == ["POST /deploy", "enqueue", "attempt"]
    assert [request["kind"], enqueue["kind"], attempt["kind"]] == [2, 4, 5]
    assert [step["name"] for step in sorted(steps, key=lambda step: int(step["startTimeUnixNano"]))] == list(STEPS)
    assert len(spans) == 3 + len(STEPS)
    assert {span["service"] for span in (request, enqueue)} == {"libra-gateway"}
    assert {span["service"] for span in (attempt, *steps)} == {"libra-worker"}
    assert {span["traceState"] for span in spans} == {"caller=1"}
    assert request["attributes"]["http.response.status_code"] == "202"
    assert int(attempt["attributes"]["libra.queue_wait_ms"]) >= 0
    assert all(span["status"] == {} for span in spans)
    for program in (platform.gateway, *platform.workers):
        said = [json.loads(line) for line in program.log_path.read_text().splitlines() if line.startswith("{")]
        lines = [line for line in said if line.get("deployment_id") == deployment and line["message"] != "request"]
        assert lines and {line["trace_id"] for line in lines} == {caller.trace}


def test_a_request_of_no_trace_begins_one(platform, collector, project):
    deployment = platform.deploy(project, plain_site("alone"))
    platform.wait_for_end(deployment)
    ((trace,),) = platform.sql(
        "select split_part(trace ->> 'traceparent', '-', 2) from deployments where id = %s", deployment)

    spans = collector.wait_for(trace, "attempt")

    assert "parentSpanId" not in only(spans, "POST /deploy")


def test_all_attempts_of_a_deployment_are_in_its_trace(platform, collector, caller):
    for worker in platform.workers:
        worker.stop()
    page = secrets.token_hex(8000)  # too large to travel in the message
    deployment = caller.deploy({"index.html": page})
    digest = hashlib.sha256(page.encode()).hexdigest()
    (platform.folder / "objects" / digest[:2] / digest).unlink()
    for worker in platform.workers:
        worker.start()
    assert platform.wait_for_end(deployment)["status"] == "failed"

    spans = collector.wait_for(caller.trace, "attempt", count=3)

    attempts = below(spans, only(spans, "enqueue")["spanId"])
    attempts.sort(key=lambda span: int(span["attributes"]["libra.attempt"]))
    assert [span["attributes"]["libra.outcome"] for span in attempts] == ["retry", "retry", "failed"]
    assert [span["status"]["message"] for span in attempts] == ["transient", "transient", "exhausted"]
    for attempt in attempts:
        sync = only(below(spans, attempt["spanId"]), "sync")
        assert sync["status"] == {"code": 2, "message": "transient"}


def test_a_busy_collector_gets_every_span_once(platform, collector, caller):
    collector.answers = [503, 429]

    platform.wait_for_end(caller.deploy(plain_site("busy")))

    spans = collector.wait_for(caller.trace, "attempt")
    assert sorted(span["name"] for span in spans) == sorted(["POST /deploy", "enqueue", "attempt", *STEPS])


def test_a_collector_that_is_away_holds_no_deployment_and_gets_its_spans_later(platform, collector, caller):
    collector.stop()
    try:
        assert platform.wait_for_end(caller.deploy(plain_site("away")))["status"] == "completed"
        assert collector.trace(caller.trace) == []
    finally:
        collector.start()

    assert only(collector.wait_for(caller.trace, "attempt"), "attempt")["status"] == {}


def test_a_receiver_of_webhooks_is_told_the_trace(platform, collector, caller):
    receiver = Receiver()
    try:
        made = requests.post(
            f"{platform.url}/organizations/{caller.project.org}/webhooks", timeout=30,
            headers={"Authorization": "Bearer " + platform.new_member_token(caller.project, "admin")},
            json={"url": receiver.url, "events": ["deployment.completed"]})
        assert made.status_code == 201, made.text
        platform.wait_for_end(caller.deploy(plain_site("told")))
        ((headers, _),) = receiver.wait_for(1)
    finally:
        receiver.stop()

    spans = collector.wait_for(caller.trace, "webhook")

    webhook = only(spans, "webhook")
    assert headers["traceparent"] == f"00-{caller.trace}-{webhook['spanId']}-01"
    assert webhook["parentSpanId"] == only(spans, "enqueue")["spanId"]


def test_no_span_or_log_tells_a_secret(platform, collector, caller):
    variable, source = secrets.token_urlsafe(24), secrets.token_hex(16)
    stored = requests.put(
        f"{platform.url}/projects/{caller.project.id}/env/API_KEY", timeout=30,
        headers={"Authorization": "Bearer " + caller.project.token}, json={"value": variable, "secret": True})
    assert stored.ok, stored.text
    script = f"throw new Error('{source} ' + process.env.API_KEY);"
    status = platform.wait_for_end(caller.deploy(scripted_build(script)))
    assert status["status"] == "failed"

    spans = collector.wait_for(caller.trace, "attempt")

    build = only(spans, "build")
    assert build["status"] == {"code": 2, "message": "user"}
    path, headers = collector.requests[-1]
    assert (path, headers["authorization"]) == ("/v1/traces", f"Bearer {OTLP_SECRET}")
    told = json.dumps(collector.spans)
    assert [value for value in (variable, source, caller.project.token, OTLP_SECRET) if value in told] == []
    assert [path.name for path in platform.logs.glob("*.log") if OTLP_SECRET in path.read_text(errors="replace")] == []
