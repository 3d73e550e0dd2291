"""Faults of the lines between services. Each strike returns when it was and when it had healed."""

import time

from history import Strike


def drop(stage, service, side, direction, seconds, then):
    """Packets vanish. Afterwards the line passes again, or what is between forgot its connections."""
    lines = stage.lines(service, side)
    struck = time.time()
    for line in lines:
        line.set("drop", ("to_server", "to_client") if direction == "both" else (direction,))
    time.sleep(seconds)
    for line in lines:
        if then == "reset":
            line.set("reset")
        line.set("pass")
    return Strike(struck, time.time())


def reset(stage, service, side, times, pause_ms):
    struck = time.time()
    for number in range(times):
        if number:
            time.sleep(pause_ms / 1000)
        for line in stage.lines(service, side):
            line.reset()
    return Strike(struck, time.time())


def lose_answers(stage, side, ms):
    """What the broker says is lost, its confirms above all; then the connections break."""
    lines = stage.lines("rabbitmq", side)
    struck = time.time()
    for line in lines:
        line.set("mute")
    time.sleep(ms / 1000)
    for line in lines:
        line.reset()
    return Strike(struck, time.time())
