"""The projects of the matrix: matrix.json says what each is, projects/NAME holds its files."""

import dataclasses
import json
import pathlib

HERE = pathlib.Path(__file__).resolve().parent
MADE = {"node_modules", "dist"}


@dataclasses.dataclass(frozen=True)
class Entry:
    name: str
    title: str
    framework: str | None = None
    manager: str | None = None
    output: str | None = None
    node: str | None = None  # major version that the build has to run on
    text: str | None = None  # of the page, instead of "NAME says 42"
    template: str | None = None  # of the project, which has no files of its own then
    settings: dict | None = None  # of the project, for PATCH /projects/{id}
    error: dict | None = None  # `code` of the failure, `says`: pieces of its message
    quick: bool = False  # deployed by every run of the tests

    @property
    def page_text(self):
        return self.text or f"{self.name} says 42"

    def files(self):
        if self.template is not None:
            return {}
        root = HERE / "projects" / self.name
        return {
            path.relative_to(root).as_posix(): path.read_text()
            for path in sorted(root.rglob("*"))
            if path.is_file() and not MADE.intersection(path.relative_to(root).parts)
        }


def entries():
    return [Entry(**entry) for entry in json.loads((HERE / "matrix.json").read_text())]
