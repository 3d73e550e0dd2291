#!/usr/bin/python3
"""Asks a JSON parser that is not ours for its opinion on what the table of bodies says of RFC 8259.

    check_json_bodies.py JSON_BODIES
"""

import json
import pathlib
import sys


def bodies(group):
    yield from (body.encode() for body in group.get("bodies", []))
    yield from (bytes.fromhex(body) for body in group.get("hex", []))
    for pieces in group.get("repeated", []):
        yield "".join(piece * times for piece, times in zip(pieces[::2], pieces[1::2])).encode()


def no_constant(name):
    raise ValueError(name)  # NaN and the infinities, which Python would read


def is_json(body):
    try:
        json.loads(body.decode("utf-8"), parse_constant=no_constant)
    except (ValueError, RecursionError):
        return False
    return True


groups = json.loads(pathlib.Path(sys.argv[1]).read_text())["groups"]
complaints = [
    f"{group['rule']}: {body[:60]!r} is {'' if is_json(body) else 'no '}JSON"
    for group in groups if group["by"] == "rfc"
    for body in bodies(group) if is_json(body) != (group["verdict"] == "readable")
]
if sum(1 for group in groups for _ in bodies(group)) < 300:
    complaints.append("the table has lost its rows")
print("\n".join(complaints))
sys.exit(bool(complaints))
