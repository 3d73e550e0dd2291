#!/usr/bin/env python3
"""check_examples.py BUNDLED_SCHEMAS EXAMPLES: asks a validator that is not ours.

Every good example, and every example inside a schema, must pass; every place where a bad one breaks
its schema must be at or above a pointer expected of it. (Rules beyond a schema are tested in C++.)
"""
import json
import pathlib
import sys

import jsonschema

bundled, examples = map(pathlib.Path, sys.argv[1:])
complaints = []


def validator(name):
    schema = json.loads((bundled / f"{name}.json").read_text())
    jsonschema.Draft7Validator.check_schema(schema)
    return jsonschema.Draft7Validator(schema)


def pointer(error):
    return "".join(f"/{token}" for token in error.absolute_path)


for path in sorted(bundled.glob("*.json")):
    check = validator(path.stem)
    for example in check.schema.get("examples", []):
        complaints += [f"{path.name}: its own example: {e.message}" for e in check.iter_errors(example)]
for path in sorted(examples.glob("valid/*/*.json")):
    for error in validator(path.parent.name).iter_errors(json.loads(path.read_text())):
        complaints.append(f"{path}: {pointer(error)}: {error.message}")
for path in sorted(examples.glob("invalid/*/*.json")):
    expected = path.with_suffix(".pointers").read_text().splitlines()
    for error in validator(path.parent.name).iter_errors(json.loads(path.read_text())):
        if not any(each.startswith(pointer(error)) for each in expected):
            complaints.append(f"{path}: unexpected {pointer(error)}: {error.message}")
print("\n".join(complaints))
sys.exit(bool(complaints))
