"""Ctrl-C and SIGTERM: the run ends in good order, once."""

import signal

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGALRM)
AGAIN_S = 5


def raise_when_interrupted():
    """The main thread then meets a KeyboardInterrupt."""
    for number in SIGNALS:
        signal.signal(number, _interrupted)


def ignore_interruptions():
    """For the way out."""
    for number in SIGNALS:
        signal.signal(number, signal.SIG_IGN)


def _interrupted(*_):
    # An exception that is raised inside a finalizer gets lost.
    signal.alarm(AGAIN_S)
    raise KeyboardInterrupt
