"""deploy/RUNBOOK.md, taken apart: its sections, and in them the commands that somebody will copy at night."""

import os
import pathlib
import re
import subprocess

from platform_under_test import ROOT, SERVICE, SERVICES

PATH = ROOT / "deploy/RUNBOOK.md"
FENCE = re.compile(r"^```sh *(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
# What "Before anything" defines, for a platform of the tests.
TOOLS = """
gateway() { "$SERVICE" gateway "$@"; }
sql() { psql --no-psqlrc "$DATABASE_URL" "$@"; }
broker() { "$SERVICES" rabbitmqctl "$@"; }
logs() { tail --lines="${2:-+1}" "$LOGS/$1"*.log; }
"""


def anchor_of(heading):
    return re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-")


class Section:
    def __init__(self, heading, text):
        self.anchor = anchor_of(heading)
        self.text = text
        blocks = FENCE.findall(text)
        self.commands = [code for where, code in blocks if not where]
        self.elsewhere = [(where, code) for where, code in blocks if where]


class Runbook:
    """What is in it, and `answer`, which runs a command as an operator of the platform would."""

    def __init__(self):
        self.text = PATH.read_text()
        parts = re.split(r"^## (.+)\n", self.text, flags=re.MULTILINE)
        self.sections = {section.anchor: section for section in map(Section, parts[1::2], parts[2::2])}
        self.run = set()

    def answer(self, platform, anchor, number=0, **variables):
        """What the section's command prints; it has to succeed. Lines like `NAME=…` are filled in by `variables`."""
        code = re.sub(r"^\w+=….*\n", "", self.sections[anchor].commands[number], flags=re.MULTILINE)
        self.run.add((anchor, number))
        programs = pathlib.Path(os.environ["LIBRA_BUILD_DIR"])
        environment = platform.environment | variables | {
            "LIBRA_URL": platform.url, "DATABASE_URL": platform.database_url(), "VHOST": platform.vhost,
            "SERVICE": str(SERVICE), "SERVICES": str(SERVICES), "LOGS": str(platform.logs), "HOME": str(platform.folder),
            "PATH": f"{programs}/cli:{os.environ['PATH']}",
        }
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", TOOLS + code], cwd=ROOT, env=environment, text=True,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=120, check=False,
        )
        assert done.returncode == 0, f"{code}\n{done.stdout}"
        return done.stdout

    def promises(self, anchor, *answers):
        """Fails unless the section tells how to read these answers."""
        for answer in answers:
            assert answer in self.sections[anchor].text, f"{anchor} does not say what \"{answer}\" means"
