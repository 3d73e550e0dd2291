"""What to deploy, and on which platform: the fixtures are those of the end-to-end tests."""

import importlib.util
import os
import pathlib
import sys

import pytest
import requests

E2E = pathlib.Path(__file__).resolve().parents[1] / "e2e"
sys.path[:0] = [str(E2E), str(E2E.parent / "matrix")]

from browser import browser  # noqa: E402  (after the path is set)
from matrix import Entry, entries  # noqa: E402
from matrix_report import Report  # noqa: E402

# By its path: two modules cannot both be named conftest.
_specification = importlib.util.spec_from_file_location("e2e_fixtures", E2E / "conftest.py")
_e2e = importlib.util.module_from_spec(_specification)
_specification.loader.exec_module(_e2e)
scratch, platform = _e2e.scratch, _e2e.platform
# Two large builds beside each other may take a while.
os.environ.setdefault("MAX_DEPLOYMENT_TIMEOUT", "1500000")
pytest_runtest_makereport = _e2e.pytest_runtest_makereport


def pytest_addoption(parser):
    group = parser.getgroup("matrix")
    group.addoption("--project", action="append", default=[], help="deploy this project; repeatable")
    group.addoption("--all", action="store_true", help="deploy every project, not the quick ones alone")
    group.addoption("--markdown", action="store_true", help="print the table as Markdown")


def pytest_configure(config):
    config.pluginmanager.register(Report(config.getoption("--markdown")), "matrix-report")


def chosen(config):
    known = entries()
    names = config.getoption("--project")
    unknown = set(names) - {entry.name for entry in known}
    if unknown:
        raise pytest.UsageError(f"no such project: {', '.join(sorted(unknown))}")
    if names:
        return [entry for entry in known if entry.name in names]
    return [entry for entry in known if entry.quick or config.getoption("--all")]


FIXTURES = {"live_entry": True, "refused_entry": False}


def pytest_generate_tests(metafunc):
    for fixture, goes_live in FIXTURES.items():
        if fixture in metafunc.fixturenames:
            metafunc.parametrize(fixture, [
                pytest.param(entry, id=entry.name)
                for entry in chosen(metafunc.config) if (entry.error is None) == goes_live
            ])


def pytest_collection_modifyitems(items):
    """Where all that was chosen goes live there is no case of the other kind, rather than a skipped one."""
    items[:] = [
        item for item in items
        if not FIXTURES.keys() & set(item.fixturenames)
        or any(isinstance(value, Entry) for value in item.callspec.params.values())
    ]


@pytest.fixture(scope="session")
def report(request):
    return request.config.pluginmanager.get_plugin("matrix-report")


@pytest.fixture(scope="session")
def deployments(request, platform):
    """All that was chosen, posted at once: the workers take one after the other. `{name: (project, id)}`"""
    return {entry.name: post(platform, entry) for entry in chosen(request.config)}


def post(platform, entry: Entry):
    project = platform.new_project()
    changes = {"build": entry.settings, "template": entry.template}
    if any(changes.values()):
        answer = requests.patch(
            f"{platform.url}/projects/{project.id}", json=changes, timeout=30,
            headers={"Authorization": "Bearer " + project.token})
        assert answer.ok, answer.text
    return project, platform.deploy(project, entry.files())


@pytest.fixture(scope="session")
def driver():
    with browser() as driver:
        yield driver
