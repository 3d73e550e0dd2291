#!/usr/bin/python3
"""Measures how fast the service is, each figure beside a baseline taken in the same run on the same
machine, and prints the ratios. Absolute figures depend on the machine; only the ratios have goals."""

import argparse
import os
import pathlib
import shutil
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "e2e"))

import deploy  # noqa: E402  (after the path is set)
import gateway  # noqa: E402
import scale  # noqa: E402
from measurement import table  # noqa: E402


def arguments():
    parser = argparse.ArgumentParser(prog="./dev bench", description=__doc__)
    benches = parser.add_subparsers(dest="what", required=True)
    api = benches.add_parser("gateway", help="the API")
    api.add_argument("--seconds", type=int, default=10, metavar="S", help="of each load (default 10)")
    api.add_argument("--deployments", type=int, default=10_000_000, metavar="N",
                     help="rows of the large table (default ten million: about 10 GB of disk)")
    whole = benches.add_parser("deploy", help="from the request to the live page")
    whole.add_argument("--sites", type=int, default=200, metavar="N", help="without a build (default 200)")
    fleet = benches.add_parser("scale", help="deployments without a build, by the number of workers")
    fleet.add_argument("--sites", type=int, default=400, metavar="N", help="for each number (default 400)")
    fleet.add_argument("--seconds", type=int, default=5, metavar="S", help="of bare commits (default 5)")
    for bench, parts in ((api, gateway.PARTS), (whole, deploy.PARTS), (fleet, scale.PARTS)):
        bench.add_argument("--only", metavar="A,B,…", help=f"of: {', '.join(parts)}")
        bench.add_argument("--markdown", action="store_true", help="print the table as Markdown")
    options = parser.parse_args()
    options.measure, parts = {"gateway": (gateway.measure, gateway.PARTS),
                              "deploy": (deploy.measure, deploy.PARTS),
                              "scale": (scale.measure, scale.PARTS)}[options.what]
    options.only = options.only.split(",") if options.only else list(parts)
    unknown = [part for part in options.only if part not in parts]
    if unknown:
        parser.error(f"no such part: {', '.join(unknown)}")
    return options


def main():
    options = arguments()
    folder = pathlib.Path(tempfile.mkdtemp(prefix="libra-bench-", dir=os.environ["LIBRA_TEST_STATE"]))
    folder.chmod(0o755)
    try:
        measurements = options.measure(options, folder)
    finally:
        shutil.rmtree(folder)
    print(f"\n{table(measurements, options.markdown)}")
    missed = [m for m in measurements if not m.reached]
    print(f"\n{len(measurements) - len(missed)} of {len(measurements)} goals reached")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
