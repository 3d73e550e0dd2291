"""Secrets of the platform and of its users, planted wherever one can appear, while things go wrong."""

import json
import os
import secrets
import signal
import urllib.parse

import requests

from platform_under_test import free_port, wait_until
from samples import scripted_build


def talk(program):
    """Has a running program log at debug level."""
    program.process.send_signal(signal.SIGUSR1)
    wait_until(lambda: '"log_level":"debug"' in program.log_path.read_text(), 30, f"{program.name} says more")


def keys_of_the_platform(platform):
    """What the services are configured with and must never show."""
    urls = (os.environ["LIBRA_TEST_POSTGRES_URL"], os.environ["LIBRA_TEST_RABBITMQ_URL"])
    passwords = [urllib.parse.urlsplit(url).password for url in urls]
    files = [(platform.folder / "secrets" / name).read_text().strip()
             for name in ("database-password", "rabbitmq-password", "secrets-key", "webhook-secret")]
    return {value for value in passwords + files if value}


def ask_wrongly(url, project, planted):
    """Requests that carry secrets and are refused; returns the answers."""
    def secret():
        value = secrets.token_hex(16)
        planted.add(value)
        return value

    answers = []
    for options in (
        lambda: {"headers": {"Authorization": "Bearer " + secret()}},
        lambda: {"headers": {"Authorization": "Basic " + secret()}},
        lambda: {"headers": {"Cookie": "session=" + secret()}},
        lambda: {"headers": {"X-Api-Key": secret()}},
        lambda: {"params": {"token": secret()}},
        lambda: {"json": {"projectId": project.id, "password": secret()}},
        lambda: {"json": {"projectId": [secret()], "orgId": {"key": secret()}, "userId": secret()}},
        lambda: {"data": '{"projectId": "' + secret(), "headers": {"Content-Type": "application/json"}},
    ):
        answers.append(requests.post(url + "/deploy", timeout=30, **options()))
        assert answers[-1].status_code in (400, 401, 403, 415, 422), answers[-1].text
    return answers


def failed_build(url, platform, project, planted):
    """A build that tells its secret and breaks; returns the answers about it."""
    value = secrets.token_urlsafe(24)
    planted.add(value)
    headers = {"Authorization": "Bearer " + project.token}
    answers = [requests.put(f"{url}/projects/{project.id}/env/API_KEY", timeout=30, headers=headers,
                            json={"value": value, "secret": True})]
    assert answers[0].ok, answers[0].text
    deployment = platform.deploy(project, scripted_build("throw new Error('no entry for ' + process.env.API_KEY);"))
    assert platform.wait_for_end(deployment)["status"] == "failed"
    for path in (f"/deployments/{deployment}", f"/deployments/{deployment}/logs", "/deploy-status?id=" + deployment):
        answers.append(requests.get(url + path, timeout=30, headers=headers))
        assert answers[-1].ok, answers[-1].text
    assert "no entry for" in answers[2].text
    return answers


def failed_webhook(url, platform, project, planted):
    """A webhook with a password in its address and one that nobody receives; returns the answers, less the one
    that gives out the secret."""
    planted.add(password := secrets.token_hex(16))
    headers = {"Authorization": "Bearer " + platform.new_member_token(project, "admin")}
    hooks = f"{url}/organizations/{project.org}/webhooks"
    refused = requests.post(hooks, timeout=30, headers=headers, json={"url": f"https://user:{password}@localhost/"})
    made = requests.post(hooks, timeout=30, headers=headers, json={"url": f"http://127.0.0.1:{free_port()}/hook"})
    assert made.status_code == 201, made.text
    planted.add(made.json()["secret"].removeprefix("whsec_"))
    return [refused, requests.get(hooks, timeout=30, headers=headers)]


def services_without_theirs(platform, planted):
    """A gateway and a worker that find neither database, broker nor collector; they run until they have said so."""
    planted |= {password := secrets.token_hex(16), key := secrets.token_hex(16)}
    nowhere = {"LIBRA_POSTGRES_PORT": str(free_port()), "LIBRA_RABBITMQ_PORT": str(free_port()), "LOG_LEVEL": "debug",
               "OTEL_EXPORTER_OTLP_ENDPOINT": f"http://user:{password}@127.0.0.1:{free_port()}",
               "OTEL_EXPORTER_OTLP_HEADERS": f"authorization=Bearer%20{key}"}
    gateway = platform.extra_gateway("alone", free_port(), **nowhere)
    worker = platform.extra_worker("alone")
    worker.environment.update(nowhere)
    answers = []
    for program in (gateway, worker):
        program.start()
    try:
        wait_until(lambda: "the database cannot be prepared" in gateway.log_tail(), 60, "the gateway complains")
        wait_until(lambda: "database not ready" in worker.log_tail(), 60, "the worker complains")
        url = f"http://127.0.0.1:{gateway.environment['LIBRA_PORT']}"
        answers = [requests.get(url + path, timeout=30) for path in ("/health", "/readyz", "/metrics")]
        answers.append(requests.get(f"http://127.0.0.1:{worker.port}/readyz", timeout=30))
    finally:
        for program in (gateway, worker):
            program.stop()
    assert "spans were not exported" in gateway.log_tail()
    return answers


def test_no_secret_is_logged_or_answered_whatever_goes_wrong(platform, project):
    url = f"http://127.0.0.1:{platform.port}"
    programs = [platform.gateway, *platform.workers]
    for program in programs:
        talk(program)
    planted = keys_of_the_platform(platform) | {project.token}

    answers = ask_wrongly(url, project, planted)
    answers += failed_webhook(url, platform, project, planted)
    answers += failed_build(url, platform, project, planted)
    answers += services_without_theirs(platform, planted)
    answers += [requests.get(f"http://127.0.0.1:{port}/metrics", timeout=30)
                for port in (platform.port, *(worker.port for worker in platform.workers))]
    for program in programs:
        program.process.send_signal(signal.SIGUSR2)
        wait_until(lambda: '"log_level":"info"' in program.log_path.read_text(), 30, f"{program.name} says less")

    said = {path.name: path.read_text(errors="replace") for path in platform.logs.glob("*.log")
            if path.name != "prism.log"}  # the tests' own, between them and the gateway
    said |= {f"answer {number}": json.dumps(dict(answer.headers)) + answer.text
             for number, answer in enumerate(answers)}
    assert sorted({name for name, text in said.items() for secret in planted if secret in text}) == []
    assert_lines_name_what_they_are_about(said)


def assert_lines_name_what_they_are_about(said):
    lines = [json.loads(line) for name, text in said.items() if name.startswith("worker-")
             for line in text.splitlines() if line.startswith("{")]
    claimed = [line for line in lines if line["message"] == "deployment claimed"]
    assert claimed
    assert all({"request_id", "deployment_id", "project_id", "attempt", "trace_id"} <= line.keys() for line in claimed)
