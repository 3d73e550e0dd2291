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

import gateway  # noqa: E402  (after the path is set)
from measurement import table  # noqa: E402


def arguments():
    parser = argparse.ArgumentParser(prog="./dev bench", description=__doc__)
    parser.add_argument("what", choices=["gateway"])
    parser.add_argument("--only", metavar="A,B,…", help=f"of: {', '.join(gateway.PARTS)}")
    parser.add_argument("--seconds", type=int, default=10, metavar="S", help="of each load (default 10)")
    parser.add_argument("--deployments", type=int, default=10_000_000, metavar="N",
                        help="rows of the large table (default ten million: about 10 GB of disk)")
    parser.add_argument("--markdown", action="store_true", help="print the table as Markdown")
    options = parser.parse_args()
    options.only = options.only.split(",") if options.only else list(gateway.PARTS)
    unknown = [part for part in options.only if part not in gateway.PARTS]
    if unknown:
        parser.error(f"no such part: {', '.join(unknown)}")
    return options


def main():
    options = arguments()
    folder = pathlib.Path(tempfile.mkdtemp(prefix="libra-bench-", dir=os.environ["LIBRA_TEST_STATE"]))
    folder.chmod(0o755)
    try:
        measurements = gateway.measure(options, folder)
    finally:
        shutil.rmtree(folder)
    print(f"\n{table(measurements, options.markdown)}")
    missed = [m for m in measurements if not m.reached]
    print(f"\n{len(measurements) - len(missed)} of {len(measurements)} goals reached")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
