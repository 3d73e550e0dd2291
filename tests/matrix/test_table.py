"""What the README and the folders say, against matrix.json. No services."""

import pathlib
import re
import subprocess

import matrix
import table


def test_the_table_of_the_readme_is_that_of_the_matrix():
    _, inside, _ = table.parts_of(table.README.read_text())

    assert inside == table.table(), "run tests/matrix/table.py --write"


def test_every_project_is_an_entry_and_every_entry_a_project():
    folders = {path.name for path in (pathlib.Path(matrix.HERE) / "projects").iterdir()}

    assert {entry.name for entry in matrix.entries() if entry.template is None} == folders


def test_no_lock_file_names_the_host_of_a_registry():
    locks = {"package-lock.json", "pnpm-lock.yaml", "yarn.lock", "bun.lock"}

    for entry in matrix.entries():
        for path, text in entry.files().items():
            if path.rsplit("/", 1)[-1] in locks:
                assert not re.search(r'(resolved|tarball)"?:? "?https?:', text), f"{entry.name}/{path}"


def test_the_command_says_which_projects_there_are():
    root = pathlib.Path(matrix.HERE).parents[1]

    said = subprocess.run(
        ["bash", "-euc", '. "$root/deploy/local/build.sh"; command_matrix --help'],
        env={"root": str(root), "state": "/nonexistent", "PATH": "/usr/bin:/bin"}, capture_output=True, text=True, check=True)

    assert said.stdout.startswith("Usage: ./dev matrix")
    assert said.stdout.partition("Projects:")[2].split() == [entry.name for entry in matrix.entries()]
