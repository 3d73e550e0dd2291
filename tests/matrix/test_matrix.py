"""Real projects, each installed, built and deployed by the platform, and opened in a browser."""

import requests

from platform_under_test import wait_until

A_WHILE = 3600  # the projects of a run wait for each other


def ended(platform, deployments, entry):
    """The final status and the full record of the entry's deployment."""
    project, deployment = deployments[entry.name]
    status = platform.wait_for_end(deployment, A_WHILE)
    answer = requests.get(
        f"{platform.url}/deployments/{deployment}", timeout=30,
        headers={"Authorization": "Bearer " + project.token})
    assert answer.status_code == 200, answer.text
    return status, answer.json()


def enter(platform, report, entry, status, record):
    """A row of the table."""
    found = record.get("build") or {}
    ((statistics,),) = platform.sql(
        "select statistics from deployments where id = %s", status["deploymentId"])
    seconds = {
        name: f"{statistics[name + 'Milliseconds'] / 1000:.1f}"
        for name in ("install", "build") if (statistics or {}).get(name + "Milliseconds") is not None
    }
    report.add(
        entry.name, framework=found.get("frameworkName"), manager=found.get("packageManager"),
        node=found.get("nodeVersion"), install_s=seconds.get("install"), build_s=seconds.get("build"),
        result=record.get("errorCode") or status["status"])
    return found


def test_it_goes_live_and_runs_in_a_browser(platform, deployments, driver, report, live_entry):
    entry = live_entry
    status, record = ended(platform, deployments, entry)
    found = enter(platform, report, entry, status, record)

    assert status["status"] == "completed", status
    driver.get(status["url"])
    wait_until(
        lambda: entry.page_text in driver.execute_script("return document.body.innerText"), 20,
        "the page has its text")
    assert_found(found, entry)


def assert_found(found, entry):
    expected = {
        "framework": entry.framework,
        "packageManager": entry.manager,
        "rootDirectory": (entry.settings or {}).get("rootDirectory"),
        "outputDirectory": entry.output,
    }
    assert {name: found.get(name) for name in expected} == expected
    assert found["reasons"]
    if entry.node is not None:
        assert found["nodeVersion"].split(".")[0] == entry.node


def test_what_needs_a_server_is_refused_with_the_way_out(platform, deployments, report, refused_entry):
    entry = refused_entry
    status, record = ended(platform, deployments, entry)
    enter(platform, report, entry, status, record)

    assert status["status"] == "failed", status
    assert (record["failureClass"], record["errorCode"]) == ("user", entry.error["code"])
    assert all(piece in status["error"] for piece in entry.error["says"]), status["error"]
