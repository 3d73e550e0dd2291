"""The table at the end of a run: what was found, how long it took, what became of it."""

COLUMNS = ("project", "framework", "manager", "node", "install s", "build s", "result")


class Report:
    """A pytest plugin. The tests add rows."""

    def __init__(self, markdown):
        self._markdown = markdown
        self._rows = {}

    def add(self, name, **cells):
        self._rows.setdefault(name, {"project": name}).update(
            (column.replace("_", " "), cell) for column, cell in cells.items() if cell is not None
        )

    def pytest_runtest_logreport(self, report):
        name = report.nodeid.partition("[")[2].rstrip("]")
        if name in self._rows and (report.when == "call" or report.failed):
            self.add(name, result=f"{self._rows[name]['result']} ({report.outcome})")

    def pytest_terminal_summary(self, terminalreporter):
        if not self._rows:
            return
        lines = [COLUMNS] + [tuple(str(row.get(column, "-")) for column in COLUMNS) for row in self._rows.values()]
        widths = [max(map(len, column)) for column in zip(*lines)]
        terminalreporter.write_line("")
        for number, line in enumerate(lines):
            terminalreporter.write_line(self._joined([cell.ljust(width) for cell, width in zip(line, widths)]))
            if number == 0 and self._markdown:
                terminalreporter.write_line(self._joined(["-" * width for width in widths]))

    def _joined(self, cells):
        return "| " + " | ".join(cells) + " |" if self._markdown else "  ".join(cells).rstrip()
