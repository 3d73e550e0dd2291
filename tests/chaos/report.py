"""What a run found, for people."""

import json
import math
import re

from checker import AFTERWARDS, COLUMNS, worst_recovery

MOST_EXPLAINED = 20
MOST_LOG_LINES = 40


def rows(history, findings):
    """One row a fault, then what belongs to none if there is anything, then the totals: cells as text,
    and whether all is well."""
    lines = []
    for phase in history.phases:
        posted = [r for r in history.requests if r.fault == phase.fault and r.status == 202]
        bad = _count(findings, phase.fault)
        lines.append((
            [phase.fault, phase.injected, len(posted), *bad, _seconds(worst_recovery(history, phase))],
            phase.injected > 0 and not any(bad),
        ))
    beyond = _count(findings, AFTERWARDS)
    if any(beyond):
        lines.append(([AFTERWARDS, "", "", *beyond, ""], False))
    totals = [sum(cells[column] or 0 for cells, _ in lines) for column in range(1, 3 + len(COLUMNS))]
    worst = max((worst_recovery(history, phase) or 0 for phase in history.phases), default=0)
    lines.append((["total", *totals, _seconds(worst)], all(well for _, well in lines)))
    return lines


def _count(findings, fault):
    """Bad deployments, not findings: one that is wrong in two ways is counted once."""
    return [
        len({(f.deployment, f.project if f.deployment is None else None, f.what if f.deployment is None else "")
             for f in findings if f.column == column and f.fault == fault})
        for column in COLUMNS
    ]


def _seconds(value):
    if value is None:
        return "-"
    return "never" if math.isinf(value) else f"{value:.1f}"


def table(lines, markdown):
    heads = ["fault", "injected", "deployments", *COLUMNS, "worst recovery (s)"]
    cells = [heads, *([str(cell) for cell in row] for row, _ in lines)]
    widths = [max(len(row[column]) for row in cells) for column in range(len(heads))]
    text = [
        " | ".join(cell.ljust(width) if not column else cell.rjust(width)
                   for column, (cell, width) in enumerate(zip(row, widths)))
        for row in cells
    ]
    if markdown:
        rule = ["-" * widths[0], *("-" * (width - 1) + ":" for width in widths[1:])]
        return "\n".join(f"| {line} |" for line in [text[0], " | ".join(rule), *text[1:]])
    return "\n".join([text[0], "-+-".join("-" * width for width in widths), *text[1:]])


def explanations(stage, history, findings):
    """What is needed to understand each finding."""
    by_request = {request.request_id: request for request in history.requests}
    for finding in findings[:MOST_EXPLAINED]:
        yield f"\n{finding.fault}: {finding.column}: {finding.what}"
        if finding.deployment is not None:
            yield from _explain_deployment(stage, finding.deployment, by_request)
        elif finding.project is not None:
            yield from _explain_project(stage, finding.project, history)
    if len(findings) > MOST_EXPLAINED:
        yield f"\nand {len(findings) - MOST_EXPLAINED} more findings"


def _explain_deployment(stage, id, by_request):
    for (row,) in stage.platform.sql("select to_jsonb(d) - 'params' from deployments d where id = %s", id):
        yield "  row     " + json.dumps(row)
        yield f"  request {by_request.get(row['request_id'])}"
    for (row,) in stage.platform.sql("select to_jsonb(a) from attempts a where deployment_id = %s order by fence", id):
        yield "  attempt " + json.dumps(row)
    lines = []
    for path in sorted(stage.platform.logs.glob("*.log")):
        lines += [(_time_of(line), path.stem, line.rstrip()) for line in path.open(errors="replace") if id in line]
    for _, program, line in sorted(lines)[:MOST_LOG_LINES]:
        yield f"  {program}: {line}"


def _time_of(line):
    found = re.search(r"\d{4}-\d\d-\d\dT[\d:.]+Z", line)
    return found.group(0) if found else ""


def _explain_project(stage, id, history):
    for (row,) in stage.platform.sql("select to_jsonb(p) from projects p where id = %s", id):
        yield "  project " + json.dumps(row)
    for d in [d for d in history.deployments if d.project == id][-10:]:
        yield f"  deployed {d}"
    for sample in [s for s in history.samples if s.project == id][-10:]:
        yield f"  seen {sample}"
