"""What is looked at all the time: the deployments' states and the pages of the sites."""

import contextlib
import http.client
import re
import threading
import time

import psycopg2

from history import BROKEN, FINAL, NO_SITE, Sample
from samples import plain_site

PAUSE_S = 0.2
MARKER = re.compile(r"<title>([a-z0-9-]+)</title>")


class StateWatch:
    """Knows the last seen state of every deployment, straight from the database."""

    def __init__(self, url):
        self._url = url
        self._connection = None
        self._lock = threading.Lock()
        self._states = {}  # id: (request id, project, status, lease owner)
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, name="state watch", daemon=True)
        self._thread.start()
        self.first_ends = {}

    def close(self):
        self._over.set()
        self._thread.join(timeout=30)

    def note(self, request):
        """Knows an accepted deployment before it is seen."""
        with self._lock:
            seen = (request.request_id, request.project, "queued", None)
            self._states.setdefault(request.deployment, seen)

    def busy(self, project):
        """Whether the project has a deployment that has not ended."""
        with self._lock:
            return any(p == project and status not in FINAL for _, p, status, _ in self._states.values())

    def unfinished(self, requests):
        """Whether a deployment of these request ids has not ended."""
        with self._lock:
            return any(request in requests and status not in FINAL for request, _, status, _ in self._states.values())

    def holders(self):
        """The workers that hold a lease."""
        with self._lock:
            return {owner for _, _, status, owner in self._states.values() if status == "in_progress"}

    def look(self):
        """Looks now, instead of in a moment. False where the database is away."""
        try:
            if self._connection is None:
                self._connection = psycopg2.connect(self._url, connect_timeout=3)
                self._connection.autocommit = True
            with self._lock:
                active = [id for id, state in self._states.items() if state[2] not in FINAL]
            with self._connection.cursor() as cursor:
                cursor.execute(
                    "select id, request_id, project_id, status, lease_owner from deployments "
                    "where status in ('queued', 'in_progress') or id = any(%s) "
                    "or finished_at > now() - interval '1 minute'",
                    (active,),
                )
                rows = cursor.fetchall()
        except psycopg2.Error:
            with contextlib.suppress(psycopg2.Error):
                if self._connection is not None:
                    self._connection.close()
            self._connection = None
            return False
        with self._lock:
            for id, request, project, status, owner in rows:
                self._states[id] = (request, project, status, owner)
                if status in FINAL:
                    self.first_ends.setdefault(id, status)
        return True

    def _run(self):
        while not self._over.wait(PAUSE_S):
            self.look()


class PageWatch:
    """Asks every site for its page again and again; remembers when it changed."""

    def __init__(self, static_host, current_fault):
        self._host = static_host
        self._current_fault = current_fault
        self._projects = []
        self._last = {}
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, name="page watch", daemon=True)
        self.samples = []
        self._thread.start()

    def add(self, project):
        self._projects.append(project)

    def close(self):
        self._over.set()
        self._thread.join(timeout=60)

    def page(self, project):
        """The request id that the site shows, NO_SITE or BROKEN."""
        answer = self._host.request("GET", "/", project.host)
        if answer.status == 404:
            return NO_SITE
        return read_page(answer.body.decode(errors="replace")) if answer.status == 200 else BROKEN

    def _run(self):
        while not self._over.wait(PAUSE_S):
            for project in list(self._projects):
                at = time.time()
                # No answer in time says nothing about the site.
                with contextlib.suppress(OSError, http.client.HTTPException):
                    page = self.page(project)
                    if self._last.get(project.id) != page:
                        self._last[project.id] = page
                        self.samples.append(Sample(at, self._current_fault(), project.id, page))


def read_page(body):
    """The marker of a page that is whole, else BROKEN."""
    found = MARKER.search(body)
    if found is None:
        return BROKEN
    marker = found.group(1)
    return marker if body in (plain_site(marker)["index.html"], found.group(0)) else BROKEN
