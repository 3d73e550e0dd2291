#!/usr/bin/env python3
"""build_openapi.py DEST VERSION: from openapi.template.json and the schemas beside it, writes

DEST/openapi.json         the template; the schemas it refers to, and those it names in
                          components.schemas, become components
DEST/bundled/NAME.json    each schema with what it refers to put in place, for the C++ validator
"""
import json
import pathlib
import sys

HERE = pathlib.Path(__file__).resolve().parent
# Annotations of draft 7 that have no place inside an OpenAPI document.
DROPPED = {"$schema"}


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


def main(dest, version):
    schemas = {path.name: json.loads(path.read_text())
               for path in sorted(HERE.glob("*.json")) if path.name != "openapi.template.json"}

    template = json.loads((HERE / "openapi.template.json").read_text())
    template["info"]["version"] = version
    waiting = template["components"].pop("schemas")

    def as_component(node):
        waiting.append(node["$ref"])
        return {**node, "$ref": "#/components/schemas/" + component_name(node["$ref"])}

    def in_place(node):
        rest = {key: value for key, value in node.items() if key != "$ref"}
        return {**transformed(schemas[node["$ref"]], in_place), **rest}

    document = transformed(template, as_component)
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
