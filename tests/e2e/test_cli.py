"""`libra`, the command line, as people and scripts use it."""

import json
import os
import pathlib
import pty
import select
import subprocess

import pytest

from platform_under_test import free_port, wait_until
from samples import plain_site, scripted_build, slow_build

LIVE, FAILED, USAGE, CANCELLED, TIMED_OUT, PLATFORM, INTERRUPTED = 0, 1, 2, 3, 4, 5, 130


def write(folder, files):
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)


class User:
    """Somebody with a home, a folder of sources, and an owner's token of the project's organisation."""

    def __init__(self, platform, project, home):
        self.binary = pathlib.Path(os.environ["LIBRA_BUILD_DIR"]) / "cli/libra"
        self.project = project
        self.folder = home / "site"
        self.folder.mkdir()
        self.environment = {
            "HOME": str(home), "PATH": os.environ["PATH"], "LIBRA_URL": platform.url,
            "LIBRA_TOKEN": platform.new_member_token(project, "owner"), "LIBRA_ORG": project.org,
            "LIBRA_PROJECT": project.id,
        }

    def libra(self, *arguments, stdin="", cwd=None, **changes):
        environment = {name: value for name, value in (self.environment | changes).items() if value is not None}
        return subprocess.run(
            [self.binary, *arguments], env=environment, cwd=cwd or self.folder, input=stdin, text=True,
            capture_output=True, timeout=180, check=False,
        )

    def must(self, *arguments, **options):
        done = self.libra(*arguments, **options)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def json(self, *arguments, **options):
        return json.loads(self.must("--json", *arguments, **options))


@pytest.fixture
def user(platform, project, tmp_path):
    return User(platform, project, tmp_path)


def site(platform, user):
    return platform.page(user.project.host).body.decode()


def test_a_folder_is_deployed_and_only_what_changed_is_uploaded_the_next_time(platform, user):
    write(user.folder, plain_site("first") | {"old.html": "old", "debug.log": "x", ".gitignore": "*.log\n"})
    first = user.libra("deploy")
    assert first.returncode == LIVE, first.stderr
    assert first.stdout == f"http://{user.project.host}:{platform.sites_port}/\n"
    assert "\x1b" not in first.stdout + first.stderr
    assert "4 files, 4 uploaded" in first.stderr
    for step in ("validate", "sync", "sandbox", "build", "deploy", "cleanup"):
        assert step in first.stderr
    assert "first" in site(platform, user)
    assert platform.page(user.project.host, "/debug.log").status == 404

    write(user.folder, plain_site("second"))
    (user.folder / "old.html").unlink()
    second = user.libra("deploy")
    assert second.returncode == LIVE and "3 files, 1 uploaded" in second.stderr, second.stderr
    assert "second" in site(platform, user)
    assert platform.page(user.project.host, "/old.html").status == 404


def test_a_new_project_is_made_for_a_folder_that_then_names_it(platform, user):
    write(user.folder, plain_site("mine"))
    nameless = user.libra("deploy", LIBRA_PROJECT=None)
    assert nameless.returncode == USAGE and "--create" in nameless.stderr
    made = user.must("deploy", "--create", "My site", LIBRA_PROJECT=None)
    link = json.loads((user.folder / "libra.json").read_text())
    assert link["orgId"] == user.project.org
    again = user.must("deploy")  # LIBRA_PROJECT names another one
    assert again == made
    assert platform.page(user.project.host).status == 404


def test_a_login_is_kept_and_a_wrong_one_is_not(platform, user):
    anonymous = {"LIBRA_URL": None, "LIBRA_TOKEN": None, "LIBRA_ORG": None}
    refused = user.libra("login", platform.url, stdin="wrong\n", **anonymous)
    assert refused.returncode == USAGE and "libra login" in refused.stderr
    unknown = user.libra("whoami", **anonymous)
    assert unknown.returncode != 0

    user.must("login", platform.url, stdin=user.environment["LIBRA_TOKEN"] + "\n", **anonymous)
    assert user.project.org in user.must("whoami", **anonymous)
    assert user.json("quota", **anonymous)["orgId"] == user.project.org
    user.must("logout", **anonymous)
    assert user.libra("whoami", **anonymous).returncode != 0


def test_a_build_that_fails_says_why_and_what_was_live_stays_until_it_is_rolled_back(platform, user):
    write(user.folder, plain_site("good"))
    user.must("deploy")
    write(user.folder, plain_site("better"))
    user.must("deploy")
    for file in user.folder.iterdir():
        file.unlink()
    write(user.folder, scripted_build("console.log('about to break'); process.exit(7);"))
    broken = user.libra("deploy")
    assert broken.returncode == FAILED
    assert "about to break" in broken.stderr and "libra logs" in broken.stderr
    assert broken.stdout == ""
    assert "about to break" in user.must("logs")
    assert "better" in site(platform, user)

    user.must("rollback")
    assert "good" in site(platform, user)
    newest_first = user.json("list")["deployments"]
    assert [each["status"] for each in newest_first] == ["completed", "failed", "completed", "completed"]
    user.must("promote", newest_first[2]["deploymentId"])
    assert "better" in site(platform, user)
    assert user.must("open") == f"http://{user.project.host}:{platform.sites_port}/\n"


def test_a_deployment_that_takes_too_long_to_watch_goes_on_and_can_be_cancelled(platform, user):
    write(user.folder, slow_build(60))
    late = user.libra("deploy", "--timeout", "2")
    assert late.returncode == TIMED_OUT and "libra logs -f" in late.stderr, late.stderr
    busy = user.libra("deploy")
    assert busy.returncode == USAGE and "supersede" in busy.stderr
    user.must("cancel")
    followed = user.libra("logs", "-f")
    assert followed.returncode == CANCELLED
    assert "cancelled" in user.must("status")


def test_ctrl_c_asks_whether_to_cancel(platform, user):
    write(user.folder, slow_build(60))
    primary, secondary = pty.openpty()
    process = subprocess.Popen(
        [user.binary, "deploy"], env=user.environment | {"TERM": "xterm"}, cwd=user.folder, stdin=secondary,
        stdout=secondary, stderr=secondary, start_new_session=True,
        preexec_fn=lambda: __import__("fcntl").ioctl(0, __import__("termios").TIOCSCTTY, 0),
    )
    os.close(secondary)
    shown = b""

    def shows(text):
        nonlocal shown
        if select.select([primary], [], [], 0)[0]:
            try:
                shown += os.read(primary, 65536)
            except OSError:  # all its writers are gone
                pass
        return text in shown

    wait_until(lambda: shows("build …".encode()), 60, "the build is shown")
    os.write(primary, b"\x03")
    wait_until(lambda: shows(b"Cancel the deployment?"), 30, "it asks")
    os.write(primary, b"y\n")
    wait_until(lambda: shows(b"Cancelled.") and process.poll() is not None, 60, "it is cancelled")
    os.close(primary)
    assert process.returncode == CANCELLED


def test_ctrl_c_where_nobody_can_be_asked_leaves_the_deployment_alone(platform, user):
    write(user.folder, slow_build(3))
    process = subprocess.Popen(
        [user.binary, "deploy"], env=user.environment, cwd=user.folder, stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )
    wait_until(lambda: platform.sql(
        "select 1 from deployment_steps s join deployments d on d.id = s.deployment_id "
        "where d.project_id = %s and s.step = 'sandbox'", user.project.id,
    ), 60, "it is being deployed")
    process.send_signal(2)
    _, said = process.communicate(timeout=30)
    assert process.returncode == INTERRUPTED and "libra logs -f" in said, said
    assert user.libra("logs", "-f").returncode == LIVE


def test_variables_domains_and_projects_are_managed(platform, user):
    user.must("env", "set", "GREETING=hello world")
    user.must("env", "set", "API_KEY", "--secret", stdin="s3cr3t-value\n")
    shown = user.must("env")
    assert "hello world" in shown and "(secret)" in shown and "s3cr3t" not in shown
    user.must("env", "unset", "GREETING")
    assert [each["name"] for each in user.json("env")["variables"]] == ["API_KEY"]

    domain = user.project.label + ".example.com"
    user.must("domains", "add", domain)
    assert domain in user.must("domains", "list")
    user.must("domains", "remove", domain)

    made = user.json("projects", "create", "Other")["project"]["projectId"]
    assert made in user.must("projects")
    user.must("projects", "rename", "Another", made)
    assert "Another" in user.must("projects", "show", made)
    user.must("projects", "build", made, "--root", "apps/web", "--node", "22")
    user.must("projects", "build", made, "--node", "")
    assert user.must("projects", "build", made).split() == ["root", "apps/web"]
    unsure = user.libra("projects", "delete", made)
    assert unsure.returncode == USAGE and "--yes" in unsure.stderr
    user.must("projects", "delete", made, "--yes")
    assert made not in user.must("projects")


def test_tokens_are_made_shown_once_and_revoked(platform, user):
    token = user.must("tokens", "create", "ci", "--scope", "read", "--days", "1").strip()
    assert user.must("whoami", LIBRA_TOKEN=token)
    listed = user.must("tokens")
    assert "ci" in listed and token not in listed
    reader = user.libra("deploy", LIBRA_TOKEN=token)
    assert reader.returncode == USAGE
    identity = next(each for each in user.json("tokens")["tokens"] if each["name"] == "ci")["tokenId"]
    user.must("tokens", "revoke", identity)
    assert user.libra("whoami", LIBRA_TOKEN=token).returncode == USAGE


def test_operators_see_the_queue_and_deal_with_dead_letters(platform, user):
    assert user.json("queue")["consumers"] == 2
    assert "Workers at the queue" in user.must("queue")
    refused = user.libra("dlq", "list")
    assert refused.returncode == USAGE and "admin" in refused.stderr

    admin = {"LIBRA_TOKEN": platform.new_member_token(user.project, "member", "{admin}")}
    channel = platform.amqp().channel()
    channel.basic_publish("deployment", "deployment-queue", b"not for the command line")
    letter = wait_until(
        lambda: [each for each in user.json("dlq", "list", **admin)["letters"] if each["class"] == "poison"],
        60, "it is a dead letter",
    )[0]["id"]
    assert "not for the command line" in user.must("dlq", "show", str(letter), **admin)
    user.must("dlq", "discard", str(letter), "--reason", "a test", **admin)
    again = user.libra("dlq", "requeue", str(letter), **admin)
    assert again.returncode == USAGE
    user.must("dlq", "requeue", "--all", "--class", "exhausted", **admin)


def test_the_doctor_says_what_is_wrong_and_what_to_do(platform, user):
    well = user.libra("doctor")
    assert well.returncode == 0 and "bad" not in well.stdout, well.stdout
    stranger = user.libra("doctor", LIBRA_TOKEN="wrong")
    assert stranger.returncode == USAGE and "libra login" in stranger.stdout
    away = user.libra("doctor", LIBRA_URL=f"http://127.0.0.1:{free_port()}")
    assert away.returncode == PLATFORM and "does not answer" in away.stdout
    other = user.libra("doctor", LIBRA_URL=f"http://127.0.0.1:{platform.sites_port}")
    assert other.returncode == PLATFORM and "Libra Deploy's API" in other.stdout


def test_a_platform_that_is_away_is_not_the_users_fault(user):
    away = user.libra("list", LIBRA_URL=f"http://127.0.0.1:{free_port()}")
    assert away.returncode == PLATFORM and "libra doctor" in away.stderr


@pytest.mark.parametrize("arguments", [[], ["depoly"], ["deploy", "--colour"], ["logs", "--step", "x"], ["promote"]])
def test_a_wrong_command_is_a_mistake_in_its_use(user, arguments):
    wrong = user.libra(*arguments)
    assert wrong.returncode == USAGE and wrong.stderr


def test_a_command_that_does_not_exist_is_named(user):
    assert user.libra("depoly").stderr == "libra: There is no command 'depoly'; `libra --help` lists them.\n"


@pytest.mark.parametrize("shell, check", [("bash", ["bash", "-n"]), ("zsh", ["bash", "-n"]), ("fish", None)])
def test_completion_scripts_are_scripts(user, tmp_path, shell, check):
    script = tmp_path / "script"
    script.write_text(user.must("completion", shell))
    if check:
        subprocess.run([*check, script], check=True, timeout=30)


def test_bash_completes_commands_and_their_options(user, tmp_path):
    script = tmp_path / "script"
    script.write_text(user.must("completion", "bash"))

    def completed(*words):
        line = " ".join(f"'{word}'" for word in ("libra", *words))
        return subprocess.run(
            ["bash", "-c", f"source {script}; COMP_WORDS=({line}); COMP_CWORD={len(words)}; _libra; "
             "printf '%s\\n' \"${COMPREPLY[@]}\""],
            capture_output=True, text=True, timeout=30, check=True, cwd=tmp_path,
        ).stdout.split()

    assert {"deploy", "rollback", "dlq"} <= set(completed(""))
    assert completed("dep") == ["deploy"]
    assert set(completed("dlq", "")) >= {"list", "show", "requeue", "discard"}
    assert "--on-conflict" in completed("deploy", "--on")
    assert "--secret" in completed("env", "set", "NAME", "--s")
