#!/usr/bin/python3
"""Fails when an example of the OpenAPI document shows an error code that the gateway never sends.

    check_error_codes.py OPENAPI_JSON HEADER...
"""

import json
import pathlib
import re
import sys


def examples(node):
    if isinstance(node, dict):
        if isinstance(node.get("example"), dict):
            yield node["example"]
        node = list(node.values())
    if isinstance(node, list):
        for child in node:
            yield from examples(child)


document = json.loads(pathlib.Path(sys.argv[1]).read_text())
headers = "".join(pathlib.Path(path).read_text() for path in sys.argv[2:])
sent = set(re.findall(r'ErrorKind k_\w+\{\s*\d{3},\s*"(\w+)"', headers))
shown = {example["error"] for example in examples(document) if example.get("success") is False}
for code in sorted(shown - sent):
    print(f"the gateway never answers with {code}")
if not shown or not sent:
    print("no error codes were found: this check has gone blind")
sys.exit(bool(shown - sent) or not shown or not sent)
