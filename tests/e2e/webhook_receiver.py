"""Who is told by webhooks."""

import http.server
import json
import threading

from platform_under_test import wait_until


class Receiver:
    """A web server that keeps what is posted to it, and answers with the statuses of `answers`, then 204."""

    def __init__(self, address="127.0.0.1", answers=()):
        receiver = self
        self.messages = []
        self.answers = list(answers)

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                status, headers = receiver.answers.pop(0) if receiver.answers else (204, {})
                receiver.messages.append((dict(self.headers.items()), body))
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer((address, 0), Handler)
        self.url = f"http://{address}:{self.server.server_port}/hook"
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()

    def wait_for(self, count):
        wait_until(lambda: len(self.messages) >= count, 60, f"{count} messages are received")
        return [(headers, json.loads(body)) for headers, body in self.messages]

    def stop(self):
        self.server.shutdown()
        self.server.server_close()
