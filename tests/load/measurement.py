"""One measured figure beside its baseline, and the table of them."""

import dataclasses


@dataclasses.dataclass(frozen=True)
class Measurement:
    what: str
    value: str     # with its unit, for people
    baseline: str  # the same
    ratio: float
    goal: float
    at_least: bool = False  # the goal is a lower bound; else an upper one

    @property
    def reached(self):
        return self.ratio >= self.goal if self.at_least else self.ratio <= self.goal


def table(measurements, markdown=False):
    rows = [["measured", "value", "baseline", "ratio", "goal", ""]]
    for m in measurements:
        bound = ("≥" if m.at_least else "≤") + f" {m.goal:g}"
        rows.append([m.what, m.value, m.baseline, f"{m.ratio:.2f}", bound, "reached" if m.reached else "missed"])
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = [" | ".join(cell.ljust(width) for cell, width in zip(row, widths)) for row in rows]
    rule = "-|-".join("-" * width for width in widths)
    if markdown:
        return "\n".join(f"| {line} |" for line in [lines[0], rule.replace("-|-", " | "), *lines[1:]])
    return "\n".join([lines[0], rule.replace("-|-", "-+-"), *lines[1:]])
