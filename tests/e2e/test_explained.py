"""Failed builds, explained: what failed, the likely cause and the fix, and what changed since the last good
release. Each with a real install and build; what other tools print is recorded for the unit tests."""

import json

import pytest
import requests

from samples import plain_site, scripted_build


def shown(platform, project, deployment):
    answer = requests.get(
        f"{platform.url}/deployments/{deployment}", timeout=30,
        headers={"Authorization": "Bearer " + project.token},
    )
    assert answer.status_code == 200, answer.text
    return answer.json()


def log_of(platform, project, deployment):
    answer = requests.get(
        f"{platform.url}/deployments/{deployment}/logs?step=build", timeout=30,
        headers={"Authorization": "Bearer " + project.token, "Accept": "text/plain"},
    )
    assert answer.status_code == 200, answer.text
    return answer.text


@pytest.fixture
def failure(platform, project):
    """Deploys `files` and gives what the platform knows of the failure."""

    def deploy(files, **changes):
        deployment = platform.deploy(project, files, **changes)
        status = platform.wait_for_end(deployment)
        assert status["status"] == "failed", status
        whole = shown(platform, project, deployment)
        report = whole["failure"]
        if "likelyCause" in report:
            assert report["likelyCause"] in status["error"]
            assert report["fix"] in log_of(platform, project, deployment)
        return report

    return deploy


def typescript_project(app, **files):
    package = {
        "name": "typed", "version": "1.0.0", "private": True,
        "scripts": {"build": "tsc --noEmit && node build.cjs"},
        "devDependencies": {"typescript": "5.6.3"},
    }
    options = {"strict": True, "module": "esnext", "moduleResolution": "bundler", "target": "es2022", "types": []}
    return {
        **scripted_build(""),
        "package.json": json.dumps(package),
        "tsconfig.json": json.dumps({"compilerOptions": options, "include": ["src"]}),
        "src/app.ts": app,
        **files,
    }


def test_an_import_in_another_case_is_told_and_what_changed_since_the_last_good_release(
        platform, project, failure):
    button = {"src/parts/Button.ts": "export const label = 'go';\n"}
    good = platform.deploy(
        project, typescript_project("import {label} from './parts/Button';\nconsole.log(label);\n", **button))
    assert platform.wait_for_end(good)["status"] == "completed"
    set_variable = requests.put(
        f"{platform.url}/projects/{project.id}/env/API_URL", timeout=30, json={"value": "x", "secret": False},
        headers={"Authorization": "Bearer " + project.token},
    )
    assert set_variable.status_code == 200, set_variable.text

    report = failure({"src/app.ts": "import {label} from './parts/button';\nconsole.log(label);\n"})

    assert report["phase"] == "build"
    assert report["command"] == "npm run build"
    assert report["cause"] == "case_sensitive_import"
    assert "src/app.ts imports ./parts/button, but the file is src/parts/Button.ts" in report["likelyCause"]
    assert any("TS2307" in line and "src/app.ts" in line for line in report["firstErrors"])
    changes = report["changes"]
    assert changes["sinceDeploymentId"] == good
    assert changes["files"]["changed"] == {"count": 1, "first": ["src/app.ts"]}
    assert changes["files"]["added"]["count"] == changes["files"]["removed"]["count"] == 0
    assert changes["environment"]["added"] == {"count": 1, "first": ["API_URL"]}
    assert changes["toolchain"] == []


def test_a_lock_file_that_lacks_a_dependency_is_told_with_its_name(failure):
    package = {"name": "locked", "version": "1.0.0", "private": True, "scripts": {"build": "node build.cjs"},
               "dependencies": {"left-pad": "1.3.0"}}
    lock = {"name": "locked", "version": "1.0.0", "lockfileVersion": 3,
            "packages": {"": {"name": "locked", "version": "1.0.0"}}}

    report = failure({**scripted_build(""), "package.json": json.dumps(package),
                      "package-lock.json": json.dumps(lock)})

    assert report["phase"] == "install"
    assert report["exitCode"] == 1
    assert report["cause"] == "lock_file_outdated"
    assert "left-pad" in report["likelyCause"]
    assert "`npm install`" in report["fix"]


def test_a_missing_package_and_a_missing_command_are_told_apart(failure):
    package = failure(scripted_build("require('chalk');"))
    assert package["cause"] == "missing_dependency"
    assert "build.cjs imports chalk" in package["likelyCause"]

    files = scripted_build("")
    files["package.json"] = json.dumps({"name": "x", "version": "1.0.0", "scripts": {"build": "vite build"}})
    command = failure(files, replaceFiles=True)
    assert command["exitCode"] == 127
    assert command["cause"] == "missing_dependency"
    assert "`vite`" in command["likelyCause"]


def test_a_site_in_an_unexpected_place_is_found(failure):
    elsewhere = scripted_build(
        "fs.mkdirSync('web/site', {recursive: true}); fs.writeFileSync('web/site/index.html', 'x'); process.exit(0);")

    report = failure(elsewhere)

    assert report["phase"] == "output"
    assert report["cause"] == "wrong_output_directory"
    assert report["fix"] == "Set outputDirectory to web/site."


def test_memory_of_node_itself_is_told_from_that_of_the_sandbox(failure):
    files = scripted_build("")
    files["hungry.cjs"] = "const all = []; for (;;) all.push(new Array(1e5).fill({}));"
    files["package.json"] = json.dumps({
        "name": "x", "version": "1.0.0",
        "scripts": {"build": "node --max-old-space-size=32 hungry.cjs"}})

    report = failure(files)

    assert report["cause"] == "out_of_memory_node"
    assert "NODE_OPTIONS" in report["fix"]
    assert report["exitCode"] != 0


def test_a_plain_failure_is_not_explained_away(platform, project, failure):
    assert platform.wait_for_end(platform.deploy(project, plain_site("good")))["status"] == "completed"

    report = failure(scripted_build("console.error('the moon is full'); process.exit(3);"))

    assert report["exitCode"] == 3
    assert report["firstErrors"] == ["the moon is full"]
    assert "cause" not in report and "fix" not in report
    assert sorted(report["changes"]["files"]["added"]["first"]) == ["build.cjs", "package.json"]


def test_a_flood_of_lines_ends_and_its_error_is_found(platform, project, failure):
    build = "yes | head -c 300000000; node -e \"require('nope')\""
    files = {"package.json": json.dumps({"name": "flood", "private": True, "scripts": {"build": build}})}

    report = failure(files)

    assert any("nope" in line for line in report["firstErrors"]), report
    [(lines,)] = platform.sql(
        "select count(*) from deployment_log l join deployments d on d.id = l.deployment_id where d.project_id = %s",
        project.id,
    )
    assert 100_000 < lines < 300_000
    after = platform.deploy_and_wait(platform.new_project(), plain_site("after the flood"))
    assert after["status"] == "completed"


def test_a_deployment_that_fails_before_its_build_says_so_in_its_log(platform, project):
    platform.deploy_and_wait(project, plain_site("before") | {"src": "a file"})
    deployment = platform.deploy(project, {"src/page.html": "makes a folder of it"})
    status = platform.wait_for_end(deployment)

    assert status["status"] == "failed"
    log = platform.sql("select line from deployment_log where deployment_id = %s order by seq", deployment)
    assert [line for (line,) in log if line.startswith("Failed: ")], log
