#!/usr/bin/python3
"""Fails unless the OpenAPI document and the gateway's tables of routes name the same endpoints.

    check_routes.py OPENAPI_JSON GATEWAY_DIR
"""

import json
import pathlib
import re
import sys

METHODS = {"head", "get", "put", "post", "delete", "patch"}
# A part of the page at /docs, and of use to nobody else.
UNDOCUMENTED = {"GET /docs/scalar.js"}

document = json.loads(pathlib.Path(sys.argv[1]).read_text())
tables = "".join(path.read_text() for path in pathlib.Path(sys.argv[2]).rglob("*_endpoints.cpp"))
documented = {f"{method.upper()} {path}" for path, item in document["paths"].items()
              for method in item if method in METHODS}
served = {" ".join(row) for row in re.findall(r'\{"([A-Z]+)",\s*"([^"]+)",', tables)}
complaints = [f"not in the document: {endpoint}" for endpoint in sorted(served - documented - UNDOCUMENTED)]
complaints += [f"not served: {endpoint}" for endpoint in sorted(documented - served)]
if not documented or not served:
    complaints.append("no endpoints were found: this check has gone blind")
print("\n".join(complaints))
sys.exit(bool(complaints))
