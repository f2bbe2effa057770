"""The heights of rows whose words are wrapped: a program that opens a protected sheet need not work them out itself."""

from textwrap import wrap

from xlsxwriter.worksheet import Worksheet

LINE = 15  # points, of 11-point letters
MARGIN = 2  # characters of a column left free: bold and wide letters take more than a digit


def fit(page: Worksheet, row: int, *cells: tuple[str, int]) -> None:
    """Make a row (from 0) as high as its cells need; ``cells``: words, and the width of their column in characters."""
    page.set_row(row, LINE * max(lines(words, width) for words, width in cells))


def lines(words: str, width: int) -> int:
    """How many lines the words fill in a column, at least one."""
    return max(1, len(wrap(words, width - MARGIN)))
