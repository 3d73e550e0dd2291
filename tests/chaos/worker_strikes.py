"""Faults of workers. Each strike returns when it was and when it had healed."""

import pathlib
import signal
import time

from history import Strike

BUSY_PATIENCE_S = 20
POINT_PATIENCE_S = 60


def kill_at(stage, point, worker):
    """The worker dies when it comes to the failpoint."""
    program = stage.platform.workers[worker]
    stage.supervisor.doom(program, point)
    if not _nudge_until(stage, lambda: stage.supervisor.died(program), POINT_PATIENCE_S):
        stage.supervisor.pardon(program)
        return None
    return _instant()


def kill_at_random(stage, worker, delay_ms):
    program = stage.platform.workers[worker]
    stage.supervisor.alive(program)
    _wait_until_busy(stage, program)
    time.sleep(delay_ms / 1000)
    stage.supervisor.kill(program)
    return _instant()


def stop(stage, worker, point, seconds):
    """The worker stands still for longer than its lease, and then goes on as if nothing had been. It
    stops at the failpoint, or at any moment while it works."""
    program = stage.platform.workers[worker]
    if point is None:
        _wait_until_busy(stage, program)
        program.process.send_signal(signal.SIGSTOP)
    else:
        stage.supervisor.restart(program, LIBRA_FAILPOINT=f"{point}=stop")
        if not _nudge_until(stage, lambda: _stopped(program), POINT_PATIENCE_S):
            stage.supervisor.pardon(program)
            return None
    struck = time.time()
    try:
        time.sleep(seconds)
    finally:
        program.process.send_signal(signal.SIGCONT)
    return Strike(struck, time.time())


def restart_all(stage):
    """SIGTERM, one worker after the other, while the others work."""
    struck = time.time()
    for program in stage.platform.workers:
        stage.supervisor.restart(program)
        stage.wait_for_consumers()
    return Strike(struck, time.time())


def _wait_until_busy(stage, program):
    def busy():
        stage.states.look()
        return any(program.name in owner for owner in stage.states.holders())

    _nudge_until(stage, busy, BUSY_PATIENCE_S)


def _nudge_until(stage, condition, seconds):
    """Posts deployments until the condition is true. False when it does not become so."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline or not stage.load.nudge():
            return False
        time.sleep(0.02)
    return True


def _stopped(program):
    # The state follows the name in parentheses, which may contain anything.
    return pathlib.Path(f"/proc/{program.process.pid}/stat").read_text().rpartition(")")[2].split()[0] == "T"


def _instant():
    now = time.time()
    return Strike(now, now)
