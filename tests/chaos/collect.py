"""Reads the history of a run from the database and the broker, once the run is over."""

import json
import time

import pika.exceptions

from history import LEASE_S, Deployment

QUEUE, DEAD_LETTERS = "deployment-queue", "deployment-dlq"
# Messages that wait for the end of a lease have left the outbox by then.
DRAIN_S = LEASE_S + 15


def collect(stage, record):
    """Completes the record with everything that is not seen during a run."""
    record.samples = stage.pages.samples
    _wait_for_drained_messages(stage)
    record.outbox = [id for (id,) in stage.platform.sql("select deployment_id from outbox")]
    record.queued = _messages(stage, QUEUE)
    record.dead_rows = [id for (id,) in stage.platform.sql("select deployment_id from dead_letters")]
    record.dead_messages = _messages(stage, DEAD_LETTERS)
    record.deployments = _deployments(stage)


def _wait_for_drained_messages(stage):
    deadline = time.monotonic() + DRAIN_S
    while time.monotonic() < deadline:
        if not stage.platform.sql("select 1 from outbox limit 1") and not _messages(stage, QUEUE):
            return
        time.sleep(0.5)


def _messages(stage, queue):
    """The deployment of each message that waits, None for a message that names none. They stay."""
    found = []
    with stage.platform.amqp() as connection:
        channel = connection.channel()
        try:
            while (got := channel.basic_get(queue))[0] is not None:
                found.append(_deployment_of(got[2]))
        except pika.exceptions.ChannelClosedByBroker:
            return found  # there is no such queue
    return found


def _deployment_of(body):
    try:
        return json.loads(body)["deploymentId"]
    except (ValueError, KeyError, TypeError):
        return None


def _deployments(stage):
    rows = stage.platform.sql(
        "select id, request_id, project_id, generation, status, extract(epoch from created_at)::float8, "
        "extract(epoch from finished_at)::float8, failure_class, error_code from deployments order by created_at"
    )
    deployments = {row[0]: Deployment(*row) for row in rows}
    for id, outcome in stage.platform.sql("select deployment_id, outcome from attempts order by fence"):
        deployments[id].outcomes.append(outcome)
    for id, step, status in stage.platform.sql("select deployment_id, step, status from deployment_steps"):
        deployments[id].steps[step] = status
    for id, count in stage.platform.sql("select deployment_id, count(*) from releases group by 1"):
        deployments[id].releases = count
    for id, status in stage.states.first_ends.items():
        if id in deployments:
            deployments[id].first_end = status
    return list(deployments.values())
