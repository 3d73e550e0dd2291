"""Files uploaded by digest, and deployments made of them."""

import hashlib
import secrets

import pytest
import requests

PAGE = b"<!doctype html><title>uploaded</title>"


def digest_of(content):
    return hashlib.sha256(content).hexdigest()


class Files:
    """Calls /files for a project's organisation."""

    def __init__(self, platform, project):
        self.platform = platform
        self.project = project

    def call(self, method, path, token=None, org=None, headers=None, **options):
        return requests.request(
            method, self.platform.url + path, timeout=30, params={"orgId": org or self.project.org},
            headers={"Authorization": "Bearer " + (token or self.project.token), **(headers or {})}, **options,
        )

    def put(self, content, digest=None, **options):
        return self.call(
            "PUT", f"/files/{digest or digest_of(content)}", data=content,
            headers={"Content-Type": "application/octet-stream"}, **options,
        )

    def head(self, content, **options):
        return self.call("HEAD", f"/files/{digest_of(content)}", **options)

    def missing(self, contents, org=None):
        answer = requests.post(
            self.platform.url + "/files/missing", timeout=30,
            headers={"Authorization": "Bearer " + self.project.token},
            json={"orgId": org or self.project.org, "sha256": [digest_of(content) for content in contents]},
        )
        return answer.json()["missing"] if answer.status_code == 200 else answer

    def deploy(self, files, **changes):
        """Every file by its digest."""
        listed = [{"path": path, "sha256": digest_of(content)} for path, content in files.items()]
        return self.platform.post_deploy(self.project, initFiles=listed, **changes)


@pytest.fixture
def files(platform, project):
    return Files(platform, project)


def test_uploaded_files_are_deployed_byte_for_byte(platform, project, files):
    image = bytes(range(256)) + secrets.token_bytes(300_000)
    site = {"index.html": PAGE, "image.png": image, "empty.txt": b""}
    assert files.missing(site.values()) == [digest_of(content) for content in site.values()]

    for content in site.values():
        answer = files.put(content)
        assert answer.status_code == 201, answer.text
        assert answer.json()["sha256"] == digest_of(content)
        assert answer.json()["size"] == len(content)
    assert files.missing(site.values()) == []
    deployment = files.deploy(site)

    assert deployment.status_code == 202, deployment.text
    assert platform.wait_for_end(deployment.json()["deploymentId"])["status"] == "completed"
    assert platform.page(project.host).body == PAGE
    assert platform.page(project.host, "/image.png").body == image
    assert platform.page(project.host, "/empty.txt").body == b""


def test_a_deployment_names_every_file_that_is_missing_and_succeeds_once_they_are_there(platform, files):
    here, gone = secrets.token_bytes(9), [secrets.token_bytes(9), secrets.token_bytes(9)]
    site = {"index.html": PAGE, "a.bin": gone[0], "b.bin": here, "c.bin": gone[1], "d.bin": gone[0]}
    files.put(here)
    files.put(PAGE)

    refused = files.deploy(site)

    assert refused.status_code == 409, refused.text
    assert refused.json()["error"] == "missing_files"
    assert [(each["pointer"], each["sha256"]) for each in refused.json()["details"]] == [
        ("/initFiles/1/sha256", digest_of(gone[0])),
        ("/initFiles/3/sha256", digest_of(gone[1])),
        ("/initFiles/4/sha256", digest_of(gone[0])),
    ]
    for content in gone:
        files.put(content)
    accepted = files.deploy(site)
    assert accepted.status_code == 202, accepted.text
    assert platform.wait_for_end(accepted.json()["deploymentId"])["status"] == "completed"


def test_a_file_of_another_organisation_is_neither_seen_nor_taken(platform, files):
    secret = secrets.token_bytes(32)
    assert files.put(secret).status_code == 201
    stranger = Files(platform, platform.new_project())

    assert files.head(secret).status_code == 200
    assert stranger.head(secret).status_code == 404
    assert stranger.head(secret, org=files.project.org).status_code == 404
    assert stranger.missing([secret]) == [digest_of(secret)]
    assert stranger.deploy({"stolen.bin": secret}).json()["error"] == "missing_files"
    for org in (files.project.org, "org-that-is-not-there"):
        assert stranger.put(secret, org=org).json()["error"] == "not_a_member"
        assert stranger.missing([secret], org=org).json()["error"] == "not_a_member"
        assert stranger.deploy({"stolen.bin": secret}, orgId=org).json()["error"] == "not_a_member"
    assert stranger.put(secret).status_code == 201  # whoever has the bytes may upload them


def test_a_body_that_is_not_what_its_digest_says_is_stored_nowhere(platform, files):
    content = secrets.token_bytes(100)
    claimed = digest_of(b"something else" + content)

    answer = files.put(content, digest=claimed)

    assert answer.status_code == 422
    assert answer.json()["error"] == "digest_mismatch"
    for digest in (claimed, digest_of(content)):
        assert not (platform.folder / "objects" / digest[:2] / digest).exists()
    assert files.head(content).status_code == 404


def test_an_upload_over_the_limit_is_refused(files):
    content = bytes(25 * 2**20 + 1)

    assert files.put(content[:-1]).status_code == 201
    answer = files.put(content)
    assert answer.status_code == 413
    assert files.head(content).status_code == 404


def test_uploads_need_a_credential_and_the_right_to_deploy(platform, project, files):
    content = secrets.token_bytes(20)

    assert files.put(content, token=secrets.token_hex(32)).status_code == 401
    assert files.put(content, token=platform.new_member_token(project, "viewer")).status_code == 403
    assert files.put(content, token=platform.new_member_token(project, "member", "{read}")).status_code == 403
    assert files.head(content).status_code == 404
    assert files.call("PUT", "/files/abc", data=content).json()["error"] == "invalid_digest"
    assert files.put(content, org="a b").json()["details"][0]["pointer"] == "/query/orgId"


def test_a_damaged_file_is_mended_by_uploading_it_again(platform, project, files):
    page = PAGE + secrets.token_bytes(16).hex().encode()
    files.put(page)
    digest = digest_of(page)
    (platform.folder / "objects" / digest[:2] / digest).write_bytes(b"x")

    assert files.put(page).status_code == 200

    answer = files.deploy({"index.html": page})
    assert platform.wait_for_end(answer.json()["deploymentId"])["status"] == "completed"
    assert platform.page(project.host).body == page


def test_the_last_use_of_a_file_is_noted(platform, files):
    page, unused = PAGE + secrets.token_hex(8).encode(), secrets.token_bytes(8)
    files.put(page)
    files.put(unused)

    deployment = files.deploy({"index.html": page}).json()["deploymentId"]

    used = dict(platform.sql(
        "select encode(digest, 'hex'), last_used_at is not null from uploaded_files where org_id = %s",
        files.project.org,
    ))
    assert used == {digest_of(page): True, digest_of(unused): False}
    platform.wait_for_end(deployment)
