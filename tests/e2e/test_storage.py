"""What is kept and for how long: the files of a release, old releases, and a disk that fills up."""

import sys

import pytest
import requests

from platform_under_test import ROOT, Platform, wait_until
from samples import plain_site

sys.path.insert(0, str(ROOT / "tests/chaos"))
from small_disk import SmallDisk  # noqa: E402  (after the path is set)


@pytest.fixture(scope="module")
def disk(scratch):
    disk = SmallDisk(scratch / "small")
    yield disk
    disk.close()


@pytest.fixture(scope="module")
def platform(disk, scratch):
    """Everything that grows is on a small disk of its own."""
    logs = scratch / "small-logs"
    logs.mkdir()
    platform = Platform(
        disk.folder, logs, workers=1, RELEASES_KEPT="2", SWEEP_INTERVAL_MS="300", DISK_WATERMARK_PERCENT="80")
    try:
        platform.start()
        yield platform
    finally:
        platform.stop()


@pytest.fixture
def project(platform):
    return platform.new_project()


def get(platform, project, path, **query):
    return requests.get(
        platform.url + path, params=query, timeout=10, headers={"Authorization": "Bearer " + project.token})


def post(platform, project, path):
    return requests.post(
        platform.url + path, json={}, timeout=10, headers={"Authorization": "Bearer " + project.token})


def released(platform, project, files):
    deployment = platform.deploy(project, files)
    status = platform.wait_for_end(deployment)
    assert status["status"] == "completed", status
    return deployment


def release_folders(platform):
    return {path.name for path in (platform.folder / "sites/.releases").iterdir() if path.name[0] != "."}


def test_lists_what_was_published_as_it_is_served(platform, project):
    files = plain_site("listed") | {
        "app.js": "1;" * 2000, "data/a.json": "{}", "photo.JPG": "x", "LICENSE": "free", "b.webmanifest": "{}"}
    deployment = released(platform, project, files)

    answer = get(platform, project, f"/deployments/{deployment}/files").json()

    assert [file["path"] for file in answer["files"]] == sorted(files)
    for file in answer["files"]:
        served = platform.page(project.host, "/" + file["path"])
        content = files[file["path"]].encode()
        if file["path"] != "index.html":  # which Caddy shows at `/`
            assert served.getheader("Content-Type") == file["contentType"]
            assert served.body == content
        assert file["bytes"] == len(content)
    artifact = get(platform, project, f"/deployments/{deployment}").json()["artifact"]
    assert answer["artifact"] == artifact
    assert artifact["files"] == len(files)

    first = get(platform, project, f"/deployments/{deployment}/files", limit=2).json()
    rest = get(platform, project, f"/deployments/{deployment}/files", cursor=first["nextCursor"]).json()
    assert first["files"] + rest["files"] == answer["files"]


def test_lists_files_to_members_only(platform, project):
    deployment = released(platform, project, plain_site("mine"))

    stranger = get(platform, platform.new_project(), f"/deployments/{deployment}/files")

    assert (stranger.status_code, stranger.json()["error"]) == (404, "deployment_not_found")


def test_shares_what_did_not_change_between_releases(platform, project):
    script = "console.log('shared');" * 500
    first = released(platform, project, plain_site("one") | {"app.js": script})
    second = released(platform, project, plain_site("two") | {"app.js": script})

    def file(deployment, name):
        (folder,) = (platform.folder / "sites/.releases").glob(deployment + "-*")
        return (folder / name).stat()

    for name in ("app.js", "app.js.br", "app.js.gz"):
        assert file(first, name).st_ino == file(second, name).st_ino
    assert file(first, "index.html").st_ino != file(second, "index.html").st_ino
    log = get(platform, project, f"/deployments/{second}/logs").text
    assert "Compressed files: 4, 4 of them from earlier releases." in log


def test_keeps_the_newest_releases_of_a_project_and_no_more(platform, project):
    deployments = [released(platform, project, plain_site(f"number {i}")) for i in range(5)]
    previews = [get(platform, project, f"/deployments/{d}").json().get("previewUrl") for d in deployments]

    def kept():
        return [any(name.startswith(d) for name in release_folders(platform)) for d in deployments]

    wait_until(lambda: kept() == [False, False, False, True, True], 30, "old releases are gone")

    gone = post(platform, project, f"/deployments/{deployments[0]}/promote")
    assert (gone.status_code, gone.json()["error"]) == (409, "release_gone")
    detail = get(platform, project, f"/deployments/{deployments[0]}").json()
    assert "previewUrl" not in detail
    assert detail["artifact"]["files"] > 0
    host = previews[3].split("/")[2].split(":")[0]
    assert platform.page(host).status == 200
    assert "number 4" in platform.page(project.host).body.decode()
    back = post(platform, project, f"/projects/{project.id}/rollback")
    assert platform.wait_for_end(back.json()["deploymentId"])["status"] == "completed"
    assert "number 3" in platform.page(project.host).body.decode()


def test_answers_404_at_the_preview_of_a_release_that_is_gone(platform, project):
    first = released(platform, project, plain_site("first"))
    host = get(platform, project, f"/deployments/{first}").json()["previewUrl"].split("/")[2].split(":")[0]
    assert platform.page(host).status == 200
    for i in range(3):
        released(platform, project, plain_site(f"later {i}"))

    wait_until(lambda: platform.page(host).status == 404, 30, "the preview is gone")
    wait_until(lambda: not (platform.folder / "sites" / host).exists(), 30, "its link is gone")


def test_keeps_what_is_live_however_old_it_is(platform, project):
    first = released(platform, project, plain_site("first"))
    released(platform, project, plain_site("second"))
    back = post(platform, project, f"/deployments/{first}/promote").json()["deploymentId"]
    assert platform.wait_for_end(back)["status"] == "completed"

    for _ in range(3):
        failed = platform.deploy(project, {"package.json": "{", "index.html": ""})
        platform.wait_for_end(failed)
    platform.sql("select forget_releases(1, 1000)")

    wait_until(
        lambda: sum(name.startswith(first) for name in release_folders(platform)) == 1, 10, "it is kept")
    assert "first" in platform.page(project.host).body.decode()


def test_accepts_nothing_while_the_disk_is_almost_full(platform, disk, project):
    released(platform, project, plain_site("second"))

    def answered(status):
        """In a list, because an answer that refuses counts as false."""
        answer = platform.post_deploy(project, plain_site("third"))
        return [answer] if answer.status_code == status else None

    with disk.filled():
        (refused,) = wait_until(lambda: answered(503), 30, "deployments are refused")
        assert refused.json()["error"] == "storage_full"
        assert int(refused.headers["Retry-After"]) > 0
        metrics = requests.get(platform.url + "/metrics", timeout=10).text
        assert "libra_storage_full 1" in metrics
        ((reason,),) = wait_until(
            lambda: platform.sql("select full_because from worker_disks where full_because is not null"),
            30, "the worker reports its disks")
        assert "% full" in reason
        assert "second" in platform.page(project.host).body.decode()
    (accepted,) = wait_until(lambda: answered(202), 30, "deployments are accepted again")
    assert platform.wait_for_end(accepted.json()["deploymentId"])["status"] == "completed"
