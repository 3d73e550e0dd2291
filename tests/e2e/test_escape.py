"""A hostile build tries to get out of its sandbox, or to take the machine with it: it gets nowhere, its
user is told what was hit, and the worker takes the next deployment.

With SANDBOX_RUNTIME=runsc in the environment the sandboxes are gVisor's."""

import base64
import gzip
import json
import os
import pathlib
import secrets
import socket
import subprocess

import pytest

from platform_under_test import Platform, wait_until
from samples import plain_site, scripted_build

HERE = pathlib.Path(__file__).resolve().parent / "escape"
GVISOR = os.environ.get("SANDBOX_RUNTIME") == "runsc"
crun_only = pytest.mark.skipif(GVISOR, reason="gVisor's own kernel answers, whose whole world is the sandbox")
# What a build may do to that kernel: read its boot messages, be root over its own processes, see what the
# first process of the sandbox was started with.
OPEN_IN_GVISOR = {
    "dmesg", "environment of 1", "read /proc/1/environ", "read /proc/1/maps", "read /proc/cmdline", "list /sys",
    "unshare -r true",
} if GVISOR else set()
LIMITS = {"SANDBOX_MEMORY_MB": "384", "SANDBOX_DISK_MB": "256", "SANDBOX_PROCESSES": "96"}
# Variables that a sandbox has of its own, by names that others use too.
OWN_VARIABLES = {
    "PATH", "HOME", "USER", "LANG", "PWD", "OLDPWD", "SHLVL", "_", "CI", "NO_COLOR", "NODE_EXTRA_CA_CERTS",
    "SSL_CERT_FILE", "NODE", "COLOR", "EDITOR", "INIT_CWD",
}


@pytest.fixture(scope="module")
def fortress(scratch):
    """A platform whose sandboxes are small, so that an attack that fills one is soon over."""
    folder = scratch / "fortress"
    folder.mkdir(mode=0o755)
    platform = Platform(folder, **LIMITS)
    try:
        platform.start()
        wait_until(lambda: all("worker ready" in worker.log_tail() for worker in platform.workers), 120, "they are ready")
        problem = [line for line in platform.workers[0].log_tail().splitlines() if "cannot run builds" in line]
        if GVISOR and problem:
            pytest.skip(problem[0])
        yield platform
    finally:
        platform.stop()


@pytest.fixture(scope="module")
def probe(tmp_path_factory):
    """escape/probe.c, compiled for a machine of which nothing is known but the processor."""
    program = tmp_path_factory.mktemp("probe") / "probe"
    subprocess.run(
        ["gcc", "-static", "-O1", "-o", program, HERE / "probe.c"], check=True, timeout=120
    )
    return base64.b64encode(gzip.compress(program.read_bytes())).decode()


def workers_of(platform):
    """The worker processes themselves, not the shells that became them."""
    return [worker.process.pid for worker in platform.workers]


def environment_of(pid):
    return dict(
        entry.split("=", 1)
        for entry in pathlib.Path(f"/proc/{pid}/environ").read_text().split("\0") if "=" in entry
    )


def host_addresses():
    """Every address of the machine but loopback and those of one link, IPv4 and IPv6."""
    listed = json.loads(subprocess.check_output(["ip", "-json", "address"], text=True))
    return [
        address["local"]
        for interface in listed for address in interface["addr_info"] if address["scope"] == "global"
    ]


class Listeners:
    """TCP, UDP and Unix sockets of the host that nobody in a sandbox may reach."""

    def __init__(self, folder):
        self.tcp = self._listen(socket.AF_INET6, socket.SOCK_STREAM, ("::", 0))
        self.port = self.tcp.getsockname()[1]
        self.udp = self._listen(socket.AF_INET6, socket.SOCK_DGRAM, ("::", 0))
        self.udp_port = self.udp.getsockname()[1]
        self.path = folder / "door.sock"
        self.unix = self._listen(socket.AF_UNIX, socket.SOCK_STREAM, str(self.path))
        self.path.chmod(0o777)
        self.name = "libra-door-" + secrets.token_hex(8)
        self.abstract = self._listen(socket.AF_UNIX, socket.SOCK_STREAM, "\0" + self.name)

    @staticmethod
    def _listen(family, kind, address):
        listener = socket.socket(family, kind)
        if family == socket.AF_INET6:
            listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
        listener.bind(address)
        if kind == socket.SOCK_STREAM:
            listener.listen()
        listener.setblocking(False)
        return listener

    def visits(self):
        """What came in since the last call; the control that they work is `prove`."""
        found = []
        for kind in ("tcp", "unix", "abstract"):
            try:
                getattr(self, kind).accept()[0].close()
                found.append(kind)
            except BlockingIOError:
                pass
        try:
            self.udp.recv(100)
            found.append("udp")
        except BlockingIOError:
            pass
        return found

    def prove(self):
        """From the host itself each of them can be reached."""
        for family, kind, address in (
            (socket.AF_INET, socket.SOCK_STREAM, ("127.0.0.1", self.port)),
            (socket.AF_INET, socket.SOCK_DGRAM, ("127.0.0.1", self.udp_port)),
            (socket.AF_UNIX, socket.SOCK_STREAM, str(self.path)),
            (socket.AF_UNIX, socket.SOCK_STREAM, "\0" + self.name),
        ):
            with socket.socket(family, kind) as client:
                client.connect(address)
                if kind == socket.SOCK_DGRAM:
                    client.send(b"here")
        wait_until(lambda: self.udp.recv(100, socket.MSG_PEEK), 5, "the datagram is there")
        assert self.visits() == ["tcp", "unix", "abstract", "udp"]

    def close(self):
        for listener in (self.tcp, self.udp, self.unix, self.abstract):
            listener.close()
        self.path.unlink()


def targets(platform, listeners, victim, victim_worker):
    addresses = [*host_addresses(), "127.0.0.1", "10.0.2.2", "::1", "fd00::2"]
    ports = [listeners.port, platform.port, platform.sites_port]
    ports += [int(platform.environment[name]) for name in ("LIBRA_POSTGRES_PORT", "LIBRA_RABBITMQ_PORT")]
    outside = ["169.254.169.254", "169.254.170.2", "100.100.100.200", "192.0.0.192", "fd00:ec2::254",
               "fe80::1", "10.0.0.1", "172.16.0.1", "192.168.0.1", "192.168.1.1"]
    state = platform.folder
    return {
        "files": ["/etc/shadow", "/root/.bashrc", f"{state}/secrets/postgres-password", f"{state}/gateway.log",
                  f"/proc/{victim_worker}/environ", f"/proc/{victim_worker}/root/etc/shadow"],
        "folders": ["/root", "/var/lib", "/run", "/boot", str(state), f"{state}/sites", f"{state}/work",
                    f"{state}/objects", victim, "/srv"],
        "pids": [str(pid) for pid in (victim_worker, os.getpid())],
        "tcp": [[host, port] for host in addresses for port in ports]
        + [[host, port] for host in outside for port in (80, 443)]
        + [["1.1.1.1", port] for port in (22, 25, 53, 853, 5432)],
        "udp": [[host, listeners.udp_port] for host in addresses],
        "unix": [str(listeners.path), f"/proc/1/root{listeners.path}", "/run/docker.sock", "/run/dbus/system_bus_socket",
                 "/run/containerd/containerd.sock", "/dev/log"],
        "abstract": [listeners.name],
        "names": ["metadata.google.internal", "metadata", "instance-data", "localhost.localdomain"],
    }


@pytest.fixture(scope="module")
def looked_around(fortress, probe, scratch):
    """What a build found that tried every door, while another one ran beside it: the report, and what the
    host saw of it."""
    listeners = Listeners(scratch)
    mark = str(10_000_000 + secrets.randbelow(10_000_000))
    release = "/work/go-on"
    try:
        listeners.prove()
        beside = fortress.deploy(fortress.new_project(), scripted_build(
            "const {spawn} = require('node:child_process');\n"
            f"const child = spawn('sleep', ['{mark}']);\n"
            f"while (!fs.existsSync('{release}'))"
            " Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 50);\n"
            "child.kill();\n"
        ))
        fortress.wait_for_step(beside, "build")
        worker = fortress.worker_of(beside)
        victim = wait_until(lambda: disk_of(worker, beside), 60, "the other build has its disk")
        project = fortress.new_project()
        goals = targets(fortress, listeners, str(victim), worker.process.pid)
        files = scripted_build("", "unused") | {
            "build.cjs": (HERE / "look_around.cjs").read_text(),
            "targets.json": json.dumps(goals),
            "probe.base64": probe,
        }
        status = fortress.deploy_and_wait(project, files)
        assert status["status"] == "completed", status
        page = fortress.page(project.host, "/report.json")
        visits = listeners.visits()
        (victim / "work/go-on").touch()
        assert fortress.wait_for_end(beside)["status"] == "completed"
    finally:
        listeners.close()
    return {"report": json.loads(page.body), "visits": visits, "mark": mark, "worker": worker,
            "goals": goals, "abstract": listeners.name}


def disk_of(worker, deployment):
    """The disk of a running deployment's sandbox, as the worker has it mounted."""
    found = [
        path for path in pathlib.Path(f"/proc/{worker.process.pid}/root/srv").glob("*/sandboxes/live/*/disk")
        if deployment in path.parent.name and (path / "work").is_dir()
    ]
    return found[0] if found else None


def how_it_failed(platform, deployment):
    return platform.sql("select failure_class, error_code from deployments where id = %s", deployment)[0]


def test_nothing_it_tries_is_open_to_a_build(looked_around):
    report = looked_around["report"]

    opened = {name: got for name, got in report["open"].items() if name not in OPEN_IN_GVISOR}
    assert not opened, opened
    assert len(report["refused"]) > 150
    # And not because nothing works in there.
    assert report["controls"] and all(value is True for value in report["controls"].values()), report["controls"]


def test_no_service_of_the_host_hears_of_a_build(looked_around):
    refused = looked_around["report"]["refused"]

    assert looked_around["visits"] == []
    for host, port in looked_around["goals"]["tcp"]:
        own = host in ("127.0.0.1", "::1")  # its own loopback, where nobody listens
        expected = {"ECONNREFUSED"} if own else {"EHOSTUNREACH", "ENETUNREACH", "ECONNREFUSED", "EINVAL", "EACCES"}
        assert refused[f"tcp {host} {port}"] in expected, (host, port)


def test_names_of_metadata_services_lead_nowhere(looked_around):
    for name in looked_around["goals"]["names"]:
        assert f"name {name}" in looked_around["report"]["refused"], name


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


@crun_only
def test_all_mounts_of_a_build_are_without_privileges(looked_around):
    mounts = [line.split() for line in looked_around["report"]["facts"]["mounts"] if line]

    writable = {point for _, point, _, options, *_ in mounts if "rw" in options.split(",")}
    assert writable <= {"/proc", "/dev", "/dev/shm", "/dev/mqueue", "/dev/pts", "/tmp", "/home/build", "/work",
                        "/dev/null", "/dev/zero", "/dev/full", "/dev/tty", "/dev/random", "/dev/urandom", "/proc/kcore",
                        "/proc/keys", "/proc/timer_list"}
    for _, point, _, options, *_ in mounts:
        if point in writable | {"/usr"} and not point.startswith(("/dev/", "/proc/")):
            assert "nosuid" in options.split(","), point


# -- bombs

BOMBS = {
    "memory": (
        "const kept = []; for (;;) kept.push(Buffer.alloc(1 << 24, 1));",
        "out_of_memory", ["384 MiB", "peak"],
    ),
    "disk": (
        "const file = fs.openSync('big', 'w'); const block = Buffer.alloc(1 << 24, 1);\n"
        "for (;;) fs.writeSync(file, block);",
        "out_of_disk", ["256 MiB"],
    ),
    "files": (
        "for (let i = 0; ; i++) fs.writeFileSync('/tmp/' + i, '');",
        "out_of_disk", ["too many files"],
    ),
    "processes": (
        "const {spawnSync} = require('node:child_process');\n"
        "const ended = spawnSync('sh', ['-c', 'b() { b | b & b; }; b'], {stdio: 'inherit'});\n"
        "process.exit(ended.status ?? 1);",
        "out_of_processes", ["96"],
    ),
    "processes that stay": (
        "const {spawn} = require('node:child_process');\n"
        "let left = 200; const more = () => {\n"
        "  const child = spawn('sleep', ['1000000'], {detached: true, stdio: 'ignore'});\n"
        "  child.on('error', () => process.exit(1)); if (--left) setImmediate(more); };\n"
        "more(); return;",
        "out_of_processes", ["96"],
    ),
}


def in_function(command):
    return f"(function () {{\n{command}\n}})();" if "return;" in command else command


def test_bombs_hit_a_limit_that_is_named_and_the_worker_takes_the_next(fortress):
    before = workers_of(fortress)
    bombs = {
        name: fortress.deploy(fortress.new_project(), scripted_build(in_function(command)))
        for name, (command, _, _) in BOMBS.items()
    }

    ended = {name: fortress.wait_for_end(deployment) for name, deployment in bombs.items()}
    after = [fortress.deploy(fortress.new_project(), scripted_build("", "after")) for _ in fortress.workers]

    for name, status in ended.items():
        _, code, told = BOMBS[name]
        assert status["status"] == "failed", (name, status)
        assert how_it_failed(fortress, bombs[name]) == ("resource", code), (name, status)
        for text in told:
            assert text in status["error"], (name, status["error"])
        assert fortress.sql("select count(*) from attempts where deployment_id = %s", bombs[name]) == [(1,)], name
    for deployment in after:
        assert fortress.wait_for_end(deployment)["status"] == "completed"
    assert workers_of(fortress) == before
    assert all(worker.running() for worker in fortress.workers)


# -- what is left in the output

OUTPUTS = {
    "absolute link": ("fs.symlinkSync('/etc/shadow', 'dist/page.html');", "output_rejected", "page.html is a symbolic link"),
    "link upwards": ("fs.symlinkSync('../../../etc/shadow', 'dist/page.html');", "output_rejected", "symbolic link"),
    "link of a directory": ("fs.symlinkSync('/etc', 'dist/etc');", "output_rejected", "etc is a symbolic link"),
    "new line in a name": ("fs.writeFileSync('dist/a\\nb', '');", "output_rejected", "name"),
    "bytes that are no text": (
        "fs.writeFileSync(Buffer.from('dist/\\xff\\xfe', 'latin1'), '');", "output_rejected", "name"),
    "deep tree": ("process.chdir('dist'); for (let i = 0; i < 200; i++) { fs.mkdirSync('d'); process.chdir('d'); }"
                  " process.chdir('/work');", "output_too_large", "deep"),
    "many files": ("for (let i = 0; i < 20100; i++) fs.writeFileSync('dist/' + i, '');", "output_too_large", "20000"),
    "output is a link": ("fs.rmSync('dist', {recursive: true}); fs.symlinkSync('/etc', 'dist'); process.exit(0);",
                         "output_missing", "index.html"),
    "index is a link": ("fs.rmSync('dist/index.html'); fs.symlinkSync('/etc/passwd', 'dist/index.html'); process.exit(0);",
                        "output_rejected", "index.html is a symbolic link"),
}


if not GVISOR:  # there they are in the memory of its kernel, and never on the disk
    OUTPUTS["pipe"] = (
        "require('node:child_process').execFileSync('mkfifo', ['dist/pipe']);", "output_rejected", "pipe is a named pipe")
    OUTPUTS["socket"] = (
        "require('node:net').createServer().listen('dist/socket', () => process.exit(0)); setTimeout(() => {}, 9000);",
        "output_rejected", "socket is a socket")


def hostile_output(command):
    start = "fs.mkdirSync('dist', {recursive: true}); fs.writeFileSync('dist/index.html', 'x');\n"
    return scripted_build(start + command)


def test_an_output_that_points_out_of_the_sandbox_is_refused_in_words(fortress):
    projects = {name: fortress.new_project() for name in OUTPUTS}
    deployments = {
        name: fortress.deploy(projects[name], hostile_output(command)) for name, (command, _, _) in OUTPUTS.items()
    }

    for name, deployment in deployments.items():
        status = fortress.wait_for_end(deployment)
        _, code, told = OUTPUTS[name]
        assert status["status"] == "failed", (name, status)
        assert how_it_failed(fortress, deployment) == ("user", code), (name, status)
        assert told in status["error"], (name, status["error"])
        assert fortress.page(projects[name].host).status == 404, name


def test_hard_links_lead_to_the_builds_own_bytes_only(fortress):
    project = fortress.new_project()
    files = scripted_build(
        "fs.mkdirSync('dist', {recursive: true}); fs.writeFileSync('own', 'mine'); fs.linkSync('own', 'dist/own.txt');\n"
        "const refused = [];\n"
        "for (const file of ['/etc/passwd', '/usr/bin/env', '/proc/1/environ', '/etc/resolv.conf'])\n"
        "  try { fs.linkSync(file, 'dist/link.txt'); } catch (error) { refused.push(error.code); }\n"
        "fs.writeFileSync('dist/refused.json', JSON.stringify(refused));\n"
    )

    status = fortress.deploy_and_wait(project, files)

    assert status["status"] == "completed", status
    assert fortress.page(project.host, "/own.txt").body == b"mine"
    assert json.loads(fortress.page(project.host, "/refused.json").body) in (
        [["EXDEV"] * 4, ["EXDEV", "EXDEV", "EPERM", "EXDEV"]])


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
