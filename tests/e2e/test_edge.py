"""What a running gateway makes of hostile and broken requests, through real HTTP."""

import contextlib
import http.client
import json
import pathlib
import socket

import pytest
import requests

from samples import plain_site

TABLES = pathlib.Path(__file__).resolve().parents[1] / "contract" / "tables"


def members_of(group, texts):
    """The rows of a group of a table, as bytes."""
    yield from (text.encode() for text in group.get(texts, []))
    yield from (bytes.fromhex(text) for text in group.get("hex", []))
    for pieces in group.get("repeated", []):
        yield "".join(piece * times for piece, times in zip(pieces[::2], pieces[1::2])).encode()


def groups_of(table):
    return json.loads((TABLES / f"{table}.json").read_text())["groups"]


@pytest.fixture
def refusing(platform, project):
    """A project that takes no deployment: a good request for it is answered with project_inactive."""
    platform.sql("update projects set active = false where id = %s", project.id)
    return project


class Client:
    """One connection that sends body after body to POST /deploy, each byte as it is given."""

    def __init__(self, platform, project):
        self.project = project
        self.connection = http.client.HTTPConnection("127.0.0.1", platform.port, timeout=60)

    def post(self, body):
        """The status, and what is in the answer."""
        self.connection.request(
            "POST", "/deploy", body,
            {"Authorization": "Bearer " + self.project.token, "Content-Type": "application/json"},
        )
        answer = self.connection.getresponse()
        content = json.loads(answer.read())
        assert content["success"] is False, content
        return answer.status, content

    def post_request(self, **members):
        body = {"projectId": self.project.id, "orgId": self.project.org, "userId": self.project.user}
        return self.post(json.dumps({**body, **members}))

    @staticmethod
    def pointers(answer):
        status, content = answer
        assert (status, content["error"]) == (400, "validation_failed"), content
        return {problem["pointer"] for problem in content["details"]}


@pytest.fixture
def client(platform, refusing):
    return Client(platform, refusing)


def test_every_body_of_the_table_is_read_or_refused_and_the_gateway_lives(platform, client):
    wrong = []
    for group in groups_of("json-bodies"):
        expected = "validation_failed" if group["verdict"] == "readable" else "invalid_json"
        for body in members_of(group, "bodies"):
            status, content = client.post(body)
            if (status, content["error"]) != (400, expected):
                wrong.append((group["rule"], body[:60], content))

    assert wrong == []
    assert platform.gateway.running()


def test_every_path_of_the_table_is_taken_or_refused(client):
    wrong = []
    for group in groups_of("paths"):
        for path in members_of(group, "paths"):
            answer = client.post_request(initFiles=[{"path": path.decode(), "content": ""}])
            if group["verdict"] == "good":
                as_expected = answer[1]["error"] == "project_inactive"
            else:
                as_expected = client.pointers(answer) == {"/initFiles/0/path"}
            if not as_expected:
                wrong.append((group["rule"], path[:60], answer))

    assert wrong == []


def test_paths_that_cannot_stand_beside_each_other_are_refused(client):
    for case in json.loads((TABLES / "paths.json").read_text())["sets"]:
        files = [{"path": path, "content": ""} for path in case["paths"]]
        expected = {f"/initFiles/{number}/path" for number in case["refused"]}

        answer = client.post_request(initFiles=files)

        if expected:
            assert client.pointers(answer) == expected, case
        else:
            assert answer[1]["error"] == "project_inactive", case


def test_a_request_at_its_limits_is_taken_and_over_them_refused(client):
    def files(count):
        return [{"path": f"f{number}", "content": ""} for number in range(count)]

    def messages(count):
        return [{"role": "user", "content": ""}] * count

    at_limit = client.post_request(initFiles=files(5000), historyMessages=messages(1000))
    over = client.post_request(initFiles=files(5001), historyMessages=messages(1001), userId="u" * 129)
    too_large = client.post(b" " * (25 * 2**20 + 1))

    assert at_limit[1]["error"] == "project_inactive"
    assert client.pointers(over) == {"/userId", "/initFiles", "/historyMessages"}
    assert (too_large[0], too_large[1]["error"]) == (413, "body_too_large")


def test_thousands_of_slow_clients_keep_nobody_else_waiting(platform, project):
    """Each address may have 256 connections: ten of them hold 2,400."""
    half_a_head = b"POST /deploy HTTP/1.1\r\nHost: a\r\nX-Slow: "
    half_a_body = (
        b"POST /deploy HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer " + project.token.encode()
        + b"\r\nContent-Length: 100\r\n\r\n{"
    )
    with contextlib.ExitStack() as held:
        slow = []
        for address in range(1, 11):
            for number in range(240):
                client = held.enter_context(socket.create_connection(
                    ("127.0.0.1", platform.port), timeout=30, source_address=(f"127.0.1.{address}", 0),
                ))
                client.sendall(half_a_head if number % 2 else half_a_body)
                slow.append(client)

        for _ in range(20):
            assert requests.get(platform.url + "/health", timeout=30).status_code == 200
            assert requests.get(
                platform.url + "/deploy-status", params={"id": "0" * 32}, timeout=30
            ).status_code == 404
        status = platform.deploy_and_wait(project, plain_site("served"))

        assert status["status"] == "completed"
        for client in slow:
            client.setblocking(False)
            with contextlib.suppress(BlockingIOError):
                assert client.recv(12) == b"HTTP/1.1 408"


def test_what_follows_a_request_that_could_be_read_in_two_ways_is_not_answered(platform):
    smuggled = b"GET /livez HTTP/1.1\r\nHost: a\r\nX-Request-Id: smuggled\r\n\r\n"
    for headers in (
        b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
        b"Transfer-Encoding : chunked\r\n",
        b"Transfer-Encoding: chunked, identity\r\n",
        b"X: y\r\n Transfer-Encoding: chunked\r\n",
        b"Content-Length: 5\r\nContent-Length: 0\r\n",
        b"Content-Length: +5\r\n",
    ):
        with socket.create_connection(("127.0.0.1", platform.port), timeout=30) as client:
            client.sendall(b"POST /deploy HTTP/1.1\r\nHost: a\r\n" + headers + b"\r\n0\r\n\r\n" + smuggled)
            client.shutdown(socket.SHUT_WR)
            answer = b"".join(iter(lambda: client.recv(65536), b""))

        assert answer.startswith(b"HTTP/1.1 400 "), (headers, answer)
        assert answer.count(b"HTTP/1.1 ") == 1
        assert b"smuggled" not in answer
