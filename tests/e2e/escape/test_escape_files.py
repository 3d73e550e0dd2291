"""A hostile build looks for files of others, and leaves things in its output that lead to them."""

import json

from hostile import GVISOR, crun_only, how_it_failed
from samples import scripted_build


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
