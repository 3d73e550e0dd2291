"""What the end-to-end tests share: fixtures that start the real services of one build."""

import json
import os
import pathlib
import shutil
import sys
import tempfile

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

from contract_proxy import ContractProxy  # noqa: E402  (after the path is set)
from platform_under_test import Platform, StaticHost, wait_until  # noqa: E402


@pytest.fixture(scope="session")
def scratch():
    """A folder that is gone afterwards; not below pytest's own, which it keeps."""
    parent = os.environ.get("LIBRA_TEST_STATE")
    folder = pathlib.Path(tempfile.mkdtemp(prefix="libra-e2e-", dir=parent))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture(scope="session")
def static_host(scratch):
    host = StaticHost(scratch)
    yield host
    host.stop()


@pytest.fixture(scope="session")
def platform(scratch):
    """Gateway, two workers and the static host, with a database and a virtual host of their own. What
    the tests ask and are answered is held against the OpenAPI document."""
    platform = Platform(scratch)
    try:
        platform.start()
        proxy = ContractProxy(platform.url, scratch / "prism.log")
        try:
            proxy.start()
            with proxy.between():
                yield platform
        finally:
            proxy.stop()
    finally:
        platform.stop()


@pytest.fixture
def project(platform):
    """A new organisation with one project, a member who may deploy, and their token."""
    return platform.new_project()


@pytest.fixture
def lone_worker(platform):
    """A worker that is not started, while the usual ones rest until the test is over: what the test
    does to it befalls exactly the deployments it takes."""
    for worker in platform.workers:
        worker.stop()
    lone = platform.extra_worker("lone")
    yield lone
    lone.stop()
    for worker in platform.workers:
        if worker.process.poll() is not None:
            worker.start()
    # Its next life clears away what the last one left.
    lone.start()
    wait_until(lambda: lone.running() and "worker ready" in lone.log_tail(500), 60, "it is ready")
    lone.stop()


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item):
    report = (yield).get_result()
    platform = item.funcargs.get("platform")
    if report.failed and platform is not None:
        for name, text in platform.log_tails().items():
            report.sections.append((f"log of {name}", text))
        for deployment, status in platform.last_statuses.items():
            report.sections.append((f"deployment {deployment}", json.dumps(status, indent=1)))
