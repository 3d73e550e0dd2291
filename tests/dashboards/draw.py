#!/usr/bin/python3
"""Draws the dashboards with what Prometheus saw of a platform at work, by the library that Grafana draws with.
The pictures are deploy/observability/pictures."""

import argparse
import base64
import math
import os
import pathlib
import re
import shutil
import signal
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "e2e"))

from browser import browser  # noqa: E402  (after the path is set)
from dashboards import dashboards, filled_in  # noqa: E402
from day import Day  # noqa: E402
from platform_under_test import ROOT, Platform  # noqa: E402
from prometheus import Prometheus  # noqa: E402

HERE = pathlib.Path(__file__).resolve().parent
PICTURES = ROOT / "deploy/observability/pictures"
RATE_INTERVAL = "20s"


def name_of(series, legend):
    if legend == "__auto":
        return ", ".join(series["metric"].values())
    return re.sub(r"\{\{(\w+)\}\}", lambda label: series["metric"].get(label[1], ""), legend)


def lines_of(prometheus, panel, begin, end):
    """What the panel shows, as draw.js wants it."""
    lines = []
    for target in panel["targets"]:
        expression = filled_in(target["expr"], RATE_INTERVAL, f"{math.ceil(end - begin)}s")
        found = prometheus.ask("query_range", query=expression, start=begin, end=end, step=1)["result"]
        for series in sorted(found, key=lambda series: sorted(series["metric"].items())):
            numbers = [float(value) for _, value in series["values"]]
            lines.append({
                "name": name_of(series, target["legendFormat"]),
                "times": [time for time, _ in series["values"]],
                "values": [number if math.isfinite(number) else None for number in numbers],
            })
    return lines


def picture(driver, drawing):
    driver.get((HERE / "page.html").as_uri())
    driver.execute_script("draw(arguments[0])", drawing)
    width, height = driver.execute_script("return [document.body.offsetWidth, document.body.offsetHeight]")
    taken = driver.execute_cdp_cmd("Page.captureScreenshot", {
        "captureBeyondViewport": True, "clip": {"x": 0, "y": 0, "width": width, "height": height, "scale": 1},
    })
    return base64.b64decode(taken["data"])


def draw(prometheus, begin, end):
    PICTURES.mkdir(exist_ok=True)
    with browser() as driver:
        for name, dashboard in dashboards().items():
            results = {
                panel["id"]: lines_of(prometheus, panel, begin, end)
                for panel in dashboard["panels"] if "targets" in panel
            }
            image = picture(driver, {"dashboard": dashboard, "from": begin, "to": end, "results": results})
            (PICTURES / f"{name}.png").write_bytes(image)
            print(f"{name}.png: {len(image) // 1024} KiB", flush=True)


def main():
    parser = argparse.ArgumentParser(prog="./dev dashboards", description=__doc__)
    parser.add_argument("--seconds", type=int, default=300, help="for how long the platform works (300)")
    arguments = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(130))  # through what has to be stopped
    folder = pathlib.Path(tempfile.mkdtemp(prefix="libra-dashboards-", dir=os.environ["LIBRA_TEST_STATE"]))
    folder.chmod(0o755)
    platform = Platform(folder, SANDBOX_MEMORY_MB="384")
    prometheus = Prometheus(platform)
    day = Day(platform, lambda what: print(what, flush=True))
    try:
        platform.start()
        prometheus.start()
        begin = time.time()
        day.pass_in(arguments.seconds)
        draw(prometheus, begin, time.time())
    finally:
        day.end()
        prometheus.stop()
        platform.stop()
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
