#!/usr/bin/env python3
"""check_frameworks.py OURS THEIRS: whether our list of frameworks has the same output directory as that of
npm's @netlify/build-info (frameworks/, with its licence) wherever both know the same dependency."""
import json
import pathlib
import sys

# Where theirs is the output of a server, or of an older version, or one of several places.
OTHERWISE = {
    "next": ".next is a server's; a static export is in out/",
    "remix": "dist is a server's; the pages of a site without one are in build/client",
    "solid-start": "dist is of before Vinxi",
    "vitepress": "docs/.vitepress/dist is one of the places that */.vitepress/dist stands for",
    "hono": "a server",
    "redwoodjs": "a server",
}


def dependencies(condition):
    """The dependencies that a condition asks for, but not those that it asks the absence of."""
    named = condition.get("dependency", [])
    found = {named} if isinstance(named, str) else set(named)
    for part in condition.get("all", []) + condition.get("any", []):
        found |= dependencies(part)
    return found


ours = json.loads(pathlib.Path(sys.argv[1]).read_text())
theirs = json.loads(pathlib.Path(sys.argv[2]).read_text())
known = {}
for framework in ours["frameworks"] + ours["servers"]:
    for dependency in dependencies(framework["detect"]):
        known.setdefault(dependency, framework)

problems, compared = [], 0
for entry in theirs:
    framework = next((known[name] for name in entry["npm"] if name in known), None)
    if framework is None:
        continue
    compared += 1
    same = entry["build"]["directory"].rstrip("/") in framework.get("outputs", [])
    if same == (entry["id"] in OTHERWISE):
        problems.append(f"{framework['slug']}: {framework.get('outputs')}, theirs: {entry['build']['directory']}")
if compared < 25:
    problems.append(f"only {compared} frameworks are known to both")
print("\n".join(problems))
sys.exit(bool(problems))
