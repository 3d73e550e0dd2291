"""The whole platform on free ports: started, asked, and taken apart by the end-to-end tests."""

import dataclasses
import hashlib
import http.client
import os
import pathlib
import secrets
import signal
import socket
import subprocess
import sys
import time

import pika
import psycopg2
import requests

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/support"))
from free_ports import free_ports  # noqa: E402  (after the path is set)

SERVICE = ROOT / "deploy/local/service.sh"
SERVICES = ROOT / "tests/support/services.sh"
STEPS = ("validate", "sync", "sandbox", "build", "deploy", "cleanup")
FINAL = ("completed", "failed", "cancelled")


def wait_until(condition, seconds, what):
    """Polls until the condition gives something true, and returns that."""
    deadline = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {seconds} s: {what}")
        time.sleep(0.05)


def free_port():
    return free_ports(1)[0]


def listens(port):
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


class Program:
    """One program of deploy/local/service.sh, in the foreground, its output in a file."""

    def __init__(self, name, folder, environment):
        self.name = name
        self.log_path = folder / f"{name}.log"
        self.environment = environment
        self.process = None

    def start(self, **environment):
        with open(self.log_path, "ab") as log:
            self.process = subprocess.Popen(
                # Ends with the tests even if they are killed.
                ["setpriv", "--pdeathsig", "TERM", "--", str(SERVICE), self.name],
                env=self.environment | environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                start_new_session=True,  # Ctrl-C is for the tests, which then end it in good order
            )

    def running(self):
        if self.process is None or self.process.poll() is None:
            return self.process is not None
        raise AssertionError(f"{self.name} ended with {self.process.returncode}:\n{self.log_tail()}")

    def stop(self):
        """Asks it to end, and insists that it does."""
        if self.process is None or self.process.poll() is not None:
            return
        self.process.terminate()
        try:
            self.process.wait(timeout=60)
        except subprocess.TimeoutExpired:
            self.kill()
            raise AssertionError(f"{self.name} did not end within 60 s of SIGTERM") from None

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(timeout=10)

    def log_tail(self, characters=6000):
        return self.log_path.read_text(errors="replace")[-characters:] if self.log_path.exists() else ""


class StaticHost:
    """Caddy as the platform runs it, serving the folder `root`."""

    def __init__(self, folder, port=None, logs=None):
        self.port = port or free_port()
        self.root = folder / "sites"
        self.root.mkdir(exist_ok=True)
        rules_port = free_port()
        environment = dict(os.environ, LIBRA_STATE=str(folder), LIBRA_SITES_PORT=str(self.port),
                           LIBRA_SITE_RULES_PORT=str(rules_port))
        self.rules = Program("site-rules", logs or folder, environment)
        self.program = Program("caddy", logs or folder, environment)
        for program, port in ((self.rules, rules_port), (self.program, self.port)):
            program.start()
            wait_until(lambda: program.running() and listens(port), 120, f"{program.name} listens")

    def stop(self):
        self.program.stop()
        self.rules.stop()

    def request(self, method, path, host, **headers):
        """`path` and `host` go out exactly as given. The answer has a `body`."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
        connection.putheader("Host", host)
        for name, value in headers.items():
            connection.putheader(name.replace("_", "-"), value)
        connection.endheaders()
        answer = connection.getresponse()
        answer.body = answer.read()
        connection.close()
        return answer


@dataclasses.dataclass
class Project:
    id: str
    org: str
    user: str
    token: str
    label: str

    @property
    def host(self):
        return f"{self.label}.localhost"


class Platform:
    """The services of one build, their data in `folder`. Their logs are there too unless `logs` is given;
    `changes` are variables of their environment."""

    def __init__(self, folder, logs=None, workers=2, **changes):
        run = os.environ["LIBRA_TEST_RUN"] + secrets.token_hex(2)  # see leftovers.sh
        self.folder = folder
        self.logs = logs or folder
        self.database = f"e2e_{run}"
        self.vhost = f"e2e_{run}"
        self.port = free_port()
        self.sites_port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.last_statuses = {}
        self.static_host = None
        test_state = pathlib.Path(os.environ["LIBRA_TEST_STATE"])
        ports = dict(line.split("=", 1) for line in (test_state / "ports").read_text().split())
        self.environment = dict(
            os.environ,
            LIBRA_STATE=str(folder),
            LIBRA_PORT=str(self.port),
            LIBRA_SITES_PORT=str(self.sites_port),
            LIBRA_POSTGRES_PORT=ports["LIBRA_POSTGRES_PORT"],
            LIBRA_RABBITMQ_PORT=ports["LIBRA_RABBITMQ_PORT"],
            LIBRA_DATABASE=self.database,
            LIBRA_VHOST=self.vhost,
            RETRY_BASE_MS="500",
            # Receivers of the tests; every other private address is refused.
            WEBHOOK_ALLOWED_NETWORKS="127.0.0.1",
            WEBHOOK_RETRY_BASE_MS="100",
            # Deployments of workers that a test has killed keep their slots for a while.
            MAX_CONCURRENT_DEPLOYMENTS="50",
            # However full the machine's disk is.
            DISK_WATERMARK_PERCENT="100",
        )
        self.environment.update(changes)
        (folder / "secrets").symlink_to(test_state / "secrets")
        self.gateway = self._program("gateway")
        self.workers = [self._worker(f"worker-e2e{number}-{run}") for number in range(1, workers + 1)]

    def _program(self, name):
        return Program(name, self.logs, dict(self.environment))

    def _worker(self, name):
        program = self._program(name)
        program.port = free_port()
        program.environment.update(LIBRA_WORKER_PORT=str(program.port))
        return program

    def extra_worker(self, name):
        """One more worker, not started; whoever starts it also stops it."""
        return self._worker(f"worker-{name}-{self.database}")

    def extra_gateway(self, name, port, **changes):
        """One more gateway, not started; whoever starts it also stops it."""
        program = self._program("gateway")
        program.log_path = self.logs / f"gateway-{name}.log"
        program.environment.update(LIBRA_PORT=str(port), **changes)
        return program

    # -- life

    def start(self):
        self._administer(f'create database "{self.database}" owner libra')
        self.make_schema()
        self.rabbitmqctl("add_vhost", self.vhost)
        self.rabbitmqctl("set_permissions", "-p", self.vhost, "libra", ".*", ".*", ".*")
        self.static_host = StaticHost(self.folder, self.sites_port, self.logs)
        for program in (self.gateway, *self.workers):
            program.start()
        wait_until(lambda: self.gateway.running() and self.ready(), 120, "the gateway is ready")

    def make_schema(self):
        """Nothing: the first service to start does it."""

    def stop(self):
        problems = []
        for program in (*self.workers, self.gateway, self.static_host):
            try:
                if program is not None:
                    program.stop()
            except AssertionError as problem:
                problems.append(str(problem))
        self._administer(f'drop database if exists "{self.database}" with (force)')
        self.rabbitmqctl("delete_vhost", self.vhost)
        if problems:
            raise AssertionError("\n".join(problems))

    def ready(self):
        try:
            return requests.get(self.url + "/readyz", timeout=2).ok
        except requests.RequestException:
            return False

    def restart_service(self, name):
        """Takes PostgreSQL or RabbitMQ away and brings it back."""
        subprocess.run([SERVICES, "restart", name], check=True, timeout=300, stdout=subprocess.DEVNULL)

    @staticmethod
    def rabbitmqctl(*arguments):
        subprocess.run(
            [SERVICES, "rabbitmqctl", "--quiet", *arguments], check=True, timeout=180,
            stdout=subprocess.DEVNULL,
        )

    def log_tails(self):
        programs = [self.gateway, *self.workers]
        if self.static_host is not None:
            programs.append(self.static_host.program)
        return {program.name: program.log_tail() for program in programs}

    # -- the database and the broker, seen from outside

    @staticmethod
    def _administer(statement):
        connection = psycopg2.connect(os.environ["LIBRA_TEST_POSTGRES_URL"])
        connection.autocommit = True
        connection.cursor().execute(statement)
        connection.close()

    def database_url(self):
        return os.environ["LIBRA_TEST_POSTGRES_URL"].rsplit("/", 1)[0] + "/" + self.database

    def sql(self, statement, *parameters):
        """Rows, or nothing for a statement that has none."""
        connection = psycopg2.connect(self.database_url())
        try:
            with connection, connection.cursor() as cursor:
                cursor.execute(statement, parameters)
                return cursor.fetchall() if cursor.description else []
        finally:
            connection.close()

    def amqp(self):
        base = os.environ["LIBRA_TEST_RABBITMQ_URL"].rsplit("/", 1)[0]
        return pika.BlockingConnection(pika.URLParameters(f"{base}/{self.vhost}"))

    # -- who may do what

    def new_project(self, role="member", free_deployments=100):
        name = "t" + secrets.token_hex(4)
        project = Project(
            id=f"project-{name}", org=f"org-{name}", user=f"user-{name}", token=secrets.token_hex(32),
            label=name,
        )
        self.sql("insert into organizations (id, name) values (%s, %s)", project.org, "Test")
        self.sql("insert into members (org_id, user_id, role) values (%s, %s, %s)", project.org, project.user, role)
        self.sql(
            "insert into plan_allowances (org_id, plan, deploy_limit) values (%s, 'free', %s)",
            project.org, free_deployments,
        )
        self.sql(
            "insert into projects (id, org_id, name, site_label) values (%s, %s, 'Test', %s)",
            project.id, project.org, project.label,
        )
        self.sql(
            "insert into tokens (digest, user_id, scopes) values (%s, %s, '{deploy}')",
            hashlib.sha256(project.token.encode()).digest(), project.user,
        )
        return project

    def new_project_in(self, project):
        """Another project of the same organisation and member."""
        name = "t" + secrets.token_hex(4)
        self.sql(
            "insert into projects (id, org_id, name, site_label) values (%s, %s, 'Test', %s)",
            f"project-{name}", project.org, name,
        )
        return dataclasses.replace(project, id=f"project-{name}", label=name)

    def new_member_token(self, project, role, scopes="{deploy}"):
        """The token of another member of the project's organisation."""
        user, token = "user-" + secrets.token_hex(4), secrets.token_hex(32)
        self.sql("insert into members (org_id, user_id, role) values (%s, %s, %s)", project.org, user, role)
        self.sql(
            "insert into tokens (digest, user_id, scopes) values (%s, %s, %s)",
            hashlib.sha256(token.encode()).digest(), user, scopes,
        )
        return token

    def new_session(self, project):
        value = secrets.token_hex(32)
        self.sql(
            "insert into sessions (digest, user_id, expires_at) values (%s, %s, now() + interval '1 hour')",
            hashlib.sha256(value.encode()).digest(), project.user,
        )
        return value

    # -- the API

    def post_deploy(self, project, files=None, token=None, headers=None, **changes):
        """POST /deploy; a value of None in `changes` leaves the member out."""
        body = {"projectId": project.id, "orgId": project.org, "userId": project.user}
        if files is not None:
            body["initFiles"] = [{"path": path, "content": content} for path, content in files.items()]
        body.update(changes)
        body = {name: value for name, value in body.items() if value is not None}
        if headers is None:
            headers = {"Authorization": "Bearer " + (token or project.token)}
        return requests.post(self.url + "/deploy", json=body, headers=headers, timeout=30)

    def cancel(self, project, deployment, token=None):
        return requests.post(
            f"{self.url}/deployments/{deployment}/cancel", timeout=30,
            headers={"Authorization": "Bearer " + (token or project.token)},
        )

    def place(self, project, deployment):
        """What GET /deployments/{id}/queue says."""
        answer = requests.get(
            f"{self.url}/deployments/{deployment}/queue", timeout=10,
            headers={"Authorization": "Bearer " + project.token},
        )
        assert answer.status_code == 200, answer.text
        return answer.json()

    def deploy(self, project, files, **changes):
        """Posts a deployment that has to be accepted; returns its id."""
        answer = self.post_deploy(project, files, **changes)
        assert answer.status_code == 202, answer.text
        return answer.json()["deploymentId"]

    def status(self, deployment):
        answer = requests.get(self.url + "/deploy-status", params={"id": deployment}, timeout=10)
        assert answer.status_code == 200, answer.text
        self.last_statuses[deployment] = answer.json()
        return answer.json()

    def wait_for_end(self, deployment, seconds=180):
        """The final status. The gateway may be away in between: it may have lost its database."""

        def ended():
            try:
                status = self.status(deployment)
            except (requests.RequestException, AssertionError):
                return None
            return status if status["status"] in FINAL else None

        return wait_until(ended, seconds, f"deployment {deployment} ends")

    def wait_for_step(self, deployment, step, seconds=60):
        def reached():
            status = self.status(deployment)
            assert status["status"] not in FINAL, status
            return status["steps"][step]["status"] == "in_progress"

        wait_until(reached, seconds, f"deployment {deployment} is in step {step}")

    def deploy_and_wait(self, project, files, seconds=180):
        return self.wait_for_end(self.deploy(project, files), seconds)

    def page(self, host, path="/"):
        return self.static_host.request("GET", path, host)

    def worker_of(self, deployment):
        """The worker that holds the deployment's lease."""
        ((owner,),) = self.sql("select lease_owner from deployments where id = %s", deployment)
        for worker in self.workers:
            if owner is not None and worker.name in owner:
                return worker
        raise AssertionError(f"deployment {deployment} is held by {owner}, which is no worker of these tests")
