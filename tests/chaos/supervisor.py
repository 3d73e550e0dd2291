"""Keeps the programs of a run alive: one that died is started again after a moment."""

import concurrent.futures
import queue
import signal
import threading
import time

from platform_under_test import wait_until

MOMENT_S = 0.7


class Supervisor:
    """The only one that starts and ends the programs from `watch` to `rest`. One thread may ask."""

    def __init__(self, programs, log):
        self._programs = programs
        self._log = log
        self._orders = queue.SimpleQueue()
        self._resting = set(programs)  # not to be started now
        self._doomed = set()  # whose death by SIGKILL has been arranged
        self._due = {}
        self._lock = threading.Lock()  # held while it is decided whether a program is to be started
        self._over = threading.Event()
        self.crashes = []  # (when, what) of deaths that nobody arranged
        # Programs end with the thread that started them (Program.start), so it has to be a lasting one.
        self._thread = threading.Thread(target=self._run, name="supervisor", daemon=True)
        self._thread.start()

    def kill(self, program):
        """@return when it was dead."""
        self._doomed.add(program)
        program.kill()
        return time.time()

    def restart(self, program, **environment):
        """Asks it to end, waits for that, and starts it again. `environment` is for this one life."""
        with self._lock:
            self._resting.add(program)
            alive = program.process.poll() is None
            if not alive and self._due.pop(program, None) is None:
                self._judge(program)
        try:
            program.stop()
            # SIGTERM may come before it has learned to handle it.
            if alive and program.process.returncode not in (0, -signal.SIGTERM):
                self._judge(program)
        except AssertionError as problem:
            self._blame(str(problem))
        self._start(program, environment)

    def doom(self, program, point):
        """Restarts it so that it dies at the failpoint."""
        self._doomed.add(program)
        self.restart(program, LIBRA_FAILPOINT=point)

    def died(self, program):
        """Whether the failpoint that was to be its death has been reached."""
        return program not in self._doomed

    def pardon(self, program):
        """Restarts one that did not come to its failpoint."""
        self.restart(program)
        self._doomed.discard(program)

    def alive(self, program):
        """Waits until it has been started again."""
        wait_until(lambda: program.process.poll() is None and program not in self._due, 30, "it runs")

    def watch(self):
        self._resting.clear()

    def rest(self):
        """From now on what ends stays so. Starts those that are dead: only their next life clears away
        what a killed one left. @return whether there were any."""
        revived = False
        with self._lock:
            self._resting.update(self._programs)
        for program in self._programs:
            if program.process is not None:
                program.process.send_signal(signal.SIGCONT)
                if program.process.poll() is not None:
                    program.start()
                    revived = True
        return revived

    def close(self):
        self._over.set()
        self._thread.join(timeout=30)

    def _start(self, program, environment):
        started = concurrent.futures.Future()
        self._orders.put((program, environment, started))
        started.result(timeout=30)

    def _run(self):
        while not self._over.is_set():
            try:
                program, environment, started = self._orders.get(timeout=0.1)
            except queue.Empty:
                self._revive()
                continue
            program.start(**environment)
            self._resting.discard(program)
            started.set_result(None)

    def _revive(self):
        for program in self._programs:
            with self._lock:
                if program in self._resting or program.process.poll() is None:
                    continue
                if program not in self._due:
                    self._due[program] = time.monotonic() + MOMENT_S
                    self._judge(program)
                elif time.monotonic() >= self._due[program]:
                    del self._due[program]
                    program.start()

    def _judge(self, program):
        code = program.process.returncode
        if code == -signal.SIGKILL and program in self._doomed:
            self._doomed.discard(program)
        else:
            self._blame(f"{program.name} ended by itself with {code}")

    def _blame(self, what):
        self.crashes.append((time.time(), what))
        self._log(what)
