#!/usr/bin/python3
"""Serves a folder as ccache's remote storage, for builds in containers that mount nothing.

usage: compiler_cache.py FOLDER ADDRESS PORT
"""

import http.server
import os
import pathlib
import re
import sys
import tempfile


class Cache(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    folder = None

    def entry(self):
        """The file of the entry that is asked for: none but those of names ccache makes."""
        return self.folder / self.path[1:] if re.fullmatch(r"(/[0-9a-z]+){1,2}", self.path) else None

    def answer(self, status, body=b""):
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def do_GET(self):
        entry = self.entry()
        if entry and entry.is_file():
            self.answer(200, entry.read_bytes())
        else:
            self.answer(404)

    do_HEAD = do_GET

    def do_PUT(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        entry = self.entry()
        if not entry:
            self.answer(400)
            return
        entry.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=self.folder, delete=False) as file:
            file.write(body)
        os.replace(file.name, entry)
        self.answer(201)

    def do_DELETE(self):
        entry = self.entry()
        if entry:
            entry.unlink(missing_ok=True)
        self.answer(200)

    def log_message(self, *_):
        pass


def main():
    folder, address, port = sys.argv[1:]
    Cache.folder = pathlib.Path(folder)
    Cache.folder.mkdir(parents=True, exist_ok=True)
    http.server.ThreadingHTTPServer((address, int(port)), Cache).serve_forever()


if __name__ == "__main__":
    main()
