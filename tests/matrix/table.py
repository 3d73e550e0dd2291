"""The table "What can be deployed" of the README, made from matrix.json:
    table.py          prints it
    table.py --write  puts it into the README
"""

import pathlib
import sys

from matrix import entries

README = pathlib.Path(__file__).resolve().parents[2] / "README.md"
BEGIN = "<!-- matrix: made by tests/matrix/table.py -->\n"
END = "<!-- /matrix -->\n"


def table():
    live = [entry for entry in entries() if entry.error is None]
    refused = [entry for entry in entries() if entry.error is not None]
    rows = [
        f"| {entry.title} | {f'`{entry.framework}`' if entry.framework else '-'} | {entry.manager or '-'} | {place(entry)} |\n"
        for entry in live
    ]
    return (
        "| Project | Recognised as | Package manager | Becomes the site |\n|---|---|---|---|\n"
        + "".join(rows)
        + f"\nRefused, with what to change: {listed([entry.title for entry in refused])}.\n"
    )


def place(entry):
    if entry.manager is None:
        return "all files"
    root = (entry.settings or {}).get("rootDirectory")
    return f"`{entry.output}` of `{root}`" if root else f"`{entry.output}`"


def listed(words):
    return ", ".join(words[:-1]) + " and " + words[-1]


def parts_of(text):
    before, _, rest = text.partition(BEGIN)
    inside, _, after = rest.partition(END)
    return before, inside, after


if __name__ == "__main__":
    if "--write" in sys.argv:
        before, _, after = parts_of(README.read_text())
        README.write_text(before + BEGIN + table() + END + after)
    else:
        print(table(), end="")
