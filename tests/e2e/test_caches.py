"""What a second build need not do again, and what nobody gets of anybody else."""

import json
import pathlib
import re
import shutil

import pytest
import requests

from platform_under_test import Platform
from samples import folder as sample

LEFT_PAD = "sha512-XI5MPzVNApjAyhQzphX8BkmKsKUxD4LdyK24iZeQGinBN9yTQT3bFlCBy/aVx2HrNcqQGsdot8ghrjyrvMCoEA=="
HIT = re.compile(r"Dependencies: from the cache of \d{4}-\d\d-\d\d \(saved \d+\.\d s\)")


def site(text, version="1.3.0", integrity=LEFT_PAD, **more):
    """A project with one dependency; the page shows `text` as the dependency pads it."""
    package = {
        "name": "padded", "version": "1.0.0", "private": True, "scripts": {"build": "node build.cjs"},
        "dependencies": {"left-pad": version},
    }
    lock = {
        "name": "padded", "version": "1.0.0", "lockfileVersion": 3, "requires": True,
        "packages": {
            "": {"name": "padded", "version": "1.0.0", "dependencies": {"left-pad": version}},
            "node_modules/left-pad": {"version": version, "integrity": integrity},
        },
    }
    build = (
        "const fs = require('node:fs');\n"
        "fs.mkdirSync('dist', {recursive: true});\n"
        f"let text = require('left-pad')({json.dumps(text)}, 20, '-');\n"
        "if (fs.existsSync('node_modules/left-pad/evil')) text += fs.readFileSync('node_modules/left-pad/evil');\n"
        "fs.writeFileSync('dist/index.html', '<title>' + text + '</title>');\n"
    )
    return {
        "package.json": json.dumps(package), "package-lock.json": json.dumps(lock), "build.cjs": build,
    } | more


class Builds:
    """Deploys, and tells of each deployment's log and statistics."""

    def __init__(self, platform, project):
        self.platform, self.project = platform, project

    def run(self, files, project=None, **changes):
        project = project or self.project
        status = self.platform.wait_for_end(self.platform.deploy(project, files, **changes))
        log = requests.get(
            f"{self.platform.url}/deployments/{status['deploymentId']}/logs", timeout=30,
            headers={"Authorization": "Bearer " + project.token, "Accept": "text/plain"},
        ).text
        assert status["status"] == "completed", log
        ((statistics,),) = self.platform.sql(
            "select statistics from deployments where id = %s", status["deploymentId"]
        )
        return log, statistics["cache"], self.platform.page(project.host).body.decode()


@pytest.fixture
def builds(platform, project):
    return Builds(platform, project)


def entries(platform, kind="dependencies"):
    return set(pathlib.Path(platform.folder).glob(f"work/*/cache/{kind}/*"))


def test_a_second_build_with_the_same_lock_file_installs_nothing(builds):
    first_log, first, first_page = builds.run(site("one"))
    second_log, second, second_page = builds.run(site("two"))

    assert "$ npm ci" in first_log and "Dependencies: kept for other builds" in first_log
    assert first == {"site": "miss", "dependencies": "miss", "framework": "miss", "savedMilliseconds": 0}
    assert "one" in first_page
    # No command but the build's is run, so nobody asks a registry.
    assert [line for line in second_log.splitlines() if "$ " in line][0].endswith("$ npm run build")
    assert HIT.search(second_log), second_log
    assert second["dependencies"] == "hit" and second["savedMilliseconds"] > 0
    assert "-two<" in second_page


def test_another_lock_file_is_another_installation(builds):
    builds.run(site("one"))
    other = site("two")
    other["package-lock.json"] = other["package-lock.json"].replace('"requires": true, ', "")

    log, cache, _ = builds.run(other)

    assert cache["dependencies"] == "miss" and "$ npm ci" in log


def with_postinstall(files, mark):
    """Its postinstall writes into a dependency, and beside them, what only this tree says."""
    package = json.loads(files["package.json"])
    package["scripts"]["postinstall"] = "node mark.cjs"
    text = "const fs = require('node:fs');\nfs.mkdirSync('made', {recursive: true});\n" + "".join(
        f"fs.writeFileSync('{path}', '{mark}');\n" for path in ("node_modules/left-pad/evil", f"made/{mark}")
    )
    build = files["build.cjs"] + "console.log('made: ' + fs.readdirSync('made'));\n"
    return files | {"package.json": json.dumps(package), "mark.cjs": text, "build.cjs": build}


def test_a_projects_own_install_scripts_run_for_each_tree(builds):
    builds.run(with_postinstall(site("one"), "first"))

    log, cache, page = builds.run(with_postinstall(site("two"), "second"))

    assert cache["dependencies"] == "hit" and "$ npm ci" not in log
    assert "$ npm run postinstall" in log
    assert "second" in page and "first" not in page
    assert "made: second\n" in log


def test_what_an_install_script_plants_reaches_no_other_project_and_no_other_organisation(platform, builds):
    builds.run(with_postinstall(site("evil"), "evil"))

    for project in (platform.new_project_in(builds.project), platform.new_project()):
        clean = with_postinstall(site("clean"), "clean")
        clean["mark.cjs"] = "require('node:fs').mkdirSync('made', {recursive: true});"
        log, cache, page = builds.run(clean, project)
        assert cache["dependencies"] == "miss"
        assert "evil" not in page


def test_a_project_without_a_lock_file_has_no_entry(platform, builds):
    files = site("open")
    del files["package-lock.json"]
    before = entries(platform)

    _, cache, _ = builds.run(files)

    assert cache["dependencies"] == "off"
    assert entries(platform) == before


def test_another_project_of_the_organisation_has_the_entry_and_another_organisation_has_not(platform, builds):
    builds.run(site("one"))

    _, own, _ = builds.run(site("two"), platform.new_project_in(builds.project))
    _, foreign, _ = builds.run(site("three"), platform.new_project())

    assert own["dependencies"] == "hit"
    assert foreign["dependencies"] == "miss"


@pytest.mark.parametrize("damage", ["cut off", "overwritten", "facts gone"])
def test_a_damaged_entry_is_made_anew(platform, builds, damage):
    before = entries(platform)
    builds.run(site("one"))
    (entry,) = entries(platform) - before
    if damage == "cut off":
        with open(entry / "content", "r+b") as image:
            image.truncate(1 << 20)
    elif damage == "overwritten":
        with open(entry / "content", "r+b") as image:
            image.write(b"\0" * (1 << 20))
    else:
        (entry / "entry").unlink()

    _, rebuilt, page = builds.run(site("two"))
    _, again, _ = builds.run(site("three"))

    assert rebuilt["dependencies"] == "miss" and "two" in page
    assert again["dependencies"] == "hit"


def test_the_same_once_more_is_not_built_again(platform, builds):
    files = site("same")
    first = platform.wait_for_end(platform.deploy(builds.project, files))
    builds.run(site("other"))

    log, cache, page = builds.run(files)

    assert "same" in page
    assert f"deployment {first['deploymentId']} was built from the same" in log
    assert "$ " not in log
    assert cache["site"] == "hit" and cache["savedMilliseconds"] > 0


@pytest.mark.parametrize("change", ["variable", "force", "gone", "project"])
def test_what_is_not_quite_the_same_is_built(platform, builds, change):
    files = site("same")
    first = platform.wait_for_end(platform.deploy(builds.project, files))
    project, more = builds.project, {}
    if change == "variable":
        answer = requests.put(
            f"{platform.url}/projects/{project.id}/env/COLOR", json={"value": "blue"}, timeout=30,
            headers={"Authorization": "Bearer " + project.token},
        )
        assert answer.status_code == 200, answer.text
    elif change == "force":
        more = {"useCache": False}
    elif change == "gone":
        builds.run(site("other"))
        ((name,),) = platform.sql(
            "select name from releases where deployment_id = %s", first["deploymentId"]
        )
        shutil.rmtree(next(pathlib.Path(platform.folder).glob(f"sites/**/{name}")))
    else:
        project = platform.new_project_in(project)

    log, cache, page = builds.run(files, project, **more)

    assert cache["site"] == "miss" and "$ npm run build" in log and "same" in page
    assert cache["dependencies"] == ("hit" if change in ("gone", "project") else "miss")


def keeping(text):
    """React and Vite; before each build it says what was kept of an earlier one, and keeps something."""
    files = sample("react-vite")
    package = json.loads(files["package.json"])
    package["scripts"]["build"] = "node keep.cjs && vite build"
    keep = (
        "const fs = require('node:fs');\n"
        "console.log('kept: ' + fs.existsSync('node_modules/.vite/mark'));\n"
        "fs.mkdirSync('node_modules/.vite', {recursive: true});\n"
        f"fs.writeFileSync('node_modules/.vite/mark', {json.dumps(text)});\n"
    )
    return files | {"package.json": json.dumps(package), "keep.cjs": keep}


def test_a_framework_finds_what_it_kept_for_the_next_build_of_its_project(platform, builds):
    first_log, first, _ = builds.run(keeping("one"))
    second_log, second, _ = builds.run(keeping("two"))
    refused_log, refused, _ = builds.run(keeping("three"), useCache=False)
    other_log, other, _ = builds.run(keeping("four"), platform.new_project_in(builds.project))

    assert "kept: false" in first_log and first["framework"] == "miss"
    assert "kept: true" in second_log and second["framework"] == "hit"
    assert "kept: false" in refused_log and refused["framework"] == "miss"
    assert "kept: false" in other_log and other["framework"] == "miss"


def test_a_package_manager_is_fetched_once_for_all_organisations(platform, builds):
    # A version that no other test asks for.
    package = {
        "name": "managed", "version": "1.0.0", "private": True, "packageManager": "pnpm@9.15.3",
        "scripts": {"build": "pnpm --version && node build.cjs"},
    }
    files = {
        "package.json": json.dumps(package),
        "pnpm-lock.yaml": "lockfileVersion: '9.0'\n\nimporters:\n\n  .: {}\n",
        "build.cjs": "const fs = require('node:fs');\nfs.mkdirSync('dist');\n"
        "fs.writeFileSync('dist/index.html', '<title>managed</title>');\n",
    }

    first_log, _, _ = builds.run(files)
    second_log, _, page = builds.run(files, platform.new_project())

    assert "Fetched pnpm@9.15.3." in first_log
    assert "Fetched" not in second_log and "$ npm install" not in second_log
    assert "\n9.15.3\n" in second_log and "managed" in page


def test_after_a_change_of_the_dependencies_what_was_downloaded_before_is_at_hand(builds, platform):
    first_log, _, _ = builds.run(site("one"))
    # Another installation by its key, and one that may not ask the registry.
    second_log, second, page = builds.run(site("two", **{".npmrc": "offline=true\n"}))

    assert "Downloads:" not in first_log
    assert "Downloads: at hand from 1 earlier installation" in second_log, second_log
    assert "$ npm ci" in second_log and second["dependencies"] == "miss"
    assert "two" in page


def test_no_project_gets_what_another_has_downloaded(builds, platform, project):
    builds.run(site("one"))
    other = platform.new_project_in(project)
    log, _, _ = builds.run(site("two", **{".npmrc": "fetch-retries=1\n"}), project=other)

    assert "Downloads:" not in log


@pytest.fixture
def narrow(scratch):
    """A platform whose cache has room for two installations that have ballast, and not for three."""
    folder = scratch / "narrow"
    folder.mkdir(mode=0o755)
    platform = Platform(folder, workers=1, CACHE_MAX_MB="30")
    try:
        platform.start()
        yield platform
    finally:
        platform.stop()


def with_ballast(number, text):
    """Each number is an installation of its own, of some 8 MiB."""
    files = with_postinstall(site(text), "mark") | {".npmrc": f"fetch-retries={number}\n"}
    files["mark.cjs"] += (
        "fs.writeFileSync('node_modules/left-pad/ballast', require('node:crypto').randomBytes(8 << 20));\n")
    return files


def test_who_fills_the_cache_drives_out_entries_of_his_own(narrow):
    quiet, busy = (Builds(narrow, narrow.new_project()) for _ in range(2))

    def outcome(builds, number, text):
        return builds.run(with_ballast(number, text))[1]["dependencies"]

    assert outcome(quiet, 1, "one") == "miss"
    assert [outcome(busy, number, "one") for number in (1, 2, 3)] == ["miss"] * 3

    assert outcome(quiet, 1, "two") == "hit"
    assert outcome(busy, 1, "two") == "miss"
    events = [json.loads(line) for line in narrow.workers[0].log_tail(1_000_000).splitlines() if line.startswith("{")]
    evicted = [event["organization"] for event in events if event["message"] == "a cache entry made room"]
    assert evicted and set(evicted) == {busy.project.org}
