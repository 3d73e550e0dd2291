"""A backup taken while the platform runs, and everything else lost: what is there after restoring it."""

import os
import shutil
import subprocess

import pytest
import requests

from platform_under_test import ROOT, Platform, wait_until
from samples import plain_site, scripted_build

SAYS_TOKEN = "const token = process.env.API_TOKEN.length;"


def call(platform, project, method, path, body=None):
    answer = requests.request(
        method, platform.url + path, json=body, timeout=30, headers={"Authorization": "Bearer " + project.token})
    assert answer.ok, answer.text
    return answer.json()


def backup_script(platform, command, folder):
    password = (platform.folder / "secrets/database-password").read_text()
    port = platform.environment["LIBRA_POSTGRES_PORT"]
    return subprocess.run(
        [ROOT / "deploy/backup/backup.sh", command, folder], timeout=120, capture_output=True, text=True,
        env=dict(
            os.environ, POSTGRES_URL=f"postgresql://libra:{password}@127.0.0.1:{port}/{platform.database}",
            OBJECTS_ROOT=str(platform.folder / "objects"), SITES_ROOT=str(platform.folder / "sites")),
    )


class Restored(Platform):
    """A platform whose database and files come from a backup."""

    def __init__(self, folder, backup):
        super().__init__(folder, workers=1)
        self.backup = backup

    def make_schema(self):
        done = backup_script(self, "restore", self.backup)
        assert done.returncode == 0, done.stderr


def new_folder(scratch, name):
    folder = scratch / name
    folder.mkdir()
    return folder


def live(platform, project, files):
    status = platform.deploy_and_wait(project, files)
    assert status["status"] == "completed", status
    return status["deploymentId"]


def variable(platform, project):
    call(platform, project, "PUT", f"/projects/{project.id}/env/API_TOKEN", {"value": "hush-hush", "secret": True})


def answer_of(platform, host):
    answer = platform.page(host)
    return answer.status, answer.body


@pytest.fixture(scope="module")
def before(scratch):
    """What was deployed, and the backup of it; of the platform itself nothing is left."""
    platform = Platform(new_folder(scratch, "before"), workers=1)
    backup = scratch / "backup"
    try:
        platform.start()
        project = platform.new_project()
        call(platform, project, "POST", f"/projects/{project.id}/domains", {"hostname": "shop.example"})
        variable(platform, project)
        first = live(platform, project, plain_site("first"))
        second = live(platform, project, plain_site("second"))
        waiting_project = platform.new_project_in(project)
        for worker in platform.workers:
            worker.stop()
        waiting = platform.deploy(waiting_project, plain_site("waited"))
        wait_until(lambda: not platform.sql("select from outbox"), 30, "the broker has the message")
        seen = {
            "pages": {host: answer_of(platform, host) for host in (project.host, "shop.example")},
            "history": call(platform, project, "GET", f"/deployments?orgId={project.org}")["deployments"],
        }
        done = backup_script(platform, "backup", backup)
        assert done.returncode == 0, done.stderr
        assert "SECRETS_KEY and WEBHOOK_SECRET are not in it" in done.stdout
        again = backup_script(platform, "restore", backup)
        assert again.returncode != 0 and "have to be empty" in again.stderr
    finally:
        platform.stop()
    shutil.rmtree(platform.folder)
    return dict(seen, backup=backup, project=project, waiting=(waiting_project, waiting), first=first, second=second)


@pytest.fixture(scope="module")
def platform(scratch, before):
    platform = Restored(new_folder(scratch, "after"), before["backup"])
    try:
        platform.start()
        yield platform
    finally:
        platform.stop()


def test_a_restored_platform_is_the_one_of_before(platform, before):
    project = before["project"]
    waiting_project, waiting = before["waiting"]

    status = platform.wait_for_end(waiting)

    assert status["status"] == "completed", status
    assert b"waited" in platform.page(waiting_project.host).body
    for host, page in before["pages"].items():
        assert page[0] == 200
        assert answer_of(platform, host) == page
    history = call(platform, project, "GET", f"/deployments?orgId={project.org}")["deployments"]
    assert [each["deploymentId"] for each in history] == [each["deploymentId"] for each in before["history"]]

    back = call(platform, project, "POST", f"/projects/{project.id}/rollback", {})

    assert platform.wait_for_end(back["deploymentId"])["status"] == "completed"
    assert b"first" in platform.page(project.host).body
    live(platform, project, scripted_build(SAYS_TOKEN, "third"))
    assert b"third" in platform.page("shop.example").body


def test_what_went_live_after_the_dump_does_not_stay_live(scratch, before):
    """The files of a busy platform are a little newer than its database."""
    project = before["project"]
    newer = scratch / "newer"
    shutil.copytree(before["backup"], newer)
    sites = new_folder(scratch, "newer-sites")
    subprocess.run(["tar", "-xpf", newer / "sites.tar", "-C", sites], check=True)
    (sites / project.host / "current").unlink()
    for ticket in sites.rglob("ticket"):
        ticket.write_text("1000")
    subprocess.run(["tar", "-cf", newer / "sites.tar", "-C", sites, "."], check=True)
    sums = subprocess.run(
        ["sha256sum", "database.dump", "objects.tar", "sites.tar"], cwd=newer, check=True, capture_output=True)
    (newer / "sums").write_bytes(sums.stdout)
    platform = Restored(new_folder(scratch, "newer-after"), newer)
    try:
        platform.start()

        wait_until(lambda: b"second" in platform.page(project.host).body, 30, "what the database says is live")
    finally:
        platform.stop()


def test_a_worker_with_another_key_says_so(platform, before):
    project = before["project"]
    for worker in platform.workers:
        worker.stop()
    secrets = platform.folder / "secrets"
    others = secrets.resolve()
    secrets.unlink()
    shutil.copytree(others, secrets)
    (secrets / "secrets-key").write_text("ab" * 32)
    (worker,) = platform.workers
    worker.start()

    platform.deploy(project, scripted_build(SAYS_TOKEN))

    said = "API_TOKEN was sealed under another key"
    wait_until(lambda: said in worker.log_tail(100000), 120, "the worker names the variable and the reason")


def test_a_damaged_backup_is_refused(platform, before, scratch):
    damaged = scratch / "damaged"
    shutil.copytree(before["backup"], damaged)
    with open(damaged / "sites.tar", "ab") as archive:
        archive.write(b"x")

    done = backup_script(platform, "restore", damaged)

    assert done.returncode != 0
    assert "is damaged" in done.stderr
