"""The speed from POST /deploy to the live page: what ./dev bench deploy measures."""

import json
import os
import pathlib
import shutil
import statistics
import subprocess
import time

from measurement import Measurement
from platform_under_test import Platform
from samples import folder as sample

PARTS = ("static", "cold", "warm")
PROJECT = "react-vite"
ROUNDS = 3  # of deployment and baseline in turn: the median of the ratios counts
STATIC_P50_MS = 60
STATIC_P99_MS = 250
COLD = 1.10
WARM = 1.10
WARM_EXTRA_S = 1.0
PATIENCE_S = 600


def say(text):
    print(text, flush=True)


def measure(options, folder):
    platform = Platform(folder, workers=1, LOG_LEVEL="warning", RATE_LIMIT_PER_ADDRESS="0",
                        RATE_LIMIT_PER_PRINCIPAL="0", DEPLOY_RATE_LIMIT="0")
    try:
        platform.start()
        bench = Bench(platform, options, folder)
        measurements = []
        for part in options.only:
            measurements += getattr(bench, part)()
        return measurements
    finally:
        platform.stop()


def flush_ms(folder):
    """What one flush of the disk takes. A deployment waits for several, one after the other."""
    times = []
    with open(folder / "flushed", "wb", buffering=0) as file:
        for _ in range(100):
            file.write(bytes(8192))
            began = time.monotonic()
            os.fdatasync(file.fileno())
            times.append((time.monotonic() - began) * 1000)
    return statistics.median(times)


class Bench:
    def __init__(self, platform, options, folder):
        self._platform = platform
        self._sites = options.sites
        self._folder = folder

    # -- a site that needs no build

    def static(self):
        say(f"{self._sites} sites without a build, one after the other …")
        project = self._platform.new_project(free_deployments=self._sites + 10)
        for number in range(5):
            self._deploy(project, page(f"before {number}"))
        times = [self._deploy(project, page(str(number))) * 1000 for number in range(self._sites)]
        p50 = statistics.median(times)
        p99 = statistics.quantiles(times, n=100, method="inclusive")[98]
        what = f"site without a build, from POST to live (a flush of this disk: {flush_ms(self._folder):.1f} ms)"
        return [
            Measurement(f"{what}: p50", f"{p50:.0f} ms", f"{STATIC_P50_MS} ms", p50 / STATIC_P50_MS, 1.0),
            Measurement(f"{what}: p99", f"{p99:.0f} ms", f"{STATIC_P99_MS} ms", p99 / STATIC_P99_MS, 1.0),
        ]

    # -- React and Vite, with nothing cached and with everything

    def cold(self):
        pairs = []
        for number in range(ROUNDS):
            say(f"{PROJECT}, the first deployment of an organisation, {number + 1} of {ROUNDS} …")
            with bare_tree(self._folder, sample(PROJECT)) as tree:
                bare = tree.install() + tree.build()
            pairs.append((self._deploy(self._platform.new_project(), sample(PROJECT)), bare))
        return [seconds(f"{PROJECT}, cold, beside bare npm ci && vite build", pairs, COLD)]

    def warm(self):
        project = self._platform.new_project()
        say(f"{PROJECT}, warm: made ready …")
        self._deploy(project, sample(PROJECT))
        pairs = []
        with bare_tree(self._folder, sample(PROJECT)) as tree:
            tree.install()
            tree.build()
            for number in range(2 * ROUNDS):
                say(f"{PROJECT}, one file edited, {number + 1} of {2 * ROUNDS} …")
                edit = edited(number)
                tree.write(edit)
                bare = tree.build()
                pairs.append((self._deploy(project, edit), bare))
        return [seconds(f"{PROJECT}, one file edited, less {WARM_EXTRA_S:g} s, beside bare vite build",
                        [(deployed - WARM_EXTRA_S, bare) for deployed, bare in pairs], WARM)]

    def _deploy(self, project, files):
        """Seconds from the request to the first answer of the static host that is not the last page."""
        before = self._platform.page(project.host).body
        began = time.monotonic()
        deployment = self._platform.deploy(project, files)
        looked = began
        while True:
            answer = self._platform.page(project.host)
            now = time.monotonic()
            if answer.status == 200 and answer.body != before:
                break
            if now - looked > 1:
                looked = now
                status = self._platform.status(deployment)
                if status["status"] in ("failed", "cancelled") or now - began > PATIENCE_S:
                    raise AssertionError(json.dumps(status, indent=1))
            # Looking costs the machine something too: the longer it takes, the less it matters when.
            time.sleep(max(0.001, (now - began) / 100))
        self._platform.wait_for_end(deployment)
        return now - began


def page(text):
    return {"index.html": f"<!doctype html><title>{text}</title><link rel=stylesheet href=style.css>",
            "style.css": "body { color: teal }\n" * 200}


def edited(number):
    """One source file of the project with another text, so that the page names another script."""
    name = next(path for path in sample(PROJECT) if path.startswith("src/") and path.endswith("x"))
    return {name: sample(PROJECT)[name] + f"\nconsole.log('edit {number}');\n"}


class bare_tree:  # noqa: N801  (used like the functions of contextlib)
    """The project in a folder of its own, with npm's cache as empty as a new sandbox has it."""

    def __init__(self, folder, files):
        self._root = pathlib.Path(folder) / "bare"
        self._files = files

    def __enter__(self):
        self._root.mkdir()
        self.write(self._files)
        return self

    def __exit__(self, *_):
        shutil.rmtree(self._root)

    def write(self, files):
        for path, content in files.items():
            target = self._root / "tree" / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(content)

    def install(self):
        return self._run("npm", "ci", "--no-audit", "--no-fund")

    def build(self):
        return self._run("node_modules/.bin/vite", "build")

    def _run(self, *command):
        environment = dict(os.environ, CI="1", NO_COLOR="1", npm_config_cache=str(self._root / "npm"))
        began = time.monotonic()
        subprocess.run(command, cwd=self._root / "tree", env=environment, check=True,
                       stdout=subprocess.DEVNULL, timeout=PATIENCE_S)
        return time.monotonic() - began


def seconds(what, pairs, goal):
    return Measurement(
        what, f"{statistics.median(a for a, _ in pairs):.1f} s", f"{statistics.median(b for _, b in pairs):.1f} s",
        statistics.median(a / b for a, b in pairs), goal,
    )
