"""How a project is built: what is found in its files, what is set, and what is kept of both."""

import json

import pytest
import requests

from samples import plain_site, scripted_build


class Member:
    """Calls the API as the project's member."""

    def __init__(self, platform, project):
        self.platform, self.project = platform, project

    def must(self, status, method, path, **options):
        answer = requests.request(
            method, self.platform.url + path, timeout=30,
            headers={"Authorization": "Bearer " + self.project.token}, **options)
        assert answer.status_code == status, answer.text
        return answer.json()

    def set_build(self, **settings):
        answer = self.must(200, "PATCH", f"/projects/{self.project.id}", json={"build": settings})
        return answer["project"].get("build")

    def deploy(self, files):
        """The final status and the full record."""
        status = self.platform.deploy_and_wait(self.project, files)
        return status, self.must(200, "GET", "/deployments/" + status["deploymentId"])


@pytest.fixture
def member(platform, project):
    return Member(platform, project)


def below(directory, files):
    return {f"{directory}/{path}": content for path, content in files.items()}


def test_how_a_site_was_made_is_kept_and_logged(platform, member):
    status, record = member.deploy(scripted_build("console.log(process.version)"))

    assert status["status"] == "completed", status
    build = record["build"]
    assert (build["packageManager"], build["buildCommand"], build["outputDirectory"]) == (
        "npm", "npm run build", "dist")
    lines = [line for (line,) in platform.sql(
        "select line from deployment_log where deployment_id = %s", status["deploymentId"])]
    assert "v" + build["nodeVersion"] in lines
    assert [reason for reason in build["reasons"] if reason not in lines] == []


def test_files_that_are_served_as_they_are_are_kept_as_such(member):
    _, record = member.deploy(plain_site("plain"))

    assert record["build"]["framework"] == "static"
    assert record["build"]["outputDirectory"] == "."
    assert "nodeVersion" not in record["build"]


def test_settings_win_over_what_the_files_show(platform, project, member):
    kept = member.set_build(
        rootDirectory="apps/web", installCommand="echo installing > note",
        buildCommand="mkdir -p site && cat note > site/index.html && pwd >> site/index.html",
        outputDirectory="site", nodeVersion="*")
    assert kept["rootDirectory"] == "apps/web"

    status, record = member.deploy(below("apps/web", scripted_build("process.exit(1)")))

    assert status["status"] == "completed", status
    assert platform.page(project.host).body == b"installing\n/work/apps/web\n"
    assert record["build"]["rootDirectory"] == "apps/web"
    assert record["build"]["outputDirectory"] == "site"


def test_a_setting_is_removed_by_null_and_the_rest_stays(platform, project, member):
    member.set_build(rootDirectory="web", outputDirectory="nowhere")
    assert member.set_build(outputDirectory=None) == {"rootDirectory": "web"}

    status, _ = member.deploy(below("web", scripted_build("")))

    assert status["status"] == "completed", status
    assert b"built" in platform.page(project.host).body
    assert member.set_build(rootDirectory=None) is None
    assert "build" not in member.must(200, "GET", f"/projects/{project.id}")["project"]


def test_a_setting_that_cannot_be_used_is_refused_by_its_place(project, member):
    refused = member.must(
        400, "PATCH", f"/projects/{project.id}",
        json={"build": {"rootDirectory": "../secrets", "framework": "cobol", "nodeVersion": 22}})

    assert [problem["pointer"] for problem in refused["details"]] == [
        "/build/rootDirectory", "/build/framework", "/build/nodeVersion"]


def test_what_needs_a_server_fails_before_anything_is_installed(member):
    package = {"scripts": {"build": "next build"}, "dependencies": {"next": "15.0.0"}}

    status, record = member.deploy({"package.json": json.dumps(package), "pages/index.js": ""})

    assert (record["failureClass"], record["errorCode"]) == ("user", "server_only")
    assert "output: 'export'" in status["error"]
    assert record["build"]["framework"] == "nextjs"
    assert record["build"]["reasons"] == ["Framework: Next.js"]
    assert "nodeVersion" not in record["build"]


def test_a_node_version_that_does_not_exist_is_told_with_who_asked(member):
    status, record = member.deploy({**scripted_build(""), ".nvmrc": "next tuesday\n"})

    assert (record["failureClass"], record["errorCode"]) == ("user", "node_version_unavailable")
    assert "`next tuesday` (.nvmrc)" in status["error"]
