#!/usr/bin/python3
"""Fails when an example of the OpenAPI document shows an error code that the gateway never sends, or
when the gateway sends one that no example shows.

    check_error_codes.py OPENAPI_JSON SOURCE_DIR...
"""

import json
import pathlib
import re
import sys


# Answers to requests that are for no endpoint of the document, or not even HTTP.
OF_NO_ENDPOINT = {"bad_request", "expectation_failed", "method_not_allowed", "not_found"}


def examples(node):
    if isinstance(node, dict):
        if isinstance(node.get("example"), dict):
            yield node["example"]
        if isinstance(node.get("examples"), dict):
            yield from (named["value"] for named in node["examples"].values())
        node = list(node.values())
    if isinstance(node, list):
        for child in node:
            yield from examples(child)


document = json.loads(pathlib.Path(sys.argv[1]).read_text())
headers = "".join(path.read_text() for folder in sys.argv[2:] for path in pathlib.Path(folder).rglob("error*.hpp"))
sent = set(re.findall(r'ErrorKind k_\w+\{\s*\d{3},\s*"(\w+)"', headers))
shown = {example["error"] for example in examples(document) if example.get("success") is False}
complaints = [f"the gateway never answers with {code}" for code in sorted(shown - sent)]
complaints += [f"no example shows {code}" for code in sorted(sent - shown - OF_NO_ENDPOINT)]
if not shown or not sent:
    complaints.append("no error codes were found: this check has gone blind")
print("\n".join(complaints))
sys.exit(bool(complaints))
