"""What a run is going to do, decided up front: the same seed gives the same plan."""

import dataclasses
import random

# Names, not projects: the run makes a project for each, and another one where the first got stuck.
SITES = tuple(f"site-{number}" for number in range(1, 9))
# Projects with a build script. They are apart because a project keeps its files.
BUILDERS = ("build-1", "build-2")

SPARES = 40  # posted only where an injection still waits for a deployment to strike
PACE_MS = 500  # on average, between two deployments of a phase
# When a deployment is cancelled: as soon as it is accepted, in a step, around the switch to it.
CANCEL_STATES = ("queued", "validate", "sync", "sandbox", "build", "deploy", "switch", "cleanup")


@dataclasses.dataclass(frozen=True)
class Cancel:
    state: str
    delay_ms: int

    def __str__(self):
        return f"cancelled {self.delay_ms} ms into {self.state}"


@dataclasses.dataclass(frozen=True)
class Posting:
    site: str
    due_ms: int = 0  # since the phase began; it may have to wait for the one before
    build_s: int = 0  # how long its build takes; 0 is a plain site, which needs none
    on_conflict: str | None = None
    cancel: Cancel | None = None

    def __str__(self):
        parts = [self.site]
        if self.build_s:
            parts.append(f"builds {self.build_s} s")
        if self.on_conflict:
            parts.append(self.on_conflict)
        if self.cancel:
            parts.append(str(self.cancel))
        return ", ".join(parts)


@dataclasses.dataclass(frozen=True)
class Injection:
    at: int  # as soon as so many deployments of the phase are accepted
    parameters: tuple = ()  # (name, value) pairs

    def __str__(self):
        return " ".join([f"at {self.at}:", *(f"{name}={value}" for name, value in self.parameters)])


@dataclasses.dataclass(frozen=True)
class Phase:
    fault: str
    postings: tuple
    spares: tuple
    injections: tuple


def make_plan(seed, deployments, faults):
    """One phase for each fault. A phase depends on the seed, its fault and its share only, so one fault
    can be looked into alone."""
    share, rest = divmod(deployments, len(faults))
    return tuple(
        _phase(random.Random(f"{seed}/{fault.kind}"), fault, share + (number < rest))
        for number, fault in enumerate(faults)
    )


def _phase(rng, fault, count):
    count = max(count, fault.fewest)
    builds = min(fault.builds, count // 2)
    # Early, or the phase would wait for them at its end.
    built = set(rng.sample(range(max(builds, count // 2)), builds))
    moments = sorted(rng.randrange(count * PACE_MS) for _ in range(count))
    postings = tuple(
        _posting(rng, rng.choice(BUILDERS) if number in built else rng.choice(SITES), due_ms, fault.cancels)
        for number, due_ms in enumerate(moments)
    )
    spares = tuple(
        _posting(rng, rng.choice(SITES), 0, 0) for _ in range(SPARES if fault.strikes_deployments else 0)
    )
    times = 1 if fault.every is None else max(1, min(fault.most, count // fault.every))
    latest = max(1, int(count * fault.latest))
    places = sorted(rng.randint(1, latest) for _ in range(times))
    injections = tuple(Injection(at, tuple(fault.choose(rng).items())) for at in places)
    return Phase(fault.kind, postings, spares, injections)


def _posting(rng, site, due_ms, cancels):
    build_s = rng.randint(3, 7) if site in BUILDERS else 0
    cancel = None
    if rng.random() < cancels:
        cancel = Cancel(rng.choice(CANCEL_STATES), rng.choice((0, 0, rng.randint(1, 60), rng.randint(60, 1500))))
    return Posting(
        site, due_ms, build_s,
        on_conflict=rng.choices((None, "supersede", "queue"), (70, 15, 15))[0],
        cancel=cancel,
    )


def describe(plan):
    for phase in plan:
        yield f"{phase.fault}: {len(phase.postings)} deployments"
        yield from (f"  inject {injection}" for injection in phase.injections)
        yield from (
            f"  deploy {number}: after {posting.due_ms} ms {posting}"
            for number, posting in enumerate(phase.postings, 1)
        )
        if phase.spares:
            yield "  in reserve: " + "; ".join(map(str, phase.spares))
