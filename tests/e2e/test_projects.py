"""Projects and their custom domains: created, changed, served, taken down."""

import secrets

import pytest
import requests

from platform_under_test import wait_until
from samples import plain_site


class Owner:
    """Calls /projects as an owner of the project's organisation."""

    def __init__(self, platform, project):
        self.url = platform.url
        self.token = platform.new_member_token(project, "owner")

    def call(self, method, path, token=None, **options):
        return requests.request(
            method, self.url + path, timeout=30,
            headers={"Authorization": "Bearer " + (token or self.token)}, **options,
        )

    def must(self, status, method, path, **options):
        answer = self.call(method, path, **options)
        assert answer.status_code == status, answer.text
        return answer.json()


@pytest.fixture
def owner(platform, project):
    return Owner(platform, project)


def wait_for_page(platform, host, text):
    wait_until(lambda: text in platform.page(host).body, 30, f"{host} serves {text}")


def wait_for_nothing(platform, host):
    wait_until(lambda: platform.page(host).status == 404, 30, f"{host} serves nothing")


def new_domain():
    return f"{secrets.token_hex(6)}.example.com"


def test_a_project_is_created_deployed_renamed_and_listed(platform, project, owner):
    created = owner.call("POST", "/projects", json={"orgId": project.org, "name": "My first shop"})
    assert created.status_code == 201, created.text
    shop = created.json()["project"]
    assert created.headers["Location"] == "/projects/" + shop["projectId"]
    assert (shop["orgId"], shop["active"], shop["status"]) == (project.org, True, "idle")
    assert "my-first-shop" in shop["url"] and "liveDeploymentId" not in shop

    answer = owner.call(
        "POST", "/deploy", token=project.token,
        json={
            "projectId": shop["projectId"], "orgId": project.org, "userId": project.user,
            "initFiles": [{"path": "index.html", "content": "<title>shop</title>"}],
        },
    )
    deployment = answer.json()["deploymentId"]
    status = platform.wait_for_end(deployment)

    assert status["url"] == shop["url"]
    renamed = owner.must(200, "PATCH", f"/projects/{shop['projectId']}", json={"name": "Shop"})["project"]
    assert (renamed["name"], renamed["liveDeploymentId"]) == ("Shop", deployment)
    first = owner.must(200, "GET", "/projects", params={"orgId": project.org, "limit": 1})
    second = owner.must(200, "GET", "/projects", params={"limit": 1, "cursor": first["nextCursor"]})
    assert {first["projects"][0]["projectId"], second["projects"][0]["projectId"]} == {
        project.id, shop["projectId"],
    }
    assert "nextCursor" not in second


def test_two_projects_of_one_name_get_labels_of_their_own(project, owner):
    name = "Twin " + secrets.token_hex(4)
    first = owner.must(201, "POST", "/projects", json={"orgId": project.org, "name": name})["project"]
    second = owner.must(201, "POST", "/projects", json={"orgId": project.org, "name": name})["project"]
    assert first["url"] != second["url"]
    label = first["url"].split("//")[1].split(".")[0]

    taken = owner.must(409, "POST", "/projects", json={"orgId": project.org, "name": name, "siteLabel": label})
    assert taken["error"] == "site_label_taken"
    taken = owner.must(
        409, "POST", "/projects", json={"orgId": project.org, "name": name, "projectId": first["projectId"]}
    )
    assert taken["error"] == "project_id_taken"


def test_an_inactive_project_is_served_but_not_deployed(platform, project, owner):
    platform.deploy_and_wait(project, plain_site("before"))

    owner.must(200, "PATCH", f"/projects/{project.id}", json={"active": False})

    assert platform.post_deploy(project, plain_site("after")).json()["error"] == "project_inactive"
    assert b"before" in platform.page(project.host).body
    owner.must(200, "PATCH", f"/projects/{project.id}", json={"active": True})
    assert platform.deploy_and_wait(project, plain_site("after"))["status"] == "completed"


def test_a_deleted_project_is_taken_down_whenever_a_worker_comes_and_its_label_is_free(
    platform, project, owner, lone_worker
):
    domain = new_domain()
    lone_worker.start()
    status = platform.deploy_and_wait(project, plain_site("mine"))
    preview = platform.sql("select preview_url from deployments where project_id = %s", project.id)[0][0]
    preview = preview.split("//")[1].split(":")[0]
    owner.must(201, "POST", f"/projects/{project.id}/domains", json={"hostname": domain})
    for host in (domain, preview, project.host):
        wait_for_page(platform, host, b"mine")
    lone_worker.kill()

    owner.must(200, "DELETE", f"/projects/{project.id}")

    assert owner.must(404, "GET", f"/projects/{project.id}")["error"] == "project_not_found"
    assert platform.post_deploy(project, plain_site("again")).json()["error"] == "project_not_found"
    assert platform.status(status["deploymentId"])["status"] == "completed"
    lone_worker.start()
    for host in (domain, preview, project.host):
        wait_for_nothing(platform, host)
    next_owner = owner.must(
        201, "POST", "/projects", json={"orgId": project.org, "name": "Next", "siteLabel": project.label}
    )["project"]
    again = owner.must(
        409, "POST", "/projects", json={"orgId": project.org, "name": "Next", "projectId": project.id}
    )
    assert again["error"] == "project_id_taken"
    project.id = next_owner["projectId"]
    platform.deploy_and_wait(project, plain_site("next"))
    assert b"next" in platform.page(project.host).body


def test_a_project_that_is_being_deployed_is_not_deleted(platform, project, owner, lone_worker):
    deployment = platform.deploy(project, plain_site("busy"))

    assert owner.must(409, "DELETE", f"/projects/{project.id}")["error"] == "deployment_in_progress"

    assert platform.cancel(project, deployment).status_code == 200
    owner.must(200, "DELETE", f"/projects/{project.id}")


def test_a_custom_domain_is_served_at_once_moves_to_another_project_and_ends(platform, project, owner):
    other = platform.new_project_in(project)
    domain = new_domain()
    platform.deploy_and_wait(project, plain_site("first"))
    platform.deploy_and_wait(other, plain_site("second"))

    added = owner.must(201, "POST", f"/projects/{project.id}/domains", json={"hostname": domain.upper()})
    assert added["domain"]["hostname"] == domain
    wait_for_page(platform, domain, b"first")
    assert owner.must(200, "POST", f"/projects/{project.id}/domains", json={"hostname": domain})["success"]
    taken = owner.must(409, "POST", f"/projects/{other.id}/domains", json={"hostname": domain})
    assert taken["error"] == "domain_taken"
    listed = owner.must(200, "GET", f"/projects/{project.id}/domains")["domains"]
    assert [d["hostname"] for d in listed] == [domain]

    owner.must(200, "DELETE", f"/projects/{project.id}/domains/{domain}")
    owner.must(201, "POST", f"/projects/{other.id}/domains", json={"hostname": domain})
    wait_for_page(platform, domain, b"second")
    platform.deploy_and_wait(project, plain_site("third"))
    platform.deploy_and_wait(other, plain_site("fourth"))
    assert b"fourth" in platform.page(domain).body

    owner.must(200, "DELETE", f"/projects/{other.id}/domains/{domain}")
    wait_for_nothing(platform, domain)
    gone = owner.must(404, "DELETE", f"/projects/{other.id}/domains/{domain}")
    assert gone["error"] == "domain_not_found"


def test_what_is_no_custom_domain_is_refused_with_the_reason(project, owner):
    for hostname in ("localhost", "127.0.0.1", "shop.localhost", "-a.example", "", "a" * 300 + ".example"):
        answer = owner.must(400, "POST", f"/projects/{project.id}/domains", json={"hostname": hostname})
        assert [problem["pointer"] for problem in answer["details"]] == ["/hostname"], hostname


def test_roles_decide_who_may_do_what(platform, project, owner):
    stranger = platform.new_project().token
    viewer = platform.new_member_token(project, "viewer")
    reader = platform.new_member_token(project, "owner", "{read}")
    path = f"/projects/{project.id}"
    changes = [
        ("POST", "/projects", {"orgId": project.org, "name": "X"}),
        ("PATCH", path, {"name": "X"}),
        ("DELETE", path, None),
        ("POST", path + "/domains", {"hostname": new_domain()}),
        ("DELETE", path + "/domains/a.example.com", None),
    ]
    reads = [("GET", path, None), ("GET", path + "/domains", None)]
    for method, target, body in changes:
        assert owner.call(method, target, token=viewer, json=body).json()["error"] == "role_not_sufficient"
        assert owner.call(method, target, token=reader, json=body).json()["error"] == "missing_scope"
        foreign = owner.call(method, target, token=stranger, json=body)
        assert foreign.json()["error"] == ("not_a_member" if target == "/projects" else "project_not_found")
    for method, target, body in reads:
        assert owner.call(method, target, token=viewer).status_code == 200
        assert owner.call(method, target, token=reader).status_code == 200
        assert owner.call(method, target, token=stranger).json()["error"] == "project_not_found"
        assert owner.call(method, target, token=secrets.token_hex(32)).status_code == 401
    assert owner.call("DELETE", path, token=project.token).json()["error"] == "role_not_sufficient"
    assert owner.call("GET", "/projects", token=stranger, params={"orgId": project.org}).status_code == 404
