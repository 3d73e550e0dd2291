"""The deployments of a phase: one lane for each site, which posts what is planned for it."""

import itertools
import threading
import time

import requests

from history import FINAL, Request
from samples import plain_site, slow_build

RETRY_S = 0.5
NUDGE_S = 0.4
CANCEL_PATIENCE_S = 60
POSTING_PATIENCE_S = 300


class Load:
    """Posts a phase's deployments. A refused one is posted again, as a new request, until it is accepted
    or the phase gives up."""

    def __init__(self, stage, phase, on_accepted=None):
        self._stage = stage
        self._phase = phase
        self._begun = time.monotonic()
        self._on_accepted = on_accepted
        self._changed = threading.Condition()
        self._accepted = 0
        self._given_up = threading.Event()
        self._spares = list(phase.spares)
        self._next_nudge = 0
        self._helpers = []
        self.requests = []
        self.refused = []  # postings that were never accepted
        self._lanes = [
            threading.Thread(target=self._drive, args=(list(postings),), daemon=True)
            for _, postings in itertools.groupby(sorted(phase.postings, key=_site), key=_site)
        ]
        for lane in self._lanes:
            lane.start()

    def wait_for(self, count):
        """Until so many are accepted, or no more will be."""
        with self._changed:
            while self._accepted < count and self.posting():
                self._changed.wait(0.2)

    def wait_until_posted(self):
        """Until everything planned is accepted and what comes with it is done."""
        for lane in self._lanes:
            lane.join(timeout=POSTING_PATIENCE_S)
        for helper in list(self._helpers):
            helper.join(timeout=POSTING_PATIENCE_S)

    def posting(self):
        return any(lane.is_alive() for lane in self._lanes)

    def nudge(self):
        """Sees to it that there is something to strike: posts a spare now and then once everything else is
        posted. False when there is none left."""
        if self.posting() or time.monotonic() < self._next_nudge:
            return True
        if not self._spares:
            return False
        self._next_nudge = time.monotonic() + NUDGE_S
        free = (p for p in self._spares if not self._stage.states.busy(self._stage.project(p.site).id))
        posting = next(free, None)
        if posting is not None:
            self._spares.remove(posting)
            self._post(posting)
        return True

    def finish(self, seconds):
        """Waits for the lanes, and makes them give up when the time is over."""
        deadline = time.monotonic() + seconds
        for lane in self._lanes:
            lane.join(timeout=max(0, deadline - time.monotonic()))
        self._given_up.set()
        for thread in self._lanes + self._helpers:
            thread.join(timeout=CANCEL_PATIENCE_S + 60)

    def _drive(self, postings):
        for posting in postings:
            self._given_up.wait(max(0, self._begun + posting.due_ms / 1000 - time.monotonic()))
            while not self._post(posting):
                if self._given_up.wait(RETRY_S):
                    self.refused.append(posting)
                    break

    def _post(self, posting):
        project = self._stage.project(posting.site)
        while posting.on_conflict is None and self._stage.states.busy(project.id):
            if self._given_up.wait(0.1):
                return False
        request = self._stage.new_request(self._phase.fault, project, posting.on_conflict)
        self.requests.append(request)
        marker = request.request_id
        files = slow_build(posting.build_s, page=marker) if posting.build_s else plain_site(marker)
        try:
            answer = self._stage.platform.post_deploy(
                project, files, onConflict=posting.on_conflict,
                headers={"Authorization": "Bearer " + project.token, "X-Request-Id": marker},
            )
            request.status = answer.status_code
            if answer.status_code == 202:
                request.deployment = answer.json()["deploymentId"]
                self._stage.states.note(request)
        except (requests.RequestException, ValueError):
            request.status = None
        if request.deployment is None:
            return False
        self._accept(request, posting)
        return True

    def _accept(self, request, posting):
        with self._changed:
            self._accepted += 1
            self._changed.notify_all()
        helpers = []
        if self._on_accepted:
            helpers.append(threading.Thread(target=self._on_accepted, args=(self._stage, request), daemon=True))
        if posting.cancel:
            helpers.append(threading.Thread(target=self._cancel, args=(request, posting), daemon=True))
        for helper in helpers:
            helper.start()
        self._helpers += helpers

    def _cancel(self, request, posting):
        deadline = time.monotonic() + CANCEL_PATIENCE_S
        while not self._reached(request.deployment, posting.cancel.state) and time.monotonic() < deadline:
            time.sleep(0.02)
        time.sleep(posting.cancel.delay_ms / 1000)
        try:
            answer = requests.post(
                f"{self._stage.platform.url}/deployments/{request.deployment}/cancel", timeout=30,
                headers={"Authorization": "Bearer " + self._stage.project(posting.site).token},
            )
            said = _cancel_answer(answer)
        except (requests.RequestException, ValueError):
            said = None
        if said != "not_found":
            request.cancels.append(said)

    def _reached(self, deployment, state):
        if state == "queued":
            return True
        step = "deploy" if state == "switch" else state
        try:
            status = self._stage.platform.status(deployment)
        except (requests.RequestException, AssertionError, ValueError):
            return False
        return status["status"] in FINAL or status["steps"][step]["status"] != "pending"


def _site(posting):
    return posting.site


def _cancel_answer(answer):
    """`cancelled`, `cancelling` or an error code; None where it cannot be known what came of it."""
    if answer.status_code == 404:
        return "not_found"
    if answer.status_code == 409:
        return answer.json()["error"]
    return {200: "cancelled", 202: "cancelling"}.get(answer.status_code)
