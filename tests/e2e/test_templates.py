"""Projects that begin from a built-in template. ./dev matrix builds those that take longer."""

import requests
from selenium.webdriver.common.by import By

from browser import browser
from platform_under_test import wait_until


def call(platform, project, method, path, **body):
    return requests.request(
        method, platform.url + path, json=body or None, timeout=30,
        headers={"Authorization": "Bearer " + project.token})


def new_project(platform, project, template):
    """Another project of the same member, as POST /projects makes it."""
    answer = call(platform, project, "POST", "/projects", orgId=project.org, name="New", template=template)
    assert answer.status_code == 201, answer.text
    return answer.json()["project"]


def deployed(platform, project, made, seconds=300, **files):
    changes = {"projectId": made["projectId"]}
    status = platform.wait_for_end(platform.deploy(project, files or None, **changes), seconds)
    assert status["status"] == "completed", status
    return status


def test_a_template_and_one_file_laid_on_it_go_live_together(platform, project):
    made = new_project(platform, project, "react-vite")
    card = 'export default function App() { return <main><h1>Mine</h1><button>{6 * 7}</button></main>; }\n'

    status = deployed(platform, project, made, **{"src/App.jsx": card})

    with browser() as driver:
        driver.get(status["url"])
        heading = wait_until(lambda: driver.find_elements(By.TAG_NAME, "h1"), 20, "the page renders")[0]
        assert heading.text == "Mine"
        button = driver.find_element(By.TAG_NAME, "button")
        assert button.text == "42"
        # Ours is the content, the template's are the style and the icon.
        assert button.value_of_css_property("cursor") == "pointer"
        assert driver.find_element(By.CSS_SELECTOR, "link[rel=icon]").get_attribute("href") == status["url"] + "icon.svg"


def test_a_template_alone_is_a_site_and_later_files_are_laid_on_what_was_deployed(platform, project):
    made = new_project(platform, project, "plain")
    host = made["url"].split("/")[2].split(":")[0]
    deployed(platform, project, made)
    assert b"Your site is live" in platform.page(host).body

    deployed(platform, project, made, **{"about.html": "<title>About</title>"})
    changed = call(platform, project, "PATCH", f"/projects/{made['projectId']}", template="none")
    deployed(platform, project, made, **{"more.html": "<title>More</title>"})

    assert "template" not in changed.json()["project"]
    assert b"Your site is live" in platform.page(host).body
    assert b"About" in platform.page(host, "/about.html").body


def test_a_template_that_does_not_exist_is_refused(platform, project):
    answer = call(platform, project, "POST", "/projects", orgId=project.org, name="New", template="rails")

    assert answer.status_code == 400
    assert answer.json()["details"][0]["pointer"] == "/template"
