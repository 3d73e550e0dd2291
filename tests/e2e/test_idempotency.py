"""POST /deploy with an Idempotency-Key: sent again, it is the same deployment."""

import concurrent.futures
import uuid

from samples import plain_site


def post(platform, project, key, files=None, **changes):
    headers = {"Authorization": "Bearer " + project.token, "Idempotency-Key": key}
    return platform.post_deploy(project, files or plain_site("once"), headers=headers, **changes)


def deployments_of(platform, project):
    return platform.sql("select id from deployments where project_id = %s", project.id)


def test_a_request_sent_again_is_answered_with_the_same_deployment(platform, project):
    key = str(uuid.uuid4())

    first = post(platform, project, key)
    again = post(platform, project, key)
    platform.wait_for_end(first.json()["deploymentId"])
    afterwards = post(platform, project, key)

    assert (first.status_code, again.status_code, afterwards.status_code) == (202, 202, 202)
    assert again.json() == first.json()
    assert afterwards.json() == first.json()
    assert again.headers["Location"] == first.headers["Location"]
    assert len(deployments_of(platform, project)) == 1


def test_many_requests_at_once_with_one_key_are_one_deployment(platform, project):
    key = str(uuid.uuid4())

    with concurrent.futures.ThreadPoolExecutor(8) as clients:
        answers = list(clients.map(lambda _: post(platform, project, key), range(8)))

    assert {answer.status_code for answer in answers} == {202}
    assert len({answer.json()["deploymentId"] for answer in answers}) == 1
    assert len(deployments_of(platform, project)) == 1


def test_a_key_is_not_taken_for_another_body(platform, project):
    key = str(uuid.uuid4())
    first = post(platform, project, key)

    answer = post(platform, project, key, plain_site("another"))

    assert answer.status_code == 422
    assert answer.json()["error"] == "idempotency_key_reused"
    platform.wait_for_end(first.json()["deploymentId"])


def test_a_refused_request_may_be_sent_again_under_its_key(platform, project):
    key = str(uuid.uuid4())
    platform.sql("update projects set active = false where id = %s", project.id)
    assert post(platform, project, key).json()["error"] == "project_inactive"
    platform.sql("update projects set active = true where id = %s", project.id)

    assert post(platform, project, key).status_code == 202


def test_a_key_that_is_none_is_refused(platform, project):
    answer = post(platform, project, "two words")

    assert answer.status_code == 400
    assert answer.json()["error"] == "invalid_idempotency_key"
