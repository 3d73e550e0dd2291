"""A deployment watched live: cut, resumed, moved from gateway to gateway, without a gap or a repeat."""

import json
import signal
import socket
import subprocess
import threading
import urllib.parse

import pytest
import requests

from platform_under_test import free_port, wait_until
from samples import plain_site, scripted_build

TALK = "for (let n = 1; n <= {lines}; n++) {{ console.log('line ' + n); {pause} }}"
PAUSE = "Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, {ms});"


def talking(lines, ms=0):
    """A build that prints numbered lines, with a pause after each."""
    return scripted_build(TALK.format(lines=lines, pause=PAUSE.format(ms=ms) if ms else ""))


class Curl:
    """`curl -N` on the events of a deployment: an iterator of (id, event, data)."""

    def __init__(self, url, project, deployment, last=None, *more):
        headers = ["-H", "Authorization: Bearer " + project.token]
        if last:
            headers += ["-H", f"Last-Event-ID: {last}"]
        self.process = subprocess.Popen(
            ["curl", "-N", "-sS", "--max-time", "240", *more, *headers, f"{url}/deployments/{deployment}/events"],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
        )

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait(10)
        self.process.stdout.close()

    def __iter__(self):
        fields = {}
        for line in self.process.stdout:
            line = line.rstrip("\n")
            if line:
                name, _, value = line.partition(": ")
                fields[name] = value
            elif "id" in fields:
                yield int(fields["id"]), fields["event"], json.loads(fields["data"])
                fields = {}


def follow(urls, project, deployment, cut_after, seen, on_cut=lambda number: None):
    """Reads to the end; is cut after so many events each time, or by the gateway, and goes on with the
    next gateway."""
    last, number = None, 0
    while not seen or seen[-1][1] != "end":
        with Curl(urls[number % len(urls)], project, deployment, last) as stream:
            for count, event in enumerate(stream, 1):
                seen.append(event)
                last = event[0]
                if count == cut_after:
                    break
        on_cut(number)
        number += 1
        assert number < 1000, "the stream never ends"
    return seen


def check_whole(platform, deployment, seen):
    """`seen` is the whole sequence, and its log lines are the log."""
    assert [event[0] for event in seen] == list(range(1, len(seen) + 1))
    lines = [data["line"] for _, kind, data in seen if kind == "log"]
    in_database = platform.sql(
        "select line from deployment_log where deployment_id = %s order by seq", deployment
    )
    assert lines == [line for (line,) in in_database]
    assert [kind for _, kind, _ in seen].count("end") == 1


@pytest.fixture
def replica(platform):
    """A second gateway on the same database."""
    port = free_port()
    program = platform.extra_gateway("replica", port)
    program.start()
    program.url = f"http://127.0.0.1:{port}"

    def ready():
        try:
            return program.running() and requests.get(program.url + "/readyz", timeout=2).ok
        except requests.RequestException:
            return False

    wait_until(ready, 60, "the second gateway is ready")
    yield program
    program.stop()


def test_a_deployment_is_watched_from_its_acceptance_to_its_end(platform, project):
    deployment = platform.deploy(project, plain_site("watched"))

    with Curl(platform.url, project, deployment) as stream:
        seen = list(stream)

    assert stream.process.returncode is not None
    check_whole(platform, deployment, seen)
    assert seen[0][1:] == ("state", {**seen[0][2], "deploymentId": deployment, "status": "queued"})
    states = [data["status"] for _, kind, data in seen if kind == "state"]
    assert states == ["queued", "in_progress", "completed"]
    steps = [(data["step"], data["status"]) for _, kind, data in seen if kind == "step"]
    assert steps == [
        (step, status) for step in ("validate", "sync", "sandbox", "build", "deploy", "cleanup")
        for status in ("in_progress", "completed")
    ]
    end = seen[-1][2]
    assert (seen[-1][1], end["status"], end["deploymentId"]) == ("end", "completed", deployment)
    assert end["url"] == platform.status(deployment)["url"] and end["previewUrl"]


@pytest.mark.parametrize("cut_after", [1, 2, 7, 50])
def test_a_stream_cut_and_resumed_over_two_gateways_is_whole(platform, project, replica, cut_after):
    deployment = platform.deploy(project, talking(60, ms=5))

    seen = follow([platform.url, replica.url], project, deployment, cut_after, [])

    check_whole(platform, deployment, seen)
    assert seen[-1][2]["status"] == "completed"


def test_a_finished_deployment_is_replayed_and_ends(platform, project, replica):
    deployment = platform.deploy(project, talking(2500))
    assert platform.wait_for_end(deployment)["status"] == "completed"

    first = follow([platform.url], project, deployment, None, [])
    second = follow([replica.url, platform.url], project, deployment, 999, [])

    check_whole(platform, deployment, first)
    assert first == second
    again = requests.get(
        f"{platform.url}/deployments/{deployment}/events", timeout=10,
        headers={"Authorization": "Bearer " + project.token, "Last-Event-ID": str(len(first))},
    )
    assert (again.status_code, again.content) == (204, b"")


def test_a_failed_deployment_ends_with_its_reason(platform, project):
    deployment = platform.deploy(project, scripted_build("console.error('given up'); process.exit(3);"))

    seen = follow([platform.url], project, deployment, None, [])

    check_whole(platform, deployment, seen)
    end = seen[-1][2]
    assert (end["status"], end["failureClass"]) == ("failed", "user")
    assert end["errorCode"] and end["error"]
    assert any(data["status"] == "failed" for _, kind, data in seen if kind == "step")


def test_a_gateway_killed_in_the_middle_costs_no_event(platform, project, replica):
    deployment = platform.deploy(project, talking(150, ms=20))
    seen = []

    def after_first(number):
        if number == 0:
            replica.kill()

    # Cut by the test once, then the replica is gone and every other attempt fails.
    follow([replica.url, platform.url], project, deployment, 10, seen, after_first)

    check_whole(platform, deployment, seen)


def test_a_stopping_gateway_ends_streams_and_another_goes_on(platform, project, replica):
    deployment = platform.deploy(project, talking(150, ms=20))
    seen = []
    with Curl(replica.url, project, deployment) as stream:
        for event in stream:
            seen.append(event)
            if len(seen) == 10:
                replica.process.send_signal(signal.SIGTERM)
        assert stream.process.wait(20) == 0  # an orderly end of the body

    assert seen[-1][1] != "end"
    replica.process.wait(30)
    with Curl(platform.url, project, deployment, seen[-1][0]) as stream:
        seen += stream

    check_whole(platform, deployment, seen)


def test_a_database_restarted_in_the_middle_costs_no_event(platform, project, replica):
    deployment = platform.deploy(project, talking(300, ms=20))
    seen, failures = [], []

    def watch():
        try:
            follow([platform.url, replica.url], project, deployment, 60, seen)
        except AssertionError as failure:
            failures.append(failure)

    watcher = threading.Thread(target=watch)
    watcher.start()
    wait_until(lambda: len(seen) > 40, 60, "the build talks")

    platform.restart_service("postgres")

    watcher.join(200)
    assert not watcher.is_alive() and not failures
    check_whole(platform, deployment, seen)


def test_a_client_that_does_not_read_holds_nobody_up(platform, project):
    deployment = platform.deploy(project, talking(3000))
    address = urllib.parse.urlsplit(platform.url)
    with socket.create_connection((address.hostname, address.port)) as lazy:
        lazy.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1024)
        lazy.sendall(
            f"GET /deployments/{deployment}/events HTTP/1.1\r\nHost: a\r\n"
            f"Authorization: Bearer {project.token}\r\n\r\n".encode()
        )

        seen = follow([platform.url], project, deployment, None, [])

    check_whole(platform, deployment, seen)


def test_streams_are_refused_as_documented(platform, project):
    deployment = platform.deploy(project, plain_site("refused"))
    platform.wait_for_end(deployment)
    address = f"{platform.url}/deployments/{deployment}/events"

    def ask(token=project.token, method="GET", **headers):
        return requests.request(
            method, address, timeout=10, headers={"Authorization": "Bearer " + token, **headers}
        )

    for bad in ("x", "-1", "1000000"):
        answer = ask(**{"Last-Event-ID": bad})
        assert (answer.status_code, answer.json()["error"]) == (400, "invalid_last_event_id")
    stranger = platform.new_project()
    answer = ask(token=stranger.token)
    assert (answer.status_code, answer.json()["error"]) == (404, "deployment_not_found")
    assert requests.get(address, timeout=10).status_code == 401
    head = ask(method="HEAD", Origin="http://localhost:5173")
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["Content-Type"] == "text/event-stream"
    assert head.headers["Access-Control-Allow-Origin"] == "http://localhost:5173"
    assert ask(token=platform.new_member_token(project, "viewer")).status_code == 200
