"""docker-compose.yml and the Dockerfiles against the README and each other: what needs no engine."""

import pathlib
import re

import pytest
import yaml

ROOT = pathlib.Path(__file__).resolve().parents[2]
TEXT = (ROOT / "docker-compose.yml").read_text()
SERVICES = yaml.safe_load(TEXT)["services"]
OURS = {name: service for name, service in SERVICES.items() if service["image"].startswith("libra-")}
README = (ROOT / "README.md").read_text()
SETTINGS = README.partition("\n## Configuration\n")[2].partition("\n## ")[0]
DOCKERFILES = sorted((ROOT / "deploy/docker").glob("*.Dockerfile"))


def settings_of(service):
    return {name.removesuffix("_FILE") for name in service.get("environment", {})}


def default_of(setting, service):
    """Milliseconds, of a row that may have another default for the worker."""
    row = next(line for line in SETTINGS.splitlines() if line.startswith(f"| `{setting}`"))
    usual, worker = re.search(r"\| (\d+)(?:, worker (\d+))? \|", row).groups()
    return int(worker if worker and service == "deploy-worker" else usual)


@pytest.mark.parametrize("name", OURS)
def test_our_services_are_given_settings_that_the_readme_has(name):
    unknown = [setting for setting in settings_of(OURS[name]) if f"`{setting}`" not in SETTINGS]

    assert unknown == []


def test_what_the_file_takes_from_its_environment_is_in_the_readme():
    taken = set(re.findall(r"\$\{([A-Z_]+)", TEXT))

    assert {name for name in taken if f"`{name}`" not in README} == set()


@pytest.mark.parametrize("name", SERVICES)
def test_secrets_come_from_files(name):
    environment = SERVICES[name].get("environment", {})
    plain = [
        variable for variable in environment
        if re.search("PASSWORD|SECRET|KEY|POSTGRES_URL|RABBITMQ_URL", variable) and not variable.endswith("_FILE")
    ]

    assert plain == []
    assert {value.rpartition("/")[2] for value in environment.values() if str(value).startswith("/run/secrets/")} <= {
        secret if isinstance(secret, str) else secret["source"] for secret in SERVICES[name].get("secrets", [])
    }


@pytest.mark.parametrize("name", SERVICES)
def test_what_a_service_mounts_of_the_checkout_is_there(name):
    """An engine makes an empty folder of what is not."""
    mounted = [volume.split(":")[0] for volume in SERVICES[name].get("volumes", []) if volume.startswith("./")]

    assert [path for path in mounted if not any((ROOT / path).rglob("*")) and not (ROOT / path).is_file()] == []


@pytest.mark.parametrize("name", SERVICES)
def test_every_service_has_limits_and_no_free_hand(name):
    service = SERVICES[name]

    assert "mem_limit" in service and "restart" in service
    assert not service.get("privileged")


@pytest.mark.parametrize("name", SERVICES)
def test_every_service_is_watched(name):
    service = SERVICES[name]
    image = [path for path in DOCKERFILES if "build" in service and path.name in service["build"]["dockerfile"]]

    assert "healthcheck" in service or "HEALTHCHECK" in image[0].read_text()


@pytest.mark.parametrize("name", ["api-gateway", "deploy-worker"])
def test_a_service_has_longer_to_stop_than_it_takes(name):
    given = re.fullmatch(r"(?:(\d+)m)?(?:(\d+)s)?", SERVICES[name]["stop_grace_period"]).groups(default="0")

    assert int(given[0]) * 60 + int(given[1]) > default_of("SHUTDOWN_GRACE_MS", name) / 1000


def test_the_images_share_the_stage_that_compiles():
    stages = {path.read_text().partition("\nARG BASE=")[2].partition("\nFROM ${BASE}\n")[0] for path in DOCKERFILES}

    assert len(DOCKERFILES) == 3
    assert len(stages) == 1 and "cmake --build" in stages.pop()


def test_images_are_pinned():
    bases = [re.search("ARG BASE=(.*)", path.read_text())[1] for path in DOCKERFILES]
    images = [service["image"] for service in SERVICES.values() if service not in OURS.values()]

    assert [name for name in bases + images if not re.search(r":[a-z]*-?v?\d", name)] == []
