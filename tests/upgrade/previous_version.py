#!/usr/bin/python3
"""The version before this one, whose services have to work beside ours: its sources are kept in
previous.tar.xz, so that it can be built wherever this checkout is, with or without a history.

    previous_version.py build FOLDER   compiles its gateway and worker in FOLDER/build/dev
    previous_version.py keep COMMIT    makes COMMIT the previous version: done when COMMIT is released
"""

import hashlib
import io
import lzma
import pathlib
import re
import shutil
import subprocess
import sys
import tarfile

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
KEPT = HERE / "previous.tar.xz"
DOCS = pathlib.Path("api-gateway/docs/node_modules")  # fetched, and the same for every version


def git(*arguments):
    return subprocess.run(["git", *arguments], cwd=ROOT, check=True, stdout=subprocess.PIPE).stdout


def keep(commit):
    name = git("rev-parse", "--verify", commit + "^{commit}").decode().strip()
    description = git("show", f"{name}:CMakeLists.txt").decode()
    parts = [part for part in re.findall(r"add_subdirectory\((\S+)\)", description) if part != "tests"]
    sources = git("archive", "--format=tar", name, "CMakeLists.txt", "cmake", *parts)
    KEPT.write_bytes(lzma.compress(sources, preset=9 | lzma.PRESET_EXTREME))
    (HERE / "previous").write_text(name + "\n")


def build(folder):
    stamp = folder / "kept"
    kept = KEPT.read_bytes()
    digest = hashlib.sha256(kept).hexdigest()
    if not stamp.exists() or stamp.read_text() != digest:
        shutil.rmtree(folder, ignore_errors=True)
        with tarfile.open(fileobj=io.BytesIO(kept)) as sources:
            sources.extractall(folder)
        (folder / DOCS).symlink_to(ROOT / DOCS)
        stamp.write_text(digest)
    # As deep and with the same flags as our own: what did not change is in the compiler's cache.
    tree = folder / "build" / "dev"
    subprocess.run(["cmake", "-S", folder, "-B", tree, "-G", "Ninja", "-DCMAKE_BUILD_TYPE=Debug",
                    "-DBUILD_TESTING=OFF"], check=True)
    subprocess.run(["cmake", "--build", tree, "--target", "libra-gateway", "libra-worker"], check=True)


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["keep", commit]:
            keep(commit)
        case ["build", folder]:
            build(pathlib.Path(folder).resolve())
        case _:
            sys.exit(__doc__)
