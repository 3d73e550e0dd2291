"""What the pictures show: customers who deploy, more of them for a while, and a worker and a broker that go down."""

import random
import threading
import time
import uuid

import requests

from platform_under_test import FINAL
from samples import folder, plain_site, scripted_build, slow_build
from webhook_receiver import Receiver

# Kind of deployment: how often, and its files by a number that grows.
KINDS = {
    "plain": (5, lambda number: plain_site(f"page {number}")),
    "built": (4, lambda number: slow_build(1, page=f"build {number % 2}")),
    "long": (1, lambda number: slow_build(5, page=f"long build {number}")),
    "application": (2, lambda number: folder("react-vite") | {"public/number.txt": str(number)}),
    "broken": (2, lambda number: scripted_build("console.error('Oh no'); process.exit(3);")),
    "hungry": (1, lambda number: scripted_build("for (const all = [];;) all.push(Buffer.alloc(1 << 22, 1));")),
    "cancelled": (1, lambda number: slow_build(60)),
}


class Customer(threading.Thread):
    """Deploys and watches, one deployment after the other, until it is told to leave."""

    def __init__(self, platform, number, receiver):
        super().__init__(daemon=True)
        self.platform = platform
        self.random = random.Random(number)
        self.project = platform.new_project()
        self.leave = threading.Event()
        requests.post(
            f"{platform.url}/organizations/{self.project.org}/webhooks", json={"url": receiver.url}, timeout=30,
            headers={"Authorization": "Bearer " + platform.new_member_token(self.project, "admin")},
        ).raise_for_status()

    def run(self):
        number = 0
        while not self.leave.wait(self.random.expovariate(1.0)):
            kind = self.random.choices(list(KINDS), [weight for weight, _ in KINDS.values()])[0]
            number += 1
            try:
                self.ask_for_nothing()
                self.deploy(kind, KINDS[kind][1](number))
            except requests.RequestException:
                pass  # A gateway that is away is part of the picture.

    def ask_for_nothing(self):
        requests.get(
            f"{self.platform.url}/deployments/{uuid.uuid4()}", timeout=30,
            headers={"Authorization": "Bearer " + self.project.token},
        )

    def deploy(self, kind, files):
        answer = self.platform.post_deploy(self.project, files)
        if answer.status_code != 202:
            return
        deployment = answer.json()["deploymentId"]
        if kind == "cancelled":
            self.leave.wait(4)
            self.platform.cancel(self.project, deployment)
        if self.random.random() < 0.5:
            self.follow(deployment)
        while not self.leave.is_set() and self.platform.status(deployment)["status"] not in FINAL:
            time.sleep(0.5)

    def follow(self, deployment):
        stream = requests.get(
            f"{self.platform.url}/deployments/{deployment}/events", stream=True, timeout=120,
            headers={"Authorization": "Bearer " + self.project.token},
        )
        with stream:
            for _ in stream.iter_lines():
                if self.leave.is_set():
                    return


class Day:
    """Passes in as many seconds as it is given."""

    def __init__(self, platform, say):
        self.platform = platform
        self.say = say
        self.receivers = [Receiver(), Receiver(answers=[(500, {})] * 10_000)]
        self.customers = []

    def _come(self, number):
        for _ in range(number):
            # Every sixth has a receiver that is out of order.
            receiver = self.receivers[len(self.customers) % 6 == 5]
            self.customers.append(Customer(self.platform, len(self.customers), receiver))
            self.customers[-1].start()

    def _leave(self, number):
        for customer in self.customers[-number:]:
            customer.leave.set()

    def pass_in(self, seconds):
        part = seconds / 10
        worker = self.platform.workers[-1]
        for what, do, parts in (
            ("four customers", lambda: self._come(4), 2),
            ("twelve more", lambda: self._come(12), 1.5),
            ("they leave", lambda: self._leave(12), 1.5),
            ("a worker is killed", worker.kill, 0.3),
            ("and started again", worker.start, 2.2),
            ("RabbitMQ is restarted", lambda: self.platform.restart_service("rabbitmq"), 2.5),
        ):
            self.say(what)
            do()
            time.sleep(parts * part)

    def end(self):
        for customer in self.customers:
            customer.leave.set()
        for customer in self.customers:
            customer.join(timeout=180)
        for receiver in self.receivers:
            receiver.stop()
