#!/usr/bin/python3
"""Runs clang-tidy over the compile database, on all cores, skipping what was clean before.

    tidy.py BUILD_DIR CACHE_DIR [PATH...]

A file counts as unchanged when it, every header of this project it was built with (ninja's record),
its compile command, .clang-tidy, and the versions of clang-tidy and of the libraries' packages are the
same. Needs a finished build. Exit code 1 when there are findings.
"""

import concurrent.futures
import hashlib
import json
import os
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent


def output(*command, **options):
    return subprocess.run(command, check=True, capture_output=True, text=True, **options).stdout


def dependencies(build):
    """Object file -> the project's files it was built from."""
    found = {}
    files = None
    for line in output("ninja", "-C", build, "-t", "deps").splitlines():
        if not line.startswith(" "):
            files = found.setdefault(line.split(":")[0], [])
        elif line.strip():
            path = pathlib.Path(os.path.normpath(build / line.strip()))
            if ROOT in path.parents:
                files.append(path)
    return found


def common_key():
    packages = output("dpkg-query", "-W", "-f", "${Package} ${Version}\n")
    return "\n".join(
        [output("clang-tidy", "--version"), (ROOT / ".clang-tidy").read_text()]
        + [line for line in packages.splitlines() if "-dev" in line]
    )


def check(source, build):
    run = subprocess.run(
        ["clang-tidy", "-p", build, "--quiet", "--warnings-as-errors=*", source],
        capture_output=True, text=True, check=False,
    )
    return run.returncode, run.stdout + (run.stderr if run.returncode else "")


def main():
    build, cache = pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2])
    only = [pathlib.Path(path).resolve() for path in sys.argv[3:]]
    cache.mkdir(parents=True, exist_ok=True)
    common, built_from = common_key(), dependencies(build)

    jobs = {}
    for entry in json.loads((build / "compile_commands.json").read_text()):
        source = pathlib.Path(entry["file"])
        if build in source.parents or (only and not any(o == source or o in source.parents for o in only)):
            continue
        files = sorted(set(built_from.get(entry.get("output", ""), [])) | {source})
        digest = hashlib.sha256((common + entry["command"]).encode())
        for file in files:
            digest.update(str(file).encode() + b"\0" + (file.read_bytes() if file.is_file() else b""))
        stamp = cache / digest.hexdigest()
        if not stamp.exists():
            jobs.setdefault(source, stamp)

    failed = 0
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        running = {pool.submit(check, source, build): (source, stamp) for source, stamp in jobs.items()}
        for number, done in enumerate(concurrent.futures.as_completed(running), 1):
            source, stamp = running[done]
            code, text = done.result()
            print(f"[{number}/{len(jobs)}] {source.relative_to(ROOT)}", flush=True)
            if code:
                failed += 1
                print(text, flush=True)
            else:
                stamp.touch()
    print(f"{failed} of {len(jobs)} files with findings" if failed else f"clean ({len(jobs)} files checked)")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
