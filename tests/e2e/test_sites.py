"""From POST /deploy to a live site."""

from selenium.webdriver.common.by import By

from browser import browser
from platform_under_test import STEPS, wait_until
from samples import folder, plain_site, scripted_build


def assert_completed(status):
    assert status["status"] == "completed", status
    assert {step: status["steps"][step]["status"] for step in STEPS} == dict.fromkeys(STEPS, "completed")
    assert status["progress"] == 100
    assert "error" not in status


def test_a_plain_html_site_goes_live_without_a_build(platform, project):
    status = platform.deploy_and_wait(project, plain_site("hello"))

    assert_completed(status)
    assert status["url"] == f"http://{project.host}:{platform.sites_port}/"
    assert b"<title>hello</title>" in platform.page(project.host).body
    assert status["logs"], "milestones are shown"


def test_text_files_are_served_compressed(platform, project):
    platform.deploy_and_wait(project, plain_site("hello"))

    for encoding in ("br", "gzip"):
        answer = platform.static_host.request("GET", "/style.css", project.host, Accept_Encoding=encoding)

        assert answer.getheader("Content-Encoding") == encoding


def test_a_react_application_is_built_in_the_sandbox_and_runs_in_a_browser(platform, project):
    status = platform.deploy_and_wait(project, folder("react-vite"), seconds=300)

    assert_completed(status)
    with browser() as driver:
        driver.get(status["url"])
        heading = wait_until(lambda: driver.find_elements(By.TAG_NAME, "h1"), 20, "React renders")[0]
        assert heading.text == "Deployed by Libra Deploy"
        button = driver.find_element(By.TAG_NAME, "button")
        button.click()
        wait_until(lambda: "1" in button.text, 10, "the page reacts to a click")
        script = driver.find_element(By.CSS_SELECTOR, "script[src]").get_attribute("src")
    answer = platform.page(project.host, script[script.index("/assets/"):])
    assert answer.getheader("Cache-Control") == "public, max-age=31536000, immutable"
    ((statistics,),) = platform.sql(
        "select statistics from deployments where id = %s", status["deploymentId"]
    )
    assert statistics["siteFiles"] >= 3
    assert statistics["stepMilliseconds"]["build"] >= statistics["installMilliseconds"] > 0
    assert statistics["peakMemoryBytes"] > 0


def test_a_later_deployment_sends_only_what_changed(platform, project):
    platform.deploy_and_wait(project, plain_site("first"))

    status = platform.deploy_and_wait(project, {"index.html": "<title>second</title>"})

    assert_completed(status)
    assert b"second" in platform.page(project.host).body
    assert platform.page(project.host, "/style.css").status == 200


def test_edits_in_the_history_are_applied(platform, project):
    edit = '{"type": "diff", "diff": [{"path": "index.html", "type": "edit", "modified": "<title>edited</title>"}]}'
    deployment = platform.deploy(
        project, plain_site("first"),
        historyMessages=[
            {"role": "user", "content": "please change the title"},
            {"role": "assistant", "content": edit},
        ],
    )

    assert_completed(platform.wait_for_end(deployment))
    assert b"edited" in platform.page(project.host).body


def test_a_build_that_fails_says_why_and_leaves_the_release_before_it_live(platform, project):
    platform.deploy_and_wait(project, plain_site("still here"))
    broken = scripted_build("console.error('cannot find the answer'); process.exit(3);")

    status = platform.deploy_and_wait(project, broken)

    assert status["status"] == "failed"
    assert status["steps"]["build"]["status"] == "failed"
    assert status["steps"]["deploy"]["status"] == "pending"
    assert status["steps"]["cleanup"]["status"] == "completed"
    assert "3" in status["error"] and "build" in status["error"].lower()
    assert b"still here" in platform.page(project.host).body
    ((failure, retries),) = platform.sql(
        "select failure_class, retry_count from deployments where id = %s", status["deploymentId"]
    )
    assert (failure, retries) == ("user", 0)


def test_the_build_output_is_kept_line_by_line(platform, project):
    status = platform.deploy_and_wait(
        project, scripted_build("console.log('first line'); console.error('second line');")
    )

    lines = platform.sql(
        "select stream, line from deployment_log where deployment_id = %s and step = 'build' order by seq",
        status["deploymentId"],
    )
    assert ("stdout", "first line") in lines
    assert ("stderr", "second line") in lines
    assert not [line for line in status["logs"] if "first line" in line], "milestones only"


def test_a_project_can_be_deployed_again_after_a_failure(platform, project):
    platform.deploy_and_wait(project, scripted_build("process.exit(1);"))

    status = platform.deploy_and_wait(project, scripted_build("", page="repaired"))

    assert_completed(status)
    assert b"repaired" in platform.page(project.host).body


def test_every_deployment_keeps_a_preview_address(platform, project):
    first = platform.deploy_and_wait(project, plain_site("first"))
    platform.deploy_and_wait(project, plain_site("second"))

    ((preview,),) = platform.sql(
        "select preview_url from deployments where id = %s", first["deploymentId"]
    )
    host = preview.split("//")[1].split(":")[0].rstrip("/")
    assert b"first" in platform.page(host).body
    assert b"second" in platform.page(project.host).body
