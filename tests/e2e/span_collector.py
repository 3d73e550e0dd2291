"""Where spans are sent to: a collector of OpenTelemetry, as far as the tests need one."""

import http.server
import json
import threading

from platform_under_test import free_port, wait_until

SERVER = 2  # the kind of a request's span


def plain(attributes):
    """A list of OTLP's attributes as a dictionary."""
    return {item["key"]: next(iter(item["value"].values())) for item in attributes}


class Collector:
    """Keeps the spans that are posted to it, each with its `service`, and answers with the statuses of `answers`,
    then 200. What it refuses it does not keep."""

    def __init__(self):
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.answers = []
        self.spans = []
        self.requests = []  # headers, of all
        self.lock = threading.Lock()
        self.server = None

    def start(self):
        collector = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                with collector.lock:
                    status = collector.answers.pop(0) if collector.answers else 200
                    collector.requests.append((self.path, dict(self.headers.items())))
                    if status == 200:
                        collector.keep(json.loads(body))
                self.send_response(status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", self.port), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def stop(self):
        if self.server is not None:
            self.server.shutdown()
            self.server.server_close()
            self.server = None

    def keep(self, export):
        for resource in export["resourceSpans"]:
            service = plain(resource["resource"]["attributes"])["service.name"]
            for scope in resource["scopeSpans"]:
                self.spans += [{**span, "service": service, "attributes": plain(span["attributes"])}
                               for span in scope["spans"]]

    def trace(self, trace_id):
        with self.lock:
            return [span for span in self.spans if span["traceId"] == trace_id]

    def wait_for(self, trace_id, name, count=1):
        """All spans of the trace, once `count` of them have that name, and that of the request is there: the
        services send theirs in no order."""
        def come():
            spans = self.trace(trace_id)
            return [span["name"] for span in spans].count(name) >= count and SERVER in [span["kind"] for span in spans]

        wait_until(come, 60, f"{count} spans {name} of the trace {trace_id}")
        return self.trace(trace_id)
