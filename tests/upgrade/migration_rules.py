"""What a migration must not do, because the previous version still runs on the database: take away or
rename what that version names, or ask more of the rows that it writes."""

import hashlib
import io
import lzma
import pathlib
import re
import tarfile

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
MIGRATIONS = ROOT / "deploy" / "migrations"

NAME = r'(?:"?\w+"?\.)?"?(\w+)"?'
DOLLAR = re.compile(r"\$(\w*)\$.*?\$\1\$", re.DOTALL)
COMMENT = re.compile(r"--[^\n]*|/\*.*?\*/", re.DOTALL)
TEXT = re.compile(r"'(?:[^']|'')*'")
# What goes away, by its name; a change of type and a new name are the same to who uses it.
GONE = (
    re.compile(rf"\bdrop\s+(?:table|view|materialized\s+view|function|procedure|type|sequence|domain|index)\s+"
               rf"(?:concurrently\s+)?(?:if\s+exists\s+)?{NAME}"),
    re.compile(rf"\bdrop\s+column\s+(?:if\s+exists\s+)?{NAME}"),
    re.compile(rf"\brename\s+(?:column\s+)?{NAME}\s+to\b"),
    re.compile(rf"\balter\s+(?:table|view|function|index|type)\s+(?:if\s+exists\s+)?{NAME}[^;]*?\brename\s+to\b"),
    re.compile(rf"\balter\s+(?:column\s+)?{NAME}\s+(?:set\s+data\s+)?type\b"),
)
# What rows have to keep to from then on, by the table.
TABLE = re.compile(rf"\balter\s+table\s+(?:only\s+)?(?:if\s+exists\s+)?{NAME}")
UNIQUE_INDEX = re.compile(rf"\bcreate\s+unique\s+index\b.*?\bon\s+(?:only\s+)?{NAME}", re.DOTALL)
TIGHTENED = re.compile(
    r"\bset\s+not\s+null\b|\badd\s+(?:constraint\b|check\b|unique\b|primary\s+key\b|foreign\s+key\b|exclude\b)"
    r"|\bdrop\s+default\b|\bvalidate\s+constraint\b"
)
FILLED = re.compile(r"\bdefault\b|\bgenerated\b")
ADDED = re.compile(r"\badd\s+(?:column\s+)(?:if\s+not\s+exists\s+)?(.*)", re.DOTALL)


class PreviousVersion:
    def __init__(self, archive=HERE / "previous.tar.xz"):
        self.migrations = {}
        code = []
        with tarfile.open(fileobj=io.BytesIO(lzma.decompress(archive.read_bytes()))) as sources:
            for member in sources:
                path = pathlib.PurePosixPath(member.name)
                if path.suffix == ".sql" and path.parent.name == "migrations":
                    self.migrations[path.name] = sources.extractfile(member).read()
                elif path.suffix in (".cpp", ".hpp"):
                    code.append(sources.extractfile(member).read().decode())
        self.words = set(re.findall(r"\w+", "\n".join(code)))


def statements(sql):
    """In lower case, without comments, texts and the bodies of functions."""
    bare = TEXT.sub("''", COMMENT.sub(" ", DOLLAR.sub("''", sql)))
    return [statement.strip().lower() for statement in bare.split(";") if statement.strip()]


def clauses(statement):
    """The parts of an `alter table`, which are apart by commas outside of parentheses."""
    parts, depth = [""], 0
    for character in statement:
        depth += (character == "(") - (character == ")")
        if character == "," and depth == 0:
            parts.append("")
        else:
            parts[-1] += character
    return parts


def breaches(sql, named):
    """What `sql` does to a version that uses the words `named`: one sentence each."""
    found = []
    for statement in statements(sql):
        for pattern in GONE:
            found += [f"`{name}` goes away or changes, and the previous version names it"
                      for name in pattern.findall(statement) if name in named]
        table = TABLE.search(statement)
        unique = UNIQUE_INDEX.search(statement)
        if unique and unique.group(1) in named:
            found.append(f"a new unique index asks more of the rows of `{unique.group(1)}`")
        if not table or table.group(1) not in named:
            continue
        for clause in clauses(statement):
            added = ADDED.search(clause)
            needed = added and "not null" in added.group(1) and not FILLED.search(added.group(1))
            if needed or TIGHTENED.search(clause):
                found.append(f"the previous version's rows of `{table.group(1)}` need not have this: {clause.strip()}")
    return found


def checksum(kept):
    return hashlib.sha256(kept).hexdigest()


def check(migrations=MIGRATIONS, previous=None):
    previous = previous or PreviousVersion()
    corrected = (ROOT / "shared" / "storage" / "migrations.cpp").read_text()  # under the digests they had
    found = []
    for file in sorted(migrations.glob("*.sql")):
        kept = previous.migrations.get(file.name)
        if kept is None:
            found += [f"{file.name}: {breach}" for breach in breaches(file.read_text(), previous.words)]
        elif kept != file.read_bytes() and checksum(kept) not in corrected:
            found.append(f"{file.name} is not what the previous version has applied")
    missing = sorted(set(previous.migrations) - {file.name for file in migrations.glob("*.sql")})
    return found + [f"{name} is gone" for name in missing]
