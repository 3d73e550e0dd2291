"""Faults of the services and of the machine. Each strike returns when it was and when it had healed."""

import signal
import subprocess
import time

from history import Strike
from platform_under_test import SERVICES

QUEUE = "deployment-queue"
# As in deploy/rabbitmq/rabbitmq.conf.
USUAL_WATERMARK = "0.2"
POLICY = "chaos-full"


def kill(stage, service):
    """kill -9; its supervisor brings it back."""
    struck = time.time()
    subprocess.run([SERVICES, "kill", service], check=True, timeout=240, stdout=subprocess.DEVNULL)
    return Strike(struck, time.time())


def kill_gateway(stage, delay_ms):
    gateway = stage.platform.gateway
    stage.supervisor.alive(gateway)
    time.sleep(delay_ms / 1000)
    struck = stage.supervisor.kill(gateway)
    return Strike(struck, struck)


def fill_queue(stage, length, seconds):
    """The broker refuses what goes beyond `length` messages, and nobody takes any: the workers stand
    still, for less than their leases."""
    vhost = ("-p", stage.platform.vhost)
    stage.platform.rabbitmqctl(
        "set_policy", *vhost, "--apply-to", "queues", POLICY, f"^{QUEUE}$",
        f'{{"max-length": {length}, "overflow": "reject-publish"}}',
    )
    struck = time.time()
    try:
        for worker in stage.platform.workers:
            worker.process.send_signal(signal.SIGSTOP)
        time.sleep(seconds)
    finally:
        for worker in stage.platform.workers:
            worker.process.send_signal(signal.SIGCONT)
    stage.platform.rabbitmqctl("clear_policy", *vhost, POLICY)
    return Strike(struck, time.time())


def delete_queue(stage):
    """With all messages that are in it."""
    with stage.platform.amqp() as connection:
        struck = time.time()
        connection.channel().queue_delete(QUEUE)
    return Strike(struck, struck)


def raise_memory_alarm(stage, seconds):
    """The broker reads nothing from publishers."""
    struck = time.time()
    try:
        stage.platform.rabbitmqctl("set_vm_memory_high_watermark", "0")
        time.sleep(seconds)
    finally:
        stage.platform.rabbitmqctl("set_vm_memory_high_watermark", USUAL_WATERMARK)
    return Strike(struck, time.time())


def fill_disk(stage, seconds):
    """No byte more fits where the object store, the work trees and the sites are."""
    struck = time.time()
    with stage.disk.filled():
        time.sleep(seconds)
    return Strike(struck, time.time())
