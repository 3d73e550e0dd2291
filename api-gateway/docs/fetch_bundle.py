#!/usr/bin/python3
"""Fetches the API reference's bundle, as bundle.json pins it, into node_modules/ beside this file.

`npm pack` and not `npm ci`: the standalone bundle needs none of the package's 270 dependencies, and
npm has no way to leave them out that all its versions understand. Does nothing when the bundle is
there already.
"""

import base64
import hashlib
import json
import pathlib
import subprocess
import sys
import tarfile
import tempfile

HERE = pathlib.Path(__file__).resolve().parent


def main():
    pinned = json.loads((HERE / "bundle.json").read_text())
    bundle = HERE / "node_modules" / pinned["package"] / pinned["file"]
    stamp = bundle.parent / "integrity"
    if bundle.is_file() and stamp.is_file() and stamp.read_text() == pinned["integrity"]:
        return

    with tempfile.TemporaryDirectory(prefix="libra-docs-") as folder:
        name = f"{pinned['package']}@{pinned['version']}"
        subprocess.run(["npm", "pack", "--ignore-scripts", "--loglevel=error", name], cwd=folder, check=True)
        (archive,) = pathlib.Path(folder).glob("*.tgz")
        digest = hashlib.sha512(archive.read_bytes()).digest()
        if "sha512-" + base64.b64encode(digest).decode() != pinned["integrity"]:
            sys.exit(f"{name} is not what bundle.json pins: its digest is another one")
        with tarfile.open(archive) as package:
            content = package.extractfile("package/" + pinned["file"]).read()
    bundle.parent.mkdir(parents=True, exist_ok=True)
    bundle.write_bytes(content)
    stamp.write_text(pinned["integrity"])


if __name__ == "__main__":
    main()
