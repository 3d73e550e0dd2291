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
    says: str = "42"  # the page reads "NAME says SAYS"
    settings: dict | None = None  # of the project, for PATCH /projects/{id}
    error: dict | None = None  # `code` of the failure, `says`: pieces of its message
    quick: bool = False  # deployed by every run of the tests
    awaits: str | None = None

    @property
    def text(self):
        return f"{self.name} says {self.says}"

    def files(self):
        root = HERE / "projects" / self.name
        return {
            path.relative_to(root).as_posix(): path.read_text()
            for path in sorted(root.rglob("*"))
            if path.is_file() and not MADE.intersection(path.relative_to(root).parts)
        }


def entries():
    return [Entry(**entry) for entry in json.loads((HERE / "matrix.json").read_text())]
