"""Which styles of an XLSX show a number as a percentage: its cell then holds 0.7 where its reader sees 70 %."""

import re

BUILT_IN = {"9", "10"}  # 0% and 0.00% (ECMA-376, 18.8.30)
# Of a format code what stands for itself: a quoted text, an escaped sign, a width, a fill, a colour or a condition.
LITERAL = re.compile(r'"[^"]*"|\\.|[_*].|\[[^\]]*\]')


class Styles:
    """The part of styles while it is walked through. `percentages`: the styles of cells, by number as a cell has it."""

    def __init__(self) -> None:
        self.formats = set(BUILT_IN)
        self.percentages: set[str] = set()
        self.inside = False
        self.count = 0

    def start(self, tag: str, given: dict[str, str]) -> None:
        if tag == "numFmt" and is_percentage(given.get("formatCode", "")):
            self.formats.add(given.get("numFmtId", ""))
        elif tag in ("cellStyleXfs", "cellXfs"):
            self.inside = tag == "cellXfs"
        elif tag == "xf" and self.inside:
            if given.get("numFmtId") in self.formats:
                self.percentages.add(str(self.count))
            self.count += 1


def is_percentage(code: str) -> bool:
    """Whether a format code shows a number that is not negative times 100, with its sign (ECMA-376, 18.8.31)."""
    return "%" in LITERAL.sub("", code).partition(";")[0]
