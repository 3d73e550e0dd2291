"""The commands of ./dev that the README names, in a checkout of its own with ports of its own."""

import os
import pathlib
import shlex
import shutil
import socket
import subprocess

import psycopg2
import pytest
import requests

from platform_under_test import free_port, wait_until
from runbook import Runbook

ROOT = pathlib.Path(__file__).resolve().parents[2]
UP_LIMIT_S = 840  # most of it compiles, where the compiler's cache is empty


class Checkout:
    def __init__(self, folder):
        self.folder = folder
        files = subprocess.run(
            ["git", "-c", f"safe.directory={ROOT}", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
            cwd=ROOT, check=True, capture_output=True, text=True,
        ).stdout.split("\0")
        for name in filter(None, files):
            target = folder / name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, target)
        self.ports = {"LIBRA_PORT": str(free_port()), "LIBRA_SITES_PORT": str(free_port())}

    def run(self, *command, limit=120, **variables):
        """Runs one command as somebody with a fresh shell would."""
        inherited = {
            name: value
            for name, value in os.environ.items()
            if name in ("PATH", "HOME", "LANG", "CCACHE_DIR") or name.lower().startswith("npm_config")
        }
        # What the build under test has left in the compiler's cache need not be compiled again.
        environment = inherited | {"LIBRA_PRESET": "dev"} | variables
        return subprocess.run(
            command, cwd=self.folder, env=environment, timeout=limit, text=True,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False,
        )

    def dev(self, *arguments, limit=120, **variables):
        return self.run("./dev", *arguments, limit=limit, **variables)

    def env(self):
        exports = self.dev("env").stdout.splitlines()
        assert all(line.startswith("export ") for line in exports)
        return dict(shlex.split(line)[1].split("=", 1) for line in exports)

    def processes(self):
        """Program -> process id, of those that run."""
        lines = [line.split() for line in self.dev("status").stdout.splitlines()]
        return {words[0]: words[3].rstrip(",") for words in lines if words[1:2] == ["RUNNING"]}

    def deployments(self):
        connection = psycopg2.connect(self.env()["POSTGRES_URL"])
        try:
            with connection.cursor() as cursor:
                cursor.execute("select count(*) from deployments")
                return cursor.fetchone()[0]
        finally:
            connection.close()

    def site(self):
        port = self.ports["LIBRA_SITES_PORT"]
        return requests.get(f"http://127.0.0.1:{port}/", headers={"Host": f"demo.localhost:{port}"}, timeout=10)


@pytest.fixture(scope="module")
def up(scratch):
    checkout = Checkout(scratch / "a checkout")
    first = checkout.dev("up", limit=UP_LIMIT_S, **checkout.ports)
    try:
        yield checkout, first
    finally:
        ended = checkout.dev("down", "--purge")
        assert ended.returncode == 0, ended.stdout


@pytest.fixture
def checkout(up):
    return up[0]


def test_up_deploys_a_sample_and_prints_the_address_that_answers(up):
    checkout, first = up
    assert first.returncode == 0, first.stdout
    address = f"http://demo.localhost:{checkout.ports['LIBRA_SITES_PORT']}/"
    assert address in first.stdout
    page = checkout.site()
    assert page.status_code == 200
    assert '<div id="root">' in page.text


def test_up_again_changes_nothing(checkout):
    processes, deployments = checkout.processes(), checkout.deployments()
    again = checkout.dev("up")
    assert again.returncode == 0, again.stdout
    assert checkout.processes() == processes
    assert checkout.deployments() == deployments


def test_all_services_are_shown_as_running(checkout):
    assert set(checkout.processes()) == {
        "epmd", "postgres", "rabbitmq", "site-rules", "caddy", "gateway", "worker-1", "worker-2",
    }


def test_env_is_enough_for_the_first_deployment(checkout):
    env = checkout.env()
    assert set(env) >= {
        "LIBRA_URL", "LIBRA_TOKEN", "LIBRA_ORG", "LIBRA_PROJECT", "LIBRA_USER",
        "POSTGRES_URL", "RABBITMQ_URL", "SITES_URL",
    }
    body = {
        "projectId": env["LIBRA_PROJECT"], "orgId": env["LIBRA_ORG"], "userId": env["LIBRA_USER"],
        "initFiles": [{"path": "public/note.txt", "content": "hello"}],
    }
    accepted = requests.post(
        env["LIBRA_URL"] + "/deploy", json=body, timeout=10,
        headers={"Authorization": "Bearer " + env["LIBRA_TOKEN"]},
    )
    assert accepted.status_code == 202, accepted.text

    def ended():
        status = requests.get(env["LIBRA_URL"] + accepted.headers["Location"], timeout=10).json()
        return status["status"] in ("completed", "failed", "cancelled") and status

    status = wait_until(ended, 180, "the deployment has ended")
    assert status["status"] == "completed", status


def test_the_command_line_deploys_a_folder_with_what_env_says(checkout, tmp_path):
    (tmp_path / "index.html").write_text("<h1>from a folder</h1>")
    deployed = subprocess.run(
        ["libra", "deploy", str(tmp_path), "--create", "From a folder"],
        env=os.environ | checkout.env() | {
            "PATH": checkout.env()["PATH"].replace("$PATH", os.environ["PATH"]), "HOME": str(tmp_path / "home"),
        },
        timeout=180, text=True, capture_output=True, check=False,
    )
    assert deployed.returncode == 0, deployed.stderr
    host = deployed.stdout.strip().split("//")[1].split(":")[0]
    port = checkout.ports["LIBRA_SITES_PORT"]
    page = requests.get(f"http://127.0.0.1:{port}/", headers={"Host": f"{host}:{port}"}, timeout=10)
    assert "from a folder" in page.text


def test_what_the_runbook_defines_for_a_laptop_reaches_this_stack(checkout, tmp_path):
    (code,) = [code for where, code in Runbook().sections["before-anything"].elsewhere if where == "laptop"]
    asked = """
        libra queue
        libra dlq list
        sql --tuples-only --no-align --command="select 'projects: ' || count(*) from projects"
        broker --quiet list_queues --vhost "$VHOST" name
        logs worker | grep --count '"worker ready"'
        libra tokens >/dev/null
    """
    done = checkout.run("bash", "-euo", "pipefail", "-c", code + asked, limit=240, HOME=str(tmp_path))
    assert done.returncode == 0, done.stdout
    for word in ("Workers at the queue   2", "There are no dead letters", "projects: ", "deployment-queue"):
        assert word in done.stdout


def test_restore_goes_back_to_a_backup_and_sets_aside_what_was_there(checkout, tmp_path):
    before, deployments = checkout.site().text, checkout.deployments()
    backup = tmp_path / "backup"
    assert checkout.dev("backup", str(backup)).returncode == 0
    (tmp_path / "index.html").write_text("<h1>after the backup</h1>")
    later = checkout.run(
        "bash", "-c", 'eval "$(./dev env)" && libra deploy "$0"', str(tmp_path), HOME=str(tmp_path / "home"))
    assert later.returncode == 0 and "after the backup" in checkout.site().text, later.stdout

    restored = checkout.dev("restore", str(backup), limit=300)

    assert restored.returncode == 0, restored.stdout
    assert (checkout.site().text, checkout.deployments()) == (before, deployments)
    (aside,) = (checkout.folder / ".libra").glob("before-restore-*")
    assert "after the backup" in "".join(page.read_text() for page in aside.rglob("sites/.releases/*/index.html"))
    with open(backup / "sites.tar", "ab") as archive:
        archive.write(b"x")
    damaged = checkout.dev("restore", str(backup))
    assert damaged.returncode == 1 and "is damaged" in damaged.stdout
    assert checkout.site().text == before


def test_a_restore_that_fails_leaves_all_as_it_was(checkout, tmp_path):
    before, deployments = checkout.site().text, checkout.deployments()
    set_aside = list((checkout.folder / ".libra").glob("before-restore-*"))
    backup = tmp_path / "backup"
    assert checkout.dev("backup", str(backup)).returncode == 0
    dump = backup / "database.dump"
    dump.write_bytes(dump.read_bytes()[:5000])
    subprocess.run("sha256sum database.dump objects.tar sites.tar >sums", shell=True, cwd=backup, check=True)

    failed = checkout.dev("restore", str(backup), limit=300)

    assert failed.returncode == 1 and "All is as it was" in failed.stdout, failed.stdout
    assert (checkout.site().text, checkout.deployments()) == (before, deployments)
    assert list((checkout.folder / ".libra").glob("before-restore-*")) == set_aside


def test_demo_deploys_the_sample_again(checkout):
    before = checkout.deployments()
    again = checkout.dev("demo", limit=300)
    assert again.returncode == 0, again.stdout
    assert checkout.deployments() == before + 1


def test_logs_shows_what_a_service_wrote(checkout):
    shown = checkout.dev("logs", "gateway")
    assert shown.returncode == 0
    assert '"service":"api-gateway"' in shown.stdout


@pytest.mark.parametrize("command", ["logs", "restart"])
def test_a_service_that_does_not_exist_is_answered_with_those_that_do(checkout, command):
    refused = checkout.dev(command, "gatway")
    assert refused.returncode == 1
    assert "gatway" in refused.stdout
    assert "worker-1" in refused.stdout


def test_restart_starts_one_service_anew_and_leaves_the_others(checkout):
    before = checkout.processes()
    restarted = checkout.dev("restart", "worker-2")
    assert restarted.returncode == 0, restarted.stdout
    after = checkout.processes()
    assert after.pop("worker-2") != before.pop("worker-2")
    assert after == before


def test_doctor_finds_nothing_wrong_while_all_is_well(checkout):
    looked = checkout.dev("doctor")
    assert looked.returncode == 0, looked.stdout


def test_doctor_names_a_service_that_is_down_and_what_starts_it(checkout):
    subprocess.run(
        ["supervisorctl", "-c", "supervisord.conf", "stop", "rabbitmq"],
        cwd=checkout.folder / ".libra/run", check=True, capture_output=True,
    )
    looked = checkout.dev("doctor")
    assert looked.returncode == 1
    assert "RabbitMQ does not answer" in looked.stdout
    assert "restart rabbitmq" in looked.stdout
    assert checkout.dev("up").returncode == 0
    assert checkout.dev("doctor").returncode == 0


def test_settings_restart_the_services_that_read_them(checkout):
    before = checkout.processes()
    settings = checkout.folder / ".libra/settings"
    settings.write_text("LOG_LEVEL=debug\n")
    assert checkout.dev("up", limit=300).returncode == 0
    after = checkout.processes()
    assert {name for name in before if before[name] != after[name]} == {"gateway", "worker-1", "worker-2"}
    assert '"level":"debug"' in (checkout.folder / ".libra/logs/gateway.log").read_text()


def test_a_bad_setting_is_named_before_anything_is_restarted(checkout):
    before = checkout.processes()
    settings = checkout.folder / ".libra/settings"
    good = settings.read_text()
    settings.write_text(good + "DISK_WATERMARK_PERCENT=5\n")
    refused = checkout.dev("up", limit=300)
    settings.write_text(good)

    assert refused.returncode == 1
    assert "DISK_WATERMARK_PERCENT" in refused.stdout
    assert checkout.processes() == before


def test_down_stops_everything_and_keeps_the_data(checkout):
    processes, deployments = checkout.processes(), checkout.deployments()
    stopped = checkout.dev("down")
    assert stopped.returncode == 0, stopped.stdout
    assert not [name for name, process in processes.items() if pathlib.Path("/proc", process).exists()]
    assert checkout.dev("status").returncode == 1
    assert checkout.dev("up", limit=300).returncode == 0
    assert checkout.deployments() == deployments
    assert checkout.site().status_code == 200


def test_a_taken_port_is_named_with_its_holder_and_a_way_out(checkout):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        refused = checkout.dev("up", LIBRA_PORT=str(port))
        looked = checkout.dev("doctor", LIBRA_PORT=str(port))
    assert refused.returncode == 1
    assert f"Port {port} is taken" in refused.stdout
    assert f"LIBRA_PORT={port + 1}" in refused.stdout
    assert looked.returncode == 1
    assert f"Port {port} is taken" in looked.stdout


def test_down_purge_leaves_no_data(checkout):
    purged = checkout.dev("down", "--purge")
    assert purged.returncode == 0, purged.stdout
    assert not (checkout.folder / ".libra").exists()
    assert checkout.dev("status").returncode == 1
