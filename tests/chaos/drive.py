"""Goes through a plan phase by phase, and brings back what happened."""

import time

import history
from load import Load
from platform_under_test import wait_until

REFUSED_S = 120  # after the fault is over, until everything planned has to be accepted
HEALTH_S = 60  # until the services have to be well again


def drive(stage, plan, faults):
    """@return the phases, requests and project states of a run."""
    record = history.History()
    for number, phase in enumerate(plan, 1):
        started = time.monotonic()
        _drive_phase(stage, phase, faults[phase.fault], record)
        done = record.phases[-1]
        stage.say(
            f"[{number}/{len(plan)}] {phase.fault}: {done.injected} injected, {len(phase.postings)} deployments, "
            f"{time.monotonic() - started:.0f} s" + "".join(f"\n    {what}" for _, what in done.troubles)
        )
    return record


def _drive_phase(stage, phase, fault, record):
    stage.phase = history.Phase(phase.fault, single_attempt=fault.single_attempt)
    record.phases.append(stage.phase)
    stage.prepare(phase)
    crashes = len(stage.supervisor.crashes)
    stage.load = Load(stage, phase, fault.on_accepted)
    for injection in phase.injections:
        stage.load.wait_for(injection.at)
        strike = fault.strike(stage, **dict(injection.parameters))
        if strike:
            stage.phase.strikes.append(strike)
            stage.phase.injected += fault.every is not None
    _see_it_end(stage, record)
    stage.phase.troubles += [("wrong", what) for _, what in stage.supervisor.crashes[crashes:]]


def _see_it_end(stage, record):
    trouble = stage.phase.troubles.append
    stage.load.finish(REFUSED_S)
    record.requests += stage.load.requests
    if stage.load.refused:
        trouble(("stuck", f"{len(stage.load.refused)} deployments were refused to the end"))
    deadline = time.time() + history.BOUND_S
    mine = {request.request_id for request in stage.load.requests}
    while stage.states.unfinished(mine) and time.time() < deadline:
        time.sleep(0.1)
    try:
        wait_until(stage.healthy, HEALTH_S, "the gateway is ready and all workers consume")
    except AssertionError as problem:
        trouble(("stuck", str(problem)))
    wait_until(stage.states.look, HEALTH_S, "the database answers")
    record.projects += stage.project_states()
    stage.retire_stuck_projects()
