"""The kinds of faults, in the order in which a run goes through them."""

import dataclasses
import itertools
import typing

import client_strikes
import network_strikes
import service_strikes
import worker_strikes
from platform_under_test import STEPS

WORKERS = 3
SIDES = ("gateway", "workers", "all")  # whose line to a service is cut
# Where a worker stops: anywhere, or where an older release could replace a newer one.
STOPS = (None, None, "deploy.begun", "deploy.uploaded", "deploy.flipped", "deploy.switched")
DIRECTIONS = ("both", "both", "to_server", "to_client")


@dataclasses.dataclass(frozen=True)
class Fault:
    kind: str
    strike: typing.Callable  # (stage, **parameters) -> Strike, or None where there was nothing to strike
    choose: typing.Callable = lambda rng: {}  # the parameters of one injection
    every: int | None = 8  # deployments for one injection; None where one lasts for the whole phase
    most: int = 4
    latest: float = 0.7  # of the deployments that are accepted when the last one comes
    fewest: int = 3  # deployments of a phase
    builds: int = 0
    strikes_deployments: bool = False  # needs one under way, if need be one more than planned
    cancels: float = 0.04  # share of the deployments that are cancelled
    single_attempt: bool = False  # no attempt may be used up by it
    on_accepted: typing.Callable | None = None  # (stage, request), for each deployment


def _worker(rng):
    return {"worker": rng.randrange(WORKERS)}


def _kill_points():
    for step, end in itertools.product(STEPS, ("begin", "end")):
        yield f"{step}-{end}", f"{step}.{'begun' if end == 'begin' else 'done'}"
    for moment in ("uploaded", "flipped", "switched"):
        yield f"deploy-{moment}", f"deploy.{moment}"
    yield "commit-ack", "settled"


def _kill(name, point):
    return Fault(
        f"worker-kill@{name}", worker_strikes.kill_at, lambda rng: {"point": point, **_worker(rng)},
        every=6, most=3, fewest=4, builds=1, strikes_deployments=True,
    )


def _cut(rng):
    return {
        "side": rng.choice(SIDES), "direction": rng.choice(DIRECTIONS), "seconds": rng.randint(3, 12),
        "then": rng.choice(("pass", "reset")),
    }


def _resets(rng):
    return {"side": rng.choice(SIDES), "times": rng.randint(1, 5), "pause_ms": rng.randint(0, 800)}


FAULTS = (
    *(_kill(name, point) for name, point in _kill_points()),
    Fault("worker-kill-random", worker_strikes.kill_at_random,
          lambda rng: {**_worker(rng), "delay_ms": rng.randint(0, 900)}, every=5, most=6, builds=2,
          strikes_deployments=True),
    Fault("worker-stop", worker_strikes.stop,
          lambda rng: {**_worker(rng), "point": rng.choice(STOPS), "seconds": rng.randint(32, 38)}, every=10,
          most=3, builds=2, strikes_deployments=True),
    Fault("db-drop", network_strikes.drop, lambda rng: {"service": "postgres", **_cut(rng)}, latest=0.5),
    Fault("db-reset", network_strikes.reset, lambda rng: {"service": "postgres", **_resets(rng)}),
    Fault("broker-drop", network_strikes.drop, lambda rng: {"service": "rabbitmq", **_cut(rng)}, latest=0.5),
    Fault("broker-reset", network_strikes.reset, lambda rng: {"service": "rabbitmq", **_resets(rng)}),
    Fault("lost-confirm", network_strikes.lose_answers,
          lambda rng: {"side": rng.choice(("gateway", "gateway", "all")), "ms": rng.randint(100, 2000)}, every=5,
          most=6),
    Fault("broker-kill", service_strikes.kill, lambda rng: {"service": "rabbitmq"}, every=12, most=2, latest=0.5),
    Fault("db-kill", service_strikes.kill, lambda rng: {"service": "postgres"}, every=10, most=3, latest=0.5),
    Fault("queue-full", service_strikes.fill_queue,
          lambda rng: {"length": rng.randint(0, 2), "seconds": rng.randint(4, 8)}, latest=0.3),
    Fault("queue-deleted", service_strikes.delete_queue, every=6),
    Fault("memory-alarm", service_strikes.raise_memory_alarm, lambda rng: {"seconds": rng.randint(2, 10)},
          latest=0.5),
    Fault("disk-full", service_strikes.fill_disk, lambda rng: {"seconds": rng.randint(2, 8)}, latest=0.5),
    Fault("cancel", client_strikes.cancels, every=None, builds=6, cancels=0.6),
    Fault("ten-deliveries", client_strikes.repeated_messages, every=None, single_attempt=True,
          on_accepted=client_strikes.publish_copies),
    Fault("rolling-restart", worker_strikes.restart_all, every=12, most=3, builds=4, single_attempt=True),
    Fault("gateway-kill", service_strikes.kill_gateway, lambda rng: {"delay_ms": rng.randint(0, 500)}, every=5,
          most=6),
    Fault("hostile-clients", client_strikes.attack, lambda rng: {"seconds": rng.randint(3, 8)}, every=10, most=3,
          single_attempt=True),
)
