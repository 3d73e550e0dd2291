"""Projects that the end-to-end tests deploy."""

import json
import pathlib

EXAMPLES = pathlib.Path(__file__).resolve().parents[2] / "examples"


def folder(name):
    """The files of a sample project, as `{path: content}`."""
    root = EXAMPLES / name
    skipped = {"node_modules", "dist"}
    return {
        path.relative_to(root).as_posix(): path.read_text()
        for path in sorted(root.rglob("*"))
        if path.is_file() and not skipped.intersection(path.relative_to(root).parts)
    }


def plain_site(text):
    return {
        "index.html": f"<!doctype html><title>{text}</title><link rel=stylesheet href=style.css>",
        "style.css": "body { color: teal }\n" * 200,
    }


def scripted_build(command, page="built"):
    """A project without dependencies: its build makes dist/index.html with `page`, after `command`, a
    piece of JavaScript that may wait, print or exit."""
    build = (
        "const fs = require('node:fs');\n"
        f"{command}\n"
        "fs.mkdirSync('dist', {recursive: true});\n"
        f"fs.writeFileSync('dist/index.html', {json.dumps('<title>' + page + '</title>')});\n"
    )
    package = {"name": "scripted", "version": "1.0.0", "private": True, "scripts": {"build": "node build.cjs"}}
    return {"package.json": json.dumps(package), "build.cjs": build}


def slow_build(seconds, page="built"):
    return scripted_build(f"Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, {seconds * 1000});", page)
