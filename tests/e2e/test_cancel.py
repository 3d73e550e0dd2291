"""A deployment is called off: in the queue, in a build, too late; and what that never does."""

import pathlib
import secrets
import time

import pytest

from platform_under_test import wait_until
from samples import plain_site, scripted_build, slow_build

# SPEC: a running step ends within 1 s of the signal, and everything it started with it.
GONE_S = 2


def processes_with(argument):
    """Host process ids of programs that have the argument on their command line."""
    found = []
    for entry in pathlib.Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                arguments = (entry / "cmdline").read_bytes().split(b"\0")
            except OSError:
                continue
            if argument.encode() in arguments:
                found.append(int(entry.name))
    return found


def test_a_queued_deployment_is_cancelled_at_once_and_never_runs(platform, project, lone_worker):
    deployment = platform.deploy(project, plain_site("never"))

    first = platform.cancel(project, deployment)
    second = platform.cancel(project, deployment)

    assert (first.status_code, first.json()["status"]) == (200, "cancelled")
    assert (second.status_code, second.json()["status"]) == (200, "cancelled")
    lone_worker.start()
    after = platform.deploy_and_wait(project, plain_site("after"))
    assert after["status"] == "completed"
    assert platform.status(deployment)["status"] == "cancelled"
    assert platform.sql("select count(*) from attempts where deployment_id = %s", deployment) == [(0,)]
    assert b"after" in platform.page(project.host).body


def test_a_running_build_is_gone_within_two_seconds_with_all_it_started(platform, project):
    platform.deploy_and_wait(project, plain_site("before"))
    mark = str(10_000_000 + secrets.randbelow(10_000_000))
    stubborn = (
        "process.on('SIGTERM', () => {});\n"
        "const {spawn} = require('node:child_process');\n"
        f"spawn('sleep', ['{mark}'], {{detached: true, stdio: 'ignore'}}).unref();\n"
        f"spawn('sh', ['-c', 'trap \"\" TERM INT HUP; sleep {mark}; true']);\n"
        "Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 600000);"
    )
    deployment = platform.deploy(project, scripted_build(stubborn))
    wait_until(lambda: len(processes_with(mark)) >= 2, 90, "the build and its children run")

    answer = platform.cancel(project, deployment)
    asked = time.monotonic()
    wait_until(lambda: not processes_with(mark), GONE_S, "every process of the build is gone")

    assert (answer.status_code, answer.json()["status"]) == (202, "cancelling")
    status = platform.wait_for_end(deployment, 30)
    assert status["status"] == "cancelled", status
    assert "Cancelled on request." in status["error"]
    log = platform.sql("select line from deployment_log where deployment_id = %s order by seq", deployment)
    assert ("Cancelled.",) in log
    assert not [line for (line,) in log if line.startswith(("Failed", "First errors"))]
    assert time.monotonic() - asked < 30
    assert b"before" in platform.page(project.host).body
    assert platform.sql("select deployment_status from projects where id = %s", project.id) == [("deployed",)]
    after = platform.deploy_and_wait(platform.new_project(), plain_site("after"))
    assert after["status"] == "completed"


def test_what_is_live_or_over_cannot_be_cancelled(platform, project):
    deployment = platform.deploy(project, plain_site("done"))
    assert platform.wait_for_end(deployment)["status"] == "completed"

    answer = platform.cancel(project, deployment)

    assert (answer.status_code, answer.json()["error"]) == (409, "deployment_finished")
    assert platform.status(deployment)["status"] == "completed"


def test_a_cancelled_deployment_whose_worker_was_killed_does_not_run_again(
    platform, project, lone_worker
):
    deployment = platform.deploy(project, slow_build(600))
    lone_worker.start()
    platform.wait_for_step(deployment, "build")
    lone_worker.kill()

    answer = platform.cancel(project, deployment)

    assert answer.status_code == 202
    for worker in platform.workers:
        worker.start()
    status = platform.wait_for_end(deployment, 90)
    assert status["status"] == "cancelled"
    assert platform.sql(
        "select outcome from attempts where deployment_id = %s", deployment
    ) == [("lease_lost",)]


@pytest.mark.parametrize("who, status, code", [
    ("nobody", 401, "unauthenticated"),
    ("viewer", 403, "role_may_not_deploy"),
    ("stranger", 404, "deployment_not_found"),
])
def test_only_those_who_may_deploy_may_cancel(platform, project, lone_worker, who, status, code):
    deployment = platform.deploy(project, plain_site("mine"))
    token = {
        "nobody": secrets.token_hex(32),
        "viewer": platform.new_member_token(project, "viewer"),
        "stranger": platform.new_project().token,
    }[who]

    answer = platform.cancel(project, deployment, token=token)

    assert (answer.status_code, answer.json()["error"]) == (status, code)
    assert platform.status(deployment)["status"] == "queued"
    assert platform.cancel(project, deployment).status_code == 200


def test_an_unknown_deployment_cannot_be_cancelled(platform, project):
    answer = platform.cancel(project, "0" * 32)

    assert (answer.status_code, answer.json()["error"]) == (404, "deployment_not_found")
