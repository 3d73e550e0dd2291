"""Judges the history of a run. Pure: what it is given decides what it finds."""

import collections
import dataclasses

from history import BOUND_S, BROKEN, FINAL, NO_SITE

COLUMNS = ("lost", "doubled", "wrong", "stuck", "older-over-newer")
STEPS = ("validate", "sync", "sandbox", "build", "deploy", "cleanup")
MOST_ATTEMPTS = 3
AFTERWARDS = "afterwards"  # where what belongs to no phase is counted


@dataclasses.dataclass(frozen=True)
class Finding:
    column: str
    fault: str
    what: str
    deployment: str | None = None
    project: str | None = None


def check(history):
    """@return every finding, once."""
    book = _Book(history)
    found = []
    for phase in history.phases:
        found += [Finding(column, phase.fault, what) for column, what in phase.troubles]
    for request in history.requests:
        found += book.check_request(request)
    for deployment in history.deployments:
        found += book.check_deployment(deployment)
    for project in history.projects:
        found += book.check_project(project)
    found += book.check_samples() + book.check_leftovers()
    # A project that is wrong stays so in later phases; the first one is what matters.
    return list({(f.column, f.what, f.deployment, f.project): f for f in reversed(found)}.values())[::-1]


def worst_recovery(history, phase):
    """Seconds from the end of a strike until the last deployment that was under way ended: the worst of
    the phase. None where none was under way, infinity where one never ended."""
    faults = {request.request_id: request.fault for request in history.requests}
    mine = [d for d in history.deployments if faults.get(d.request_id) == phase.fault]
    worst = None
    for strike in phase.strikes:
        for deployment in mine:
            ended = float("inf") if deployment.finished_at is None else deployment.finished_at
            if deployment.created_at <= strike.healed_at and ended > strike.struck_at:
                worst = max(worst or 0, ended - strike.healed_at)
    return worst


class _Book:
    def __init__(self, history):
        self._history = history
        self._phases = {phase.fault: phase for phase in history.phases}
        self._by_id = {d.id: d for d in history.deployments}
        self._by_request = {d.request_id: d for d in history.deployments}
        self._requests = {r.request_id: r for r in history.requests}
        self._of_project = collections.defaultdict(list)
        for deployment in history.deployments:
            self._of_project[deployment.project].append(deployment)

    def _fault_of(self, deployment):
        request = deployment and self._requests.get(deployment.request_id)
        return request.fault if request else AFTERWARDS

    def check_request(self, request):
        if request.status == 202 and request.deployment not in self._by_id:
            yield Finding("lost", request.fault, "accepted, and there is no row", request.deployment, request.project)

    def check_deployment(self, d):
        def finding(column, what):
            return Finding(column, self._fault_of(d), what, d.id, d.project)

        if self._stuck(d):
            yield finding("stuck", "did not end in time")
        if d.outcomes.count("completed") > 1:
            yield finding("doubled", "completed more than once")
        if d.releases > 1:
            yield finding("doubled", "has more than one release")
        spent = [outcome for outcome in d.outcomes if outcome != "handed_back"]
        if len(spent) > MOST_ATTEMPTS:
            yield finding("doubled", f"{len(spent)} attempts: {d.outcomes}")
        phase = self._phases.get(self._fault_of(d))
        if phase and phase.single_attempt and len(spent) > 1:
            yield finding("wrong", f"an attempt was used up: {d.outcomes}")
        if d.first_end is not None and d.first_end != d.status:
            yield finding("wrong", f"was {d.first_end}, is {d.status}")
        yield from (finding("wrong", what) for what in self._wrong_end(d))

    def _stuck(self, d):
        phase = self._phases.get(self._fault_of(d))
        since = max(d.created_at, phase.healed_at if phase else d.created_at)
        return d.status not in FINAL or d.finished_at > since + BOUND_S

    def _wrong_end(self, d):
        request = self._requests.get(d.request_id)
        cancels = request.cancels if request else []
        if d.status == "failed":
            failures = [o for o in d.outcomes if o in ("retry", "failed", "lease_lost")]
            if d.failure_class != "exhausted" or len(failures) < MOST_ATTEMPTS:
                yield f"failed ({d.failure_class}, {d.error_code}) after {d.outcomes}"
        if d.status == "cancelled" and not cancels and not self._superseded(d):
            yield f"cancelled ({d.error_code}), and nobody asked for that"
        if d.status == "completed":
            if {"cancelled", "cancelling"}.intersection(cancels):
                yield "completed, though its cancelling was promised"
            unfinished = [step for step in STEPS if d.steps.get(step) != "completed"]
            if unfinished:
                yield f"completed without {', '.join(unfinished)}"
            if d.releases < 1:
                yield "completed without a release"
        elif "deployment_live" in cancels and d.status in FINAL:
            yield f"could not be cancelled because it was live, and is {d.status}"

    def _superseded(self, d):
        return any(
            other.generation > d.generation
            and other.request_id in self._requests
            and self._requests[other.request_id].on_conflict is not None
            for other in self._of_project[d.project]
        )

    def check_project(self, state):
        def finding(column, what):
            return Finding(column, state.fault, what, project=state.project)

        if state.used != state.taken:
            yield finding("doubled", f"{state.used} deployments paid for, {state.taken} taken")
        if state.busy:
            return
        newest = max(
            (d for d in self._of_project[state.project]
             if d.status == "completed" and d.finished_at <= state.at),
            key=lambda d: d.generation, default=None,
        )
        if newest is None:
            if state.live_deployment is not None or state.page != NO_SITE:
                yield finding("wrong", f"is live ({state.page}), and nothing completed")
            return
        if (state.live_deployment, state.live_generation) != (newest.id, newest.generation):
            yield finding(
                "wrong", f"{state.live_deployment} is recorded as live, the newest is {newest.id}"
            )
        shown = self._by_request.get(state.page)
        if shown is not newest:
            older = shown is not None and shown.generation < newest.generation
            yield finding(
                "older-over-newer" if older else "wrong",
                f"shows {state.page}, the newest is {newest.request_id}",
            )

    def check_samples(self):
        """A page shows deployments in the order they were accepted in, and only such as end well."""
        found = []
        last = {}
        for sample in self._history.samples:
            before, last[sample.project] = last.get(sample.project), sample

            def finding(column, what, sample=sample):
                return Finding(column, sample.fault, what, project=sample.project)

            shown = self._by_request.get(sample.page)
            was = before and self._by_request.get(before.page)
            if sample.page == BROKEN or (shown is None and sample.page != NO_SITE):
                found.append(finding("wrong", f"shows a page of no deployment ({sample.page})"))
            elif sample.page == NO_SITE and before and before.page != NO_SITE:
                found.append(finding("wrong", f"its site is gone, after {before.page}"))
            elif shown and shown.status in ("failed", "cancelled"):
                found.append(finding("wrong", f"showed {sample.page}, which is {shown.status}"))
            if shown and was and shown.generation < was.generation:
                found.append(finding("older-over-newer", f"showed {sample.page} after {before.page}"))
        return found

    def check_leftovers(self):
        found = []

        def add(column, what, deployment):
            fault = self._fault_of(self._by_id.get(deployment))
            found.append(Finding(column, fault, what, deployment))

        for deployment in self._history.outbox:
            add("stuck", "its message is still in the outbox", deployment)
        for deployment in self._history.queued:
            add("stuck", "its message is still in the queue", deployment)
        for kind, ids in (("row", self._history.dead_rows), ("message", self._history.dead_messages)):
            for deployment, count in collections.Counter(ids).items():
                d = self._by_id.get(deployment)
                if d is None or d.failure_class != "exhausted":
                    add("wrong", f"an unexpected dead letter ({kind})", deployment)
                elif kind == "row" and count > 1:
                    add("doubled", f"{count} dead letters", deployment)
        return found
