"""The check that all other tests here rely on: what is not as documented does not pass it."""

import http.server
import json
import threading

import pytest
import requests

from contract_proxy import ContractProxy, Violations

HEALTHY = {
    "status": "healthy", "timestamp": "2025-07-22T10:30:00.000Z", "service": "Libra Deploy V2",
    "version": "1", "uptime": 1, "checks": {"database": "healthy", "queue": "healthy"},
}
REFUSED = {"success": False, "error": "validation_failed", "message": "no", "timestamp": "2025-07-22T10:30:00.000Z"}


class Scripted(http.server.BaseHTTPRequestHandler):
    """Answers what the server's `script` says for the path."""

    def answer(self):
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        status, body = self.server.script[self.path]
        text = json.dumps(body).encode()
        self.send_response(status)
        for name, value in {
            "Content-Type": "application/json", "Content-Length": len(text),
            "X-Request-Id": "r-1", "X-Response-Time": "1ms",
        }.items():
            self.send_header(name, str(value))
        self.end_headers()
        self.wfile.write(text)

    do_GET = do_POST = answer

    def log_message(self, *_):
        pass


@pytest.fixture
def upstream():
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Scripted) as server:
        server.script = {}
        server.url = f"http://127.0.0.1:{server.server_port}"
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


@pytest.fixture
def proxied(upstream, scratch):
    proxy = ContractProxy(upstream.url, scratch / "prism.log")
    proxy.start()
    with proxy.between():
        yield proxy
    proxy.stop()


def test_an_answer_as_documented_passes(upstream, proxied):
    upstream.script["/health"] = (200, HEALTHY)
    assert requests.get(upstream.url + "/health", timeout=10).json() == HEALTHY
    assert proxied.seen == 1


@pytest.mark.parametrize(
    "answer",
    [
        (200, HEALTHY | {"status": "fine"}),
        (200, {name: value for name, value in HEALTHY.items() if name != "checks"}),
        (200, HEALTHY | {"surprise": 1}),
        (418, HEALTHY),
    ],
    ids=["a value", "a missing member", "an unknown member", "a status"],
)
def test_an_answer_that_is_not_documented_fails_the_test(upstream, proxied, answer):
    upstream.script["/health"] = answer
    with pytest.raises(Violations):
        requests.get(upstream.url + "/health", timeout=10)


def test_a_wrong_request_passes_when_it_is_refused_and_fails_when_it_is_taken(upstream, proxied):
    ask = {"url": upstream.url + "/deploy", "json": {"projectId": 1}, "headers": {"Authorization": "Bearer x"}}
    upstream.script["/deploy"] = (400, REFUSED)
    assert requests.post(**ask, timeout=10).status_code == 400
    upstream.script["/deploy"] = (202, {"success": True, "deploymentId": "d", "status": "queued",
                                        "message": "Deployment queued successfully",
                                        "timestamp": "2025-07-22T10:30:00.000Z"})
    with pytest.raises(Violations):
        requests.post(**ask, timeout=10)


def test_a_gateway_that_is_gone_is_seen_as_such(upstream, proxied):
    upstream.server_close()
    with pytest.raises(requests.ConnectionError):
        requests.get(upstream.url + "/health", timeout=10)
