"""Prism between the tests and the gateway: each exchange is held against the OpenAPI document.

What goes around it: a stream, which Prism would gather up first; a body that is no JSON and an answer to
HEAD, which Prism would not pass on; and a path or method that the document has not.
"""

import contextlib
import json
import os
import pathlib
import re
import signal
import subprocess
import urllib.parse

import requests

from platform_under_test import free_port, listens, wait_until

ROOT = pathlib.Path(__file__).resolve().parents[2]
PRISM = ROOT / "tests/contract/node_modules/@stoplight/prism-cli/dist/index.js"
VIOLATIONS = "sl-violations"


class Violations(AssertionError):
    pass


class Document:
    """Which requests openapi.json knows."""

    def __init__(self, path):
        self.path = path
        self._routes = [
            (re.compile(re.sub(r"\\\{[^}]*\\\}", "[^/]+", re.escape(template))), set(item))
            for template, item in json.loads(path.read_text())["paths"].items()
        ]

    def knows(self, method, path):
        return any(
            template.fullmatch(path) and method.lower() in methods for template, methods in self._routes
        )


class ContractProxy:
    """One Prism process in front of the gateway at `upstream`."""

    def __init__(self, upstream, log_path):
        self.upstream = upstream
        self.seen = 0
        self._port = free_port()
        self._url = f"http://127.0.0.1:{self._port}"
        self._log_path = log_path
        self._process = None
        document = pathlib.Path(os.environ["LIBRA_BUILD_DIR"]) / "proto-schemas/openapi.json"
        self._document = Document(document)

    def start(self):
        with self._log_path.open("ab") as log:
            self._process = subprocess.Popen(
                # Ends with the tests even if they are killed.
                ["setpriv", "--pdeathsig", "TERM", "--", "node", PRISM, "proxy", "--cors", "false", "--port", str(self._port),
                 self._document.path, self.upstream],
                stdout=log, stderr=log, stdin=subprocess.DEVNULL, start_new_session=True,
            )
        wait_until(lambda: listens(self._port) or not self.running(), 60, "Prism listens")
        assert self.running(), self._log_path.read_text()

    def running(self):
        return self._process is not None and self._process.poll() is None

    def stop(self):
        if self.running():
            self._process.send_signal(signal.SIGTERM)
            self._process.wait(20)

    @contextlib.contextmanager
    def between(self):
        """While this lasts, what `requests` sends to the gateway goes through Prism."""
        send = requests.Session.send

        def sent(session, request, **options):
            if not request.url.startswith(self.upstream) or not self._passes(request, options):
                return send(session, request, **options)
            original = request.url
            request.url = self._url + original.removeprefix(self.upstream)
            answer = send(session, request, **options)
            answer.url = request.url = original
            self._check(request, answer)
            return answer

        requests.Session.send = sent
        try:
            yield self
        finally:
            requests.Session.send = send

    def _passes(self, request, options):
        path = urllib.parse.urlsplit(request.url).path
        if options.get("stream") or request.method == "HEAD" or not self._document.knows(request.method, path):
            return False
        content_type = request.headers.get("Content-Type")
        if content_type is None and not request.body:
            return True
        if "json" not in (content_type or ""):
            return False
        try:
            json.loads(request.body or "")
        except (ValueError, RecursionError):
            return False
        return True

    def _check(self, request, answer):
        self.seen += 1
        if answer.headers.get("Content-Type", "").startswith("application/problem+json"):
            if answer.json()["type"] == "FetchError":
                raise requests.ConnectionError(answer.json()["title"], request=request)
            raise Violations(f"Prism did not pass on {request.method} {request.url}: {answer.text}")
        violations = json.loads(answer.headers.pop(VIOLATIONS, "[]"))
        # A test may send something wrong, if it is refused.
        wrong = [v for v in violations if answer.ok or v["location"][0] != "request"]
        if wrong:
            listed = "\n".join(f"{'.'.join(map(str, v['location']))}: {v['message']}" for v in wrong)
            raise Violations(
                f"{request.method} {request.url}, answered {answer.status_code}, is not as documented:\n"
                f"{listed}\n{answer.text[:2000]}"
            )
