"""A hostile build looks for other processes, for the worker's environment and for a way into the kernel."""

import json
import os
import pathlib
import secrets

from hostile import GVISOR, crun_only, how_it_failed
from samples import plain_site, scripted_build

# What a build may do to that kernel: read its boot messages, be root over its own processes, see what the
# first process of the sandbox was started with.
OPEN_IN_GVISOR = {
    "dmesg", "environment of 1", "read /proc/1/environ", "read /proc/1/maps", "read /proc/cmdline", "list /sys",
    "unshare -r true",
} if GVISOR else set()
# Variables that a sandbox has of its own, by names that others use too.
OWN_VARIABLES = {
    "PATH", "HOME", "USER", "LANG", "PWD", "OLDPWD", "SHLVL", "_", "CI", "NO_COLOR", "NODE_EXTRA_CA_CERTS",
    "SSL_CERT_FILE", "NODE", "COLOR", "EDITOR", "INIT_CWD",
}


def test_nothing_it_tries_is_open_to_a_build(looked_around):
    report = looked_around["report"]

    opened = {name: got for name, got in report["open"].items() if name not in OPEN_IN_GVISOR}
    assert not opened, opened
    assert len(report["refused"]) > 150
    # And not because nothing works in there.
    assert report["controls"] and all(value is True for value in report["controls"].values()), report["controls"]


# Where the kernel's own rules answer before the filter's EPERM, or in its place.
OTHER_ANSWERS = {
    "clone3_user": {"ENOSYS"},  # programs go back to clone, whose flags a filter can see
    "setns_first": {"EACCES", "EPERM"},
    "keep_privileges": {"EINVAL"},
    "terminal_input": {"ENOTTY", "EPERM"},
    "terminal": {"ENXIO", "ENOENT"},
    "x32": {"signal 31"},
    "call_of_32_bit": {"signal 31", "signal 11"},
}


@crun_only
def test_no_system_call_that_leads_out_reaches_the_kernel(looked_around):
    facts = looked_around["report"]["facts"]
    outcomes = dict(line.split(" ", 1) for line in facts["probe"].splitlines())

    assert facts["probeEnd"]["status"] == 0, facts["probeEnd"]
    assert len(outcomes) > 90
    for name, outcome in outcomes.items():
        if name.startswith("control_"):
            assert outcome == "open", name
        elif name.startswith(("kill_", "trace_", "memory_")) and name != "memory_of_first":
            assert outcome in ("ESRCH", "EPERM"), (name, outcome)
        else:
            assert outcome in OTHER_ANSWERS.get(name, {"EPERM"}), (name, outcome)


def environment_of(pid):
    return dict(
        entry.split("=", 1)
        for entry in pathlib.Path(f"/proc/{pid}/environ").read_text().split("\0") if "=" in entry
    )


def test_the_environment_of_a_build_holds_nothing_of_the_worker(looked_around):
    worker = environment_of(looked_around["worker"].process.pid)
    facts = looked_around["report"]["facts"]
    inside = dict(entry.split("=", 1) for entry in facts["environments"] if "=" in entry) | facts["environment"]

    assert "HOME" in inside
    assert {"POSTGRES_URL", "RABBITMQ_URL", "SECRETS_KEY", "WEBHOOK_SECRET", "WORK_ROOT"} <= set(worker)
    assert set(inside) & set(worker) <= OWN_VARIABLES
    held = {value for name, value in worker.items() if os.environ.get(name) != value and len(value) > 4}
    assert not [value for value in held if any(value in other for other in inside.values())]


def test_a_build_sees_no_process_device_or_descriptor_but_its_own(looked_around):
    facts = looked_around["report"]["facts"]

    assert not [command for command in facts["processes"] if looked_around["mark"] in command]
    assert not [command for command in facts["processes"] if "deploy-worker" in command or "crun" in command]
    assert len(facts["processes"]) < 15
    assert looked_around["abstract"] not in facts["unixSockets"]
    assert set(facts["devices"]) <= {
        "console", "core", "fd", "full", "mqueue", "null", "ptmx", "pts", "random", "shm", "stderr", "stdin", "stdout",
        "tty", "urandom", "zero",
    } | ({"fuse"} if GVISOR else set())
    # The pipes of its output are what gVisor calls `host:`.
    own = ("/dev/null", "/work", "/proc/", "pipe:", "anon_inode:", "socket:", *(["host:"] if GVISOR else []))
    for link in facts["descriptors"]:
        assert link.startswith(own), link
    assert len([link for link in facts["descriptors"] if link.startswith("host:")]) <= 3


def processes_with(argument):
    found = []
    for entry in pathlib.Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                found += [int(entry.name)] if argument.encode() in (entry / "cmdline").read_bytes() else []
            except OSError:
                pass
    return found


def test_a_process_left_behind_ends_with_the_build_and_changes_nothing_of_the_site(fortress):
    mark = "door" + secrets.token_hex(8)
    # It swaps the page between a file and a link for as long as it lives.
    swapper = (
        "const fs = require('node:fs'); process.title = process.argv[1]; process.on('SIGTERM', () => {});"
        "for (;;) { fs.writeFileSync('dist/n', 'file'); fs.renameSync('dist/n', 'dist/swapped.txt');"
        " fs.symlinkSync('/etc/shadow', 'dist/n'); fs.renameSync('dist/n', 'dist/swapped.txt');"
        " fs.appendFileSync('dist/grown.txt', 'x'); }"
    )
    project = fortress.new_project()
    files = scripted_build(
        "fs.mkdirSync('dist', {recursive: true});\n"
        "const {spawn} = require('node:child_process');\n"
        f"spawn('node', ['-e', {json.dumps(swapper)}, '{mark}'], {{detached: true, stdio: 'ignore'}}).unref();\n"
        f"spawn('setsid', ['sh', '-c', 'trap \"\" TERM HUP; while :; do sleep 1; done', '{mark}'],"
        " {detached: true, stdio: 'ignore'}).unref();\n"
        "while (!fs.existsSync('dist/grown.txt')) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10);"
    )

    deployment = fortress.deploy(project, files)
    status = fortress.wait_for_end(deployment)

    assert processes_with(mark) == []
    if status["status"] == "completed":  # it was a file when everything was stopped
        assert fortress.page(project.host, "/swapped.txt").body == b"file"
    else:
        assert how_it_failed(fortress, deployment) == ("user", "output_rejected"), status
    assert fortress.deploy_and_wait(fortress.new_project(), plain_site("after"))["status"] == "completed"
