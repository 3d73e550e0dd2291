"""What happened in a run, as plain records: the driver writes them, the checker reads them."""

import dataclasses
import math

FINAL = ("completed", "failed", "cancelled")
LEASE_S = 30
# Two leases after the fault is over everything has ended: one until it is noticed that nobody works on
# a deployment, and as much to do it again.
BOUND_S = 2 * LEASE_S

NO_SITE = "no site"
BROKEN = "broken"  # a page that no deployment of the project ever had


@dataclasses.dataclass
class Request:
    """One POST /deploy."""

    fault: str
    project: str
    request_id: str
    on_conflict: str | None = None
    status: int | None = None  # None: there was no answer
    deployment: str | None = None
    # What POST /deployments/{id}/cancel said; None where there was no answer.
    cancels: list = dataclasses.field(default_factory=list)
    copies: int = 0  # of its message that were published besides


@dataclasses.dataclass
class Deployment:
    """A row, joined with what belongs to it. Times are seconds since the epoch."""

    id: str
    request_id: str
    project: str
    generation: int
    status: str
    created_at: float
    finished_at: float | None = None
    failure_class: str | None = None
    error_code: str | None = None
    outcomes: list = dataclasses.field(default_factory=list)  # of its attempts, in order
    steps: dict = dataclasses.field(default_factory=dict)  # name: status
    releases: int = 0
    first_end: str | None = None  # the first final status that was seen during the run


@dataclasses.dataclass
class Strike:
    """One injection: from when to when the fault was there. Both are one for a fault of an instant."""

    struck_at: float
    healed_at: float


@dataclasses.dataclass
class Phase:
    fault: str
    strikes: list = dataclasses.field(default_factory=list)
    injected: int = 0
    single_attempt: bool = False  # no attempt may be used up by this fault
    # What the driver saw go wrong beside the deployments: (column, what).
    troubles: list = dataclasses.field(default_factory=list)

    @property
    def healed_at(self):
        return max((strike.healed_at for strike in self.strikes), default=-math.inf)


@dataclasses.dataclass
class ProjectState:
    """A project at the end of a phase."""

    fault: str
    project: str
    at: float
    page: str  # the request id on its page, NO_SITE or BROKEN
    live_deployment: str | None
    live_generation: int
    used: int
    taken: int
    busy: bool = False  # one of its deployments has not ended


@dataclasses.dataclass
class Sample:
    at: float
    fault: str
    project: str
    page: str


@dataclasses.dataclass
class History:
    phases: list = dataclasses.field(default_factory=list)
    requests: list = dataclasses.field(default_factory=list)
    deployments: list = dataclasses.field(default_factory=list)
    projects: list = dataclasses.field(default_factory=list)
    samples: list = dataclasses.field(default_factory=list)  # in order of time
    # Deployment ids, None where a thing belongs to none.
    outbox: list = dataclasses.field(default_factory=list)
    queued: list = dataclasses.field(default_factory=list)  # messages in the work queue
    dead_rows: list = dataclasses.field(default_factory=list)
    dead_messages: list = dataclasses.field(default_factory=list)
