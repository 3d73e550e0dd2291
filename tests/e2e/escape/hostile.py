"""What the attempts to escape have in common."""

import os

import pytest

GVISOR = os.environ.get("SANDBOX_RUNTIME") == "runsc"
crun_only = pytest.mark.skipif(GVISOR, reason="gVisor's own kernel answers, whose whole world is the sandbox")
LIMITS = {"SANDBOX_MEMORY_MB": "384", "SANDBOX_DISK_MB": "256", "SANDBOX_PROCESSES": "96"}


def how_it_failed(platform, deployment):
    return platform.sql("select failure_class, error_code from deployments where id = %s", deployment)[0]


def workers_of(platform):
    """The worker processes themselves, not the shells that became them."""
    return [worker.process.pid for worker in platform.workers]
