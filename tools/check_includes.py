#!/usr/bin/env python3
"""Fails when a file includes something its room may not see, or two rooms have a type of one name. The table
below is the architecture."""
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent

BASE = ["shared/base"]
DOMAIN = BASE + ["shared/domain"]
ENDPOINTS = DOMAIN + ["shared/wire", "shared/storage", "shared/http"]

# room: (rooms it may include, third-party prefixes it may include)
ROOMS = {
    "shared/base": ([], ["boost/system/", "boost/assert/", "fmt/", "spdlog/", "openssl/"]),
    "shared/domain": (BASE, ["fmt/", "idn2", "utf8proc"]),
    "shared/site_rules": (BASE, ["fmt/"]),
    "shared/wire": (DOMAIN, ["rapidjson/", "valijson/", "fmt/"]),
    "shared/storage": (DOMAIN, ["pqxx/", "fmt/"]),
    "shared/broker": (BASE, ["amqp", "rabbitmq-c/", "fmt/"]),
    "shared/relay": (DOMAIN + ["shared/storage", "shared/broker"], ["fmt/"]),
    "shared/objects": (BASE, ["fmt/"]),
    "shared/net": (BASE, ["curl/", "fmt/"]),
    "shared/tracing": (BASE + ["shared/net"], ["fmt/"]),
    "shared/telemetry": (BASE + ["shared/storage", "shared/broker", "shared/tracing"], ["prometheus/"]),
    "shared/http": (BASE, ["boost/asio", "boost/beast", "boost/url", "boost/system/", "fmt/"]),
    "shared/health": (BASE + ["shared/storage"], []),
    "api-gateway/auth": (DOMAIN + ["shared/wire", "shared/storage", "shared/net", "shared/http"], ["fmt/"]),
    "api-gateway/limits": (DOMAIN + ["shared/storage", "shared/http", "api-gateway/auth"], []),
    "api-gateway/api": (ENDPOINTS + ["shared/telemetry", "shared/tracing", "api-gateway/auth", "api-gateway/limits"],
                        ["fmt/"]),
    "api-gateway/accounts": (ENDPOINTS + ["api-gateway/api", "api-gateway/auth"], ["fmt/"]),
    "api-gateway/deployments": (ENDPOINTS + ["shared/objects", "shared/tracing", "api-gateway/api",
                                             "api-gateway/auth", "api-gateway/limits"],
                                ["fmt/"]),
    "api-gateway/events": (ENDPOINTS + ["api-gateway/api"], ["fmt/"]),
    "api-gateway/history": (ENDPOINTS + ["shared/objects", "api-gateway/api"], ["fmt/"]),
    "api-gateway/files": (ENDPOINTS + ["shared/objects", "api-gateway/api"], ["fmt/"]),
    "api-gateway/letters": (ENDPOINTS + ["api-gateway/api"], ["fmt/"]),
    "api-gateway/operations": (ENDPOINTS + ["api-gateway/api"], ["fmt/"]),
    "api-gateway/organizations": (ENDPOINTS + ["api-gateway/api"], ["fmt/"]),
    "api-gateway/projects": (ENDPOINTS + ["api-gateway/api"], ["fmt/"]),
    "api-gateway/redeploy": (ENDPOINTS + ["shared/tracing", "api-gateway/api"], ["fmt/"]),
    "api-gateway/service": (ENDPOINTS + ["shared/health", "shared/telemetry", "api-gateway/api"], ["fmt/"]),
    "api-gateway/webhooks": (ENDPOINTS + ["api-gateway/api"], []),
    "site-rules/guide": (BASE + ["shared/site_rules", "shared/http"], ["fmt/"]),
    "cli": (BASE + ["shared/wire", "shared/net"], ["CLI/", "fmt/", "git2"]),
    "deploy-worker/process": (BASE, ["fmt/"]),
    "deploy-worker/masking": (BASE + ["deploy-worker/process"], []),
    "deploy-worker/diagnosis": (DOMAIN + ["shared/wire", "deploy-worker/process"], ["fmt/", "re2/"]),
    "deploy-worker/blobs": (BASE, ["fmt/"]),
    "deploy-worker/sandbox": (DOMAIN + ["shared/wire", "deploy-worker/process"], ["fmt/"]),
    "deploy-worker/build": (DOMAIN + ["shared/site_rules", "shared/wire", "deploy-worker/blobs",
                                      "deploy-worker/sandbox", "deploy-worker/masking",
                                      "deploy-worker/process", "deploy-worker/diagnosis"],
                            ["fmt/", "zlib", "brotli/", "archive"]),
    "deploy-worker/cache": (DOMAIN + ["shared/wire", "deploy-worker/build", "deploy-worker/process",
                                      "deploy-worker/sandbox"], ["fmt/"]),
    "deploy-worker/targets": (DOMAIN + ["shared/storage", "shared/net", "deploy-worker/blobs",
                                        "deploy-worker/process"],
                              ["fmt/"]),
    "deploy-worker/templates": ([], []),
    "deploy-worker/pipeline": (DOMAIN + ["shared/wire", "shared/storage", "shared/objects",
                                         "deploy-worker/sandbox", "deploy-worker/build",
                                         "deploy-worker/cache", "deploy-worker/targets"], ["fmt/"]),
    "deploy-worker/pipeline/steps": (DOMAIN + ["shared/wire", "shared/storage", "shared/objects",
                                               "deploy-worker/pipeline", "deploy-worker/sandbox",
                                               "deploy-worker/masking", "deploy-worker/process",
                                               "deploy-worker/diagnosis", "deploy-worker/build",
                                               "deploy-worker/cache", "deploy-worker/targets",
                                               "deploy-worker/templates"],
                                     ["fmt/"]),
    "deploy-worker/intake": (DOMAIN + ["shared/wire", "shared/storage", "shared/broker",
                                       "deploy-worker/pipeline", "deploy-worker/targets"], ["fmt/"]),
    "deploy-worker/service": (BASE + ["shared/health", "shared/http", "shared/telemetry"], []),
    "deploy-worker/metrics": (DOMAIN + ["shared/storage", "shared/telemetry", "deploy-worker/pipeline",
                                        "deploy-worker/process", "deploy-worker/sandbox"], []),
    "deploy-worker/tracing": (DOMAIN + ["shared/storage", "shared/tracing", "deploy-worker/pipeline"], []),
    "deploy-worker/notify": (DOMAIN + ["shared/storage", "shared/net", "shared/tracing"], ["fmt/"]),
}
COMPOSITION_ROOTS = ["api-gateway", "deploy-worker", "site-rules"]  # the folders of a main.cpp: anything goes

# Only a composition root may name a concrete implementation from another room.
CONCRETE = re.compile(r"/(pg|amqp|file|s3|local|static|posix)_\w+\.hpp$")
DEFINITION = re.compile(r"(?m)^(?:struct|class|enum class|enum) (\w+)(?: final)?(?: :[^;]*)? \{")
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)')
WATCHED = re.compile(
    r"^(CLI/|amqp|archive|boost/|brotli/|curl/|fmt/|git2|idn2|openssl/|pqxx/|prometheus/|rabbitmq-c/|rapidjson/|re2/|utf8proc"
    r"|spdlog/|valijson/|zlib)")


def complaints(room, path):
    rooms, libraries = ROOMS[room]
    for number, line in enumerate(path.read_text().splitlines(), 1):
        match = INCLUDE.match(line)
        if not match:
            continue
        bracket, target = match.groups()
        if bracket == '"':
            theirs = target.rpartition("/")[0]
            bad = theirs != room and (theirs not in rooms or CONCRETE.search("/" + target))
        else:
            bad = WATCHED.match(target) and not target.startswith(tuple(libraries))
        if bad:
            yield f"{path.relative_to(ROOT)}:{number}: {room} may not include {target}"


sources = [path
           for top in ("shared", "api-gateway", "deploy-worker", "site-rules", "cli")
           for path in sorted((ROOT / top).rglob("*.[ch]pp"))]
found = []
# Two types of one name in one program are one type to the linker, and nothing warns of it.
owners = {}
for path in sources:
    for name in DEFINITION.findall(path.read_text()) if path.suffix == ".hpp" else ():
        first = owners.setdefault(name, path)
        if first != path:
            found.append(f"{path.relative_to(ROOT)}: {name} is also a type of {first.relative_to(ROOT)}")
for path in sources:
    room = str(path.parent.relative_to(ROOT))
    if room in ROOMS:
        found += complaints(room, path)
    elif room not in COMPOSITION_ROOTS:
        found.append(f"{path.relative_to(ROOT)}: {room} is not a room of the table in {__file__}")
print("\n".join(found))
sys.exit(bool(found))
