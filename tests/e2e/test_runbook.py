"""deploy/RUNBOOK.md: each of its commands, in the situation that it is for, and what the answer is said to hold."""

import contextlib
import hashlib
import http.server
import re
import secrets
import shutil
import subprocess
import threading

import pytest
import requests

from platform_under_test import ROOT, SERVICE, Platform, wait_until
from runbook import Runbook
from samples import plain_site, scripted_build, slow_build


@pytest.fixture(scope="module")
def runbook():
    return Runbook()


def wait_until_ready(worker):
    wait_until(lambda: worker.running() and worker.log_tail(2000).count("worker ready"), 60, "the worker is ready")


@pytest.fixture(scope="module")
def platform(scratch):
    folder = scratch / "runbook"
    folder.mkdir(mode=0o755)
    platform = Platform(folder, workers=1)
    # Its own: the other platforms go on with the keys there are.
    shared = (folder / "secrets").resolve()
    (folder / "secrets").unlink()
    shutil.copytree(shared, folder / "secrets")
    try:
        platform.start()
        wait_until_ready(platform.workers[0])
        yield platform
    finally:
        platform.stop()


@pytest.fixture(scope="module")
def operator(platform):
    """The token of somebody who is a member of nothing."""
    return subprocess.run(
        [SERVICE, "gateway", "operator-token", "ops"], env=platform.environment, check=True, text=True,
        capture_output=True, timeout=30,
    ).stdout.strip()


@pytest.fixture
def ask(runbook, platform, operator):
    """Runs a command of a section until its answer has the words given, which the section has to explain."""

    def ask(anchor, *words, number=0, seconds=60, **variables):
        runbook.promises(anchor, *words)

        def answer():
            shown = runbook.answer(platform, anchor, number, LIBRA_TOKEN=operator, **variables)
            return shown if all(word in shown for word in words) else None

        return wait_until(answer, seconds, f"{anchor} shows {words}")

    return ask


@pytest.fixture
def no_worker(platform):
    """The one there is, stopped; afterwards it is there again."""
    (worker,) = platform.workers
    worker.stop()
    yield worker
    if worker.process.poll() is None:
        worker.kill()
    worker.start()


def completed(platform, deployment):
    status = platform.wait_for_end(deployment)
    assert status["status"] == "completed", status


ANCHORS = (
    "queue-grows", "no-worker", "deployment-stuck", "disk-fills", "dead-letters-grow", "database-fails-over",
    "broker-partition", "gateway-errors", "sites-are-down", "webhooks-fail", "rollback-of-a-bad-release", "key-rotation",
    "backup-and-restore",
)


def test_every_question_has_its_section(runbook):
    assert set(ANCHORS) <= set(runbook.sections)
    links = re.findall(r"\]\(#([\w-]+)\)", runbook.text)
    assert set(links) <= set(runbook.sections), "a link leads nowhere"
    assert set(ANCHORS) <= set(links), "a section is not in the list at the top"


def test_commands_for_other_installations_are_shell_and_name_what_is_there(runbook):
    compose = re.findall(r"^  ([\w-]+):$", (ROOT / "docker-compose.yml").read_text(), re.MULTILINE)
    manifests = "".join(path.read_text() for path in sorted((ROOT / "deploy/kubernetes").rglob("*.yaml")))
    objects = {(kind.lower(), name) for kind, name in re.findall(
        r"^kind: (\w+)\nmetadata:\n  name: ([\w-]+)$", manifests, re.MULTILINE)}
    for section in runbook.sections.values():
        for where, code in section.elsewhere:
            assert where in ("laptop", "compose", "kubernetes", "host"), (section.anchor, where)
            subprocess.run(["bash", "-n", "-c", code], check=True, timeout=10)
            for service in re.findall(r"docker compose (?:exec -T|restart|stop|up --detach) ([a-z][\w-]+)", code):
                assert service in compose, (section.anchor, service)
            for kind, name in re.findall(r"\b(deployment|statefulset|scaledobject)/([\w-]+)", code):
                assert (kind, name) in objects, (section.anchor, kind, name)


KUBECTL = """#!/bin/bash
[[ "$*" != "$FAILS"* ]] || exit 1
case $3 in
get) cat keys ;;
patch) sed 's/.*"SECRETS_KEY": "\\(.*\\)"}}/\\1/' | tr -d '\\n' | tee keys | sed 's/$/\\n/' >>done ;;
rollout) echo "$4 ${!#}" >>done ;;
esac
"""


@pytest.fixture
def change_of_a_clusters_key(runbook, tmp_path):
    """Runs it against a kubectl that fails at a command; what was done, and the keys in the end."""
    (tmp_path / "kubectl").write_text(KUBECTL)
    (tmp_path / "kubectl").chmod(0o755)
    code = next(code for where, code in runbook.sections["key-rotation"].elsewhere if where == "kubernetes")

    def change(fails):
        (tmp_path / "keys").write_text("OLD")
        (tmp_path / "done").write_text("")
        subprocess.run(
            ["bash", "-c", code], cwd=tmp_path, timeout=30, check=False, capture_output=True,
            env={"PATH": f"{tmp_path}:/usr/bin:/bin", "FAILS": fails})
        return (tmp_path / "done").read_text().splitlines(), (tmp_path / "keys").read_text()

    return change


def test_all_workers_of_a_cluster_know_a_new_key_before_any_gateway_may_use_it(change_of_a_clusters_key):
    done, keys = change_of_a_clusters_key(fails="nothing")
    new = keys.removesuffix(",OLD")
    assert len(new) == 44
    assert done == [
        f"OLD,{new}", "restart statefulset/worker", "status statefulset/worker",
        f"{new},OLD", "restart deployment/gateway", "status deployment/gateway"]

    done, keys = change_of_a_clusters_key(fails="-n libra rollout status")
    assert done[1:] == ["restart statefulset/worker"] and keys.startswith("OLD,")


def test_a_key_of_a_cluster_that_cannot_be_read_is_not_overwritten(change_of_a_clusters_key):
    assert change_of_a_clusters_key(fails="-n libra get") == ([], "OLD")


def test_what_runs_and_on_which_schema_is_shown_before_it_is_rolled_back(ask):
    newest = max(path.stem for path in (ROOT / "deploy/migrations").glob("*.sql"))
    shown = ask("rollback-of-a-bad-release", "libra_build_info")
    assert 'service="gateway"' in shown and newest in shown


def test_a_queue_that_grows_shows_that_no_worker_is_there_and_whose_it_is(platform, ask, no_worker):
    projects = [platform.new_project() for _ in range(2)]
    waiting = [platform.deploy(project, plain_site("waits")) for project in projects]

    ask("queue-grows", "Workers at the queue   0")
    assert projects[0].org in ask("queue-grows", number=1)
    assert f'"worker":"{no_worker.name}"' in ask("no-worker", "worker stopped")

    no_worker.start()
    for deployment in waiting:
        completed(platform, deployment)


def test_a_deployment_that_is_stuck_shows_who_has_it_and_can_be_ended(platform, ask, no_worker):
    project = platform.new_project()
    deployment = platform.deploy(project, slow_build(600))
    ask("deployment-stuck", "its message waits for a worker")
    no_worker.start(LIBRA_FAILPOINT="build.begun=stop")
    shown = ask("deployment-stuck", "a worker is at it")
    assert deployment in shown and no_worker.name in shown
    # Sooner than the worker's lease would.
    platform.sql("update deployments set lease_until = now() where id = %s", deployment)
    ask("deployment-stuck", "its worker is gone")
    no_worker.kill()

    no_worker.start()

    ask("deployment-stuck", "lease_lost", number=1, DEPLOYMENT=deployment)
    ask("deployment-stuck", number=2, DEPLOYMENT=deployment)
    assert platform.wait_for_end(deployment)["status"] == "cancelled"
    assert deployment not in ask("deployment-stuck")


def test_a_disk_that_fills_is_named(platform, ask, no_worker):
    project = platform.new_project()
    full = {"DISK_WATERMARK_PERCENT": "10"}
    platform.gateway.stop()
    platform.gateway.start(**full)
    wait_until(platform.ready, 60, "the gateway is ready")
    no_worker.start(**full)

    ask("disk-fills", "libra_storage_full 1", 'libra_disk_full{disk="objects"} 1', "% full")
    refused = platform.post_deploy(project, plain_site("too much"))
    assert (refused.status_code, refused.json()["error"]) == (503, "storage_full")
    assert "deployments" in ask("disk-fills", number=1)

    no_worker.stop()
    platform.gateway.stop()
    platform.gateway.start()
    wait_until(platform.ready, 60, "the gateway is ready")
    no_worker.start()
    ask("disk-fills", "libra_storage_full 0", "has room")
    completed(platform, platform.deploy(project, plain_site("there is room")))


@contextlib.contextmanager
def lost_file(platform, content):
    """Loses what is in the object store, until the end."""
    digest = hashlib.sha256(content.encode()).hexdigest()
    blob = platform.folder / "objects" / digest[:2] / digest
    kept = blob.read_bytes()
    blob.unlink()
    try:
        yield
    finally:
        blob.write_bytes(kept)


def test_dead_letters_are_sent_again_or_closed(platform, ask, no_worker):
    page = secrets.token_hex(8000)  # too large to travel in the message
    deployment = platform.deploy(platform.new_project(), {"index.html": page})
    other = platform.deploy(platform.new_project(), {"index.html": page})
    with lost_file(platform, page):
        no_worker.start()
        for each in (deployment, other):
            assert platform.wait_for_end(each)["status"] == "failed"
        listed = ask("dead-letters-grow", "exhausted")
    letter = next(line.split()[0] for line in listed.splitlines() if deployment in line)

    ask("dead-letters-grow", number=1, LETTER=letter)
    completed(platform, deployment)
    ask("dead-letters-grow", number=2)
    completed(platform, other)

    with platform.amqp() as connection:
        connection.channel().basic_publish("", "deployment-queue", b"none of ours")
    listed = ask("dead-letters-grow", "poison")
    letter = next(line.split()[0] for line in listed.splitlines() if "poison" in line)
    ask("dead-letters-grow", number=3, LETTER=letter)
    ask("dead-letters-grow", "There are no dead letters.")


@contextlib.contextmanager
def no_database(platform):
    """As while it fails over: no session lasts, and none begins."""
    administer = platform._administer
    administer(f'alter database "{platform.database}" allow_connections false')
    administer(f"select pg_terminate_backend(pid) from pg_stat_activity where datname = '{platform.database}'")
    try:
        yield
    finally:
        administer(f'alter database "{platform.database}" allow_connections true')


def test_a_database_that_fails_over_shows_and_nothing_has_to_be_restarted(platform, ask):
    project = platform.new_project()
    with no_database(platform):
        ask("database-fails-over", '"database":"unhealthy"')
        refused = platform.post_deploy(project, plain_site("not now"))
        assert (refused.status_code, refused.json()["error"]) == (503, "unavailable")
        ask("gateway-errors", "503")
        ask("gateway-errors", "the database does not answer", number=1)
        ask("gateway-errors", number=2, REQUEST=refused.headers["X-Request-Id"])

    ask("database-fails-over", '"status":"healthy"')
    shown = ask("database-fails-over", "standby", number=1)
    assert re.search(r"^ f +\|", shown, re.MULTILINE), shown
    completed(platform, platform.deploy(project, plain_site("now")))

    ask("database-fails-over", number=2)
    completed(platform, platform.deploy(project, plain_site("with later tickets")))


@pytest.mark.parametrize("part", ["files", "rules"])
def test_a_static_host_that_is_away_is_seen_by_workers(platform, ask, part):
    host = platform.static_host
    program = {"files": host.program, "rules": host.rules}[part]
    program.stop()
    try:
        ask("sites-are-down", "not served", f'"part":"{part}"')
    finally:
        program.start()
    wait_until(lambda: "served again" in ask("sites-are-down").splitlines()[-1], 60, "it is seen again")
    ask("sites-are-down", number=1)


def test_a_static_host_without_the_folder_of_the_sites_is_seen_by_workers(platform, ask):
    releases = platform.folder / "sites/.releases"
    elsewhere = releases.rename(platform.folder / "releases")
    try:
        ask("sites-are-down", '"part":"files"', "it answered 503")
    finally:
        elsewhere.rename(releases)
    wait_until(lambda: "served again" in ask("sites-are-down").splitlines()[-1], 60, "it is seen again")


@contextlib.contextmanager
def no_broker(platform):
    """It sends everybody of this platform away; the other tests have theirs."""
    platform.rabbitmqctl("clear_permissions", "-p", platform.vhost, "libra")
    platform.rabbitmqctl("close_all_connections", "-p", platform.vhost, "a partition")
    try:
        yield
    finally:
        platform.rabbitmqctl("set_permissions", "-p", platform.vhost, "libra", ".*", ".*", ".*")


def test_what_is_accepted_while_the_broker_is_away_waits_and_survives_a_lost_queue(platform, ask, no_worker):
    project = platform.new_project()
    with no_broker(platform):
        deployment = platform.deploy(project, plain_site("waited"))
        ask("deployment-stuck", "its message waits for the broker")
        no_worker.start()
        ask("no-worker", "the broker refuses us, trying again")
        ask("broker-partition", "Running Nodes", "Disk Nodes", "Network Partitions", "Alarms", "(none)")
    completed(platform, deployment)
    assert "deployment-queue\tquorum\trunning" in ask("broker-partition", "quorum", number=1)

    no_worker.stop()
    lost = platform.deploy(project, plain_site("announced again"))
    ask("deployment-stuck", "its message waits for a worker")
    ask("broker-partition", number=2)
    platform.sql("update deployments set due_at = now() - interval '10 seconds' where id = %s", lost)
    no_worker.start()

    completed(platform, lost)


@pytest.fixture
def broken_receiver():
    class Handler(http.server.BaseHTTPRequestHandler):
        well = False

        def do_POST(self):
            self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(204 if Handler.well else 500)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.handler = Handler
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


def test_a_webhook_that_fails_is_named_with_its_reason_and_gets_its_message(platform, ask, broken_receiver):
    project = platform.new_project()
    owner = {"Authorization": "Bearer " + platform.new_member_token(project, "owner")}
    base = f"{platform.url}/organizations/{project.org}/webhooks"
    url = f"http://127.0.0.1:{broken_receiver.server_port}/hook"
    webhook = requests.post(base, json={"url": url}, headers=owner, timeout=30).json()["webhook"]["webhookId"]
    delivery = requests.post(f"{base}/{webhook}/test", headers=owner, timeout=30).json()["deliveryId"]

    shown = ask("webhooks-fail", "the receiver answered 5")
    assert webhook in shown and project.org in shown
    assert webhook in ask("key-rotation", number=2)

    broken_receiver.handler.well = True
    ask("webhooks-fail", number=1, ORG=project.org, WEBHOOK=webhook, DELIVERY=delivery)
    wait_until(
        lambda: platform.sql("select 1 from webhook_deliveries where id = %s and status = 'delivered'", delivery),
        60, "the message is taken")


def test_secrets_outlive_a_change_of_the_key(platform, ask, no_worker):
    project = platform.new_project()
    set_token = requests.put(
        f"{platform.url}/projects/{project.id}/env/TOKEN", json={"value": "hush-hush", "secret": True}, timeout=30,
        headers={"Authorization": "Bearer " + project.token})
    assert set_token.ok, set_token.text
    keys = platform.folder / "secrets/secrets-key"
    old, new = keys.read_text(), secrets.token_hex(32)

    def use(*lines):
        keys.write_text("".join(line + "\n" for line in lines))
        platform.gateway.stop()
        no_worker.stop()
        no_worker.start()
        platform.gateway.start()
        wait_until(platform.ready, 60, "the gateway is ready")

    def build(page):
        says_token = "if (process.env.TOKEN !== 'hush-hush') process.exit(1);"
        completed(platform, platform.deploy(project, scripted_build(says_token, page)))

    use(new, old)
    assert "older key: 1\n" in ask("key-rotation", "under the first key", "under an older key", "that no key opens")
    build("under both")
    assert "older key: 0\n" in ask("key-rotation", "under an older key: 0", number=1)

    use(new)
    assert "first key: 1\n" in ask("key-rotation")
    build("under the new one")

    keys.write_text(old)
    lost = subprocess.run(
        [SERVICE, "gateway", "reseal-secrets"], env=platform.environment, text=True, capture_output=True, timeout=30)
    assert lost.returncode == 1
    assert f"{project.id}: TOKEN was sealed under another key" in lost.stderr
    assert "no key opens: 1\n" in lost.stdout
    keys.write_text(new)


def test_the_passwords_of_database_and_broker_are_set(platform, ask):
    # To what they are: all tests log in with them.
    for number, name in ((3, "database-password"), (4, "rabbitmq-password")):
        ask("key-rotation", number=number, PASSWORD=(platform.folder / "secrets" / name).read_text())
    completed(platform, platform.deploy(platform.new_project(), plain_site("still logs in")))


def test_a_backup_that_is_whole_is_known(platform, ask, scratch):
    backup = scratch / "a-backup"
    files = {"OBJECTS_ROOT": str(platform.folder / "objects"), "SITES_ROOT": str(platform.folder / "sites")}
    subprocess.run(
        [ROOT / "deploy/backup/backup.sh", "backup", backup], check=True, timeout=120, capture_output=True,
        env=platform.environment | files | {"POSTGRES_URL": platform.database_url()})

    ask("backup-and-restore", "database.dump: OK", "objects.tar: OK", "sites.tar: OK", BACKUP=str(backup))


def test_every_command_was_run(runbook):
    assert runbook.run == {
        (section.anchor, number) for section in runbook.sections.values() for number in range(len(section.commands))}
