#!/usr/bin/env python3
"""build_openapi.py DEST VERSION: from openapi/*.json and the schemas here, writes

DEST/openapi.json         the parts in PARTS together, with what every answer has added; the schemas
                          they refer to, and those they name in components.schemas, become components
DEST/bundled/NAME.json    each schema with what it refers to put in place, for the C++ validator
"""
import json
import pathlib
import sys

HERE = pathlib.Path(__file__).resolve().parent
# Annotations of draft 7 that have no place inside an OpenAPI document.
DROPPED = {"$schema"}

PARTS = ["document", "deployments", "projects", "files", "history", "events", "redeploy", "accounts", "organizations", "webhooks", "operations", "dead-letters", "service"]  # the order of the page at /docs

# What is so for every operation, and need not be said at each. Its own word counts.
EVERY_PARAMETER = ["RequestId", "TraceParent", "TraceState"]
EVERY_HEADER = ["X-Request-Id", "X-Response-Time"]
WITH_CREDENTIAL = {"401": "Unauthenticated", "500": "InternalError", "503": "Unavailable"}
LIMITED = {"429": "RateLimited"}
UNLIMITED_PATHS = {"/health", "/livez", "/readyz", "/metrics"}
RATE_HEADERS = ["RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset"]
WITH_BODY = {"408": "RequestTimeout", "411": "LengthRequired", "413": "TooLarge", "415": "UnsupportedMediaType"}


def component_name(file_name):
    """deploy-request.json -> DeployRequest"""
    return "".join(word.capitalize() for word in pathlib.Path(file_name).stem.split("-"))


def transformed(node, reference):
    """`node` with every object that has a $ref to one of our files replaced by `reference(node)`."""
    if isinstance(node, list):
        return [transformed(item, reference) for item in node]
    if not isinstance(node, dict):
        return node
    copy = {key: transformed(value, reference) for key, value in node.items() if key not in DROPPED}
    return reference(copy) if str(copy.get("$ref", "")).endswith(".json") else copy


def merged(into, part):
    """`part` added to `into`, member by member; nothing may be said twice."""
    for key, value in part.items():
        if key not in into:
            into[key] = value
        elif isinstance(value, dict):
            merged(into[key], value)
        elif isinstance(value, list):
            into[key] += value
        else:
            sys.exit(f"{key} is said twice in the parts of the document")
    return into


def component(kind, name):
    return {"$ref": f"#/components/{kind}/{name}"}


def complete(document):
    """Adds what is so for every operation and answer."""
    shared = document["components"]["responses"].values()
    answers = [(answer, True) for answer in shared]
    for path, operations in document["paths"].items():
        limited = path not in UNLIMITED_PATHS
        for operation in operations.values():
            operation.setdefault("parameters", []).extend(
                component("parameters", name) for name in EVERY_PARAMETER)
            implied = {**(WITH_CREDENTIAL if operation.get("security") else {}),
                       **(WITH_BODY if "requestBody" in operation else {}),
                       **(LIMITED if limited else {})}
            responses = operation["responses"]
            for status, name in implied.items():
                responses.setdefault(status, component("responses", name))
            operation["responses"] = dict(sorted(responses.items()))
            answers += [(answer, limited) for answer in responses.values() if "$ref" not in answer]
    for answer, limited in answers:
        names = EVERY_HEADER + (RATE_HEADERS if limited else [])
        answer["headers"] = {**{name: component("headers", name) for name in names},
                             **answer.get("headers", {})}


def main(dest, version):
    schemas = {path.name: json.loads(path.read_text()) for path in sorted(HERE.glob("*.json"))}

    whole = {}
    for part in PARTS:
        merged(whole, json.loads((HERE / "openapi" / f"{part}.json").read_text()))
    complete(whole)
    whole["info"]["version"] = version
    waiting = whole["components"].pop("schemas")

    def as_component(node):
        waiting.append(node["$ref"])
        return {**node, "$ref": "#/components/schemas/" + component_name(node["$ref"])}

    def in_place(node):
        rest = {key: value for key, value in node.items() if key != "$ref"}
        return {**transformed(schemas[node["$ref"]], in_place), **rest}

    document = transformed(whole, as_component)
    components = document["components"]["schemas"] = {}
    while waiting:
        name = waiting.pop()
        if name not in schemas:
            sys.exit(f"there is no schema {name}")
        if component_name(name) not in components:
            components[component_name(name)] = transformed(schemas[name], as_component)
    document["components"]["schemas"] = dict(sorted(components.items()))

    (dest / "bundled").mkdir(parents=True, exist_ok=True)
    (dest / "openapi.json").write_text(json.dumps(document, indent=2, ensure_ascii=False) + "\n")
    for name, schema in schemas.items():
        (dest / "bundled" / name).write_text(json.dumps(transformed(schema, in_place)))


main(pathlib.Path(sys.argv[1]), sys.argv[2])
