#!/usr/bin/python3
"""Deploys a folder through POST /deploy and follows it to its end, for `./dev up` and `./dev demo`.

    demo.py [--unless-live] FOLDER

Environment: LIBRA_URL, LIBRA_TOKEN, LIBRA_ORG, LIBRA_PROJECT, LIBRA_USER, and SITES_URL, the address
at which the static host is reached. Exit code 0: the site is live and answers.
"""

import json
import os
import pathlib
import sys
import time
import urllib.error
import urllib.parse
import urllib.request

STEPS = ("validate", "sync", "sandbox", "build", "deploy", "cleanup")
NOT_SOURCE = {"node_modules", "dist", ".git"}
TIME_LIMIT_S = 15 * 60


class Refused(Exception):
    pass


def call(method, path, body=None):
    request = urllib.request.Request(
        os.environ["LIBRA_URL"] + path,
        method=method,
        data=None if body is None else json.dumps(body).encode(),
        headers={
            "Authorization": "Bearer " + os.environ["LIBRA_TOKEN"],
            "Content-Type": "application/json",
        },
    )
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.load(answer)
    except urllib.error.HTTPError as error:
        text = error.read().decode(errors="replace")
        try:
            problem = json.loads(text)
            text = f"{problem['error']}: {problem['message']}"
            for detail in problem.get("details") or []:
                text += f"\n    {json.dumps(detail)}"
        except (ValueError, KeyError, TypeError):
            pass
        raise Refused(f"{method} {path} was answered {error.code}: {text}") from None


def init_files(folder):
    files = []
    for path in sorted(folder.rglob("*")):
        relative = path.relative_to(folder)
        if path.is_file() and not NOT_SOURCE.intersection(relative.parts):
            files.append({"path": relative.as_posix(), "content": path.read_text("utf-8")})
    return files


def site_page(host, path="/"):
    """The page as the static host serves it. *.localhost has no address for every resolver."""
    request = urllib.request.Request(os.environ["SITES_URL"] + path, headers={"Host": host})
    with urllib.request.urlopen(request, timeout=10) as answer:
        return answer.read().decode("utf-8", "replace")


def live(host, title):
    try:
        return title in site_page(host)
    except (urllib.error.URLError, OSError):
        return False


def line(mark, text, seconds=None):
    took = "" if seconds is None else f"  {seconds:.1f} s"
    print(f"  {mark} {text}{took}", flush=True)


def follow(deployment_id):
    """Prints each step as it ends; returns the final status."""
    begun = time.monotonic()
    shown = {}
    since = begun
    unreachable = 0
    while time.monotonic() - begun < TIME_LIMIT_S:
        try:
            status = call("GET", "/deploy-status?id=" + urllib.parse.quote(deployment_id))
            unreachable = 0
        except (urllib.error.URLError, OSError) as error:
            unreachable += 1
            if unreachable > 60:
                raise Refused(f"The gateway does not answer any more: {error}") from None
            time.sleep(0.5)
            continue
        for step in STEPS:
            state = status["steps"][step]["status"]
            if state != shown.get(step) and state in ("completed", "failed"):
                now = time.monotonic()
                line("✓" if state == "completed" else "✗", f"{step:<10}", now - since)
                since = now
            shown[step] = state
        if status["status"] in ("completed", "failed", "cancelled"):
            return status
        time.sleep(0.2)
    raise Refused(f"Deployment {deployment_id} has not ended after {TIME_LIMIT_S // 60} minutes.")


def deploy(folder):
    body = {
        "projectId": os.environ["LIBRA_PROJECT"],
        "orgId": os.environ["LIBRA_ORG"],
        "userId": os.environ["LIBRA_USER"],
        "initFiles": init_files(folder),
    }
    answer = call("POST", "/deploy", body)
    line("→", f"deployment {answer['deploymentId']} of {len(body['initFiles'])} files")
    status = follow(answer["deploymentId"])
    if status["status"] != "completed":
        raise Refused(f"The deployment {status['status']}: {status.get('error') or 'no reason given'}")
    return status["url"]


def main(arguments):
    unless_live = "--unless-live" in arguments
    folder = pathlib.Path([a for a in arguments if not a.startswith("--")][0])
    title = "<title>Libra Deploy sample</title>"
    host = os.environ["LIBRA_PROJECT"] + ".localhost"
    # Any page will do: it may be one that somebody deployed instead of the sample.
    if unless_live and live(host, ""):
        line("✓", "the demo project is live already")
        return 0
    try:
        url = deploy(folder)
        host = urllib.parse.urlsplit(url).hostname
        if not live(host, title):
            raise Refused(f"The deployment completed, but {url} does not show the site.")
    except Refused as refusal:
        line("✗", str(refusal))
        return 1
    line("✓", f"{url} answers")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
