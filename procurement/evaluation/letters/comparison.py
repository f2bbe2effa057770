"""The points of a bid, criterion by criterion, beside those of the winner."""

from dataclasses import dataclass
from decimal import Decimal

from procurement.evaluation.letters.texts import say
from procurement.evaluation.present.reading import Reading, Row
from procurement.people.templatetags.reading import points, signed
from procurement.tenders.regulation.blocks import Block, paragraph, table


@dataclass(frozen=True, slots=True)
class Compared:
    """A part of the total: a criterion, a bonus, the adjustment of the score. `out_of` is "" where none is set."""

    title: str
    out_of: str
    own: Decimal
    chosen: Decimal

    @property
    def ahead(self) -> str:
        """The part with what the winner has more, or less."""
        return f"{self.title} ({signed(self.chosen - self.own)})"


def rows_of(reading: Reading, own_row: Row, winner: Row | None = None) -> list[Compared]:
    """The parts of a bid's total, which they add up to, beside those of the winner (or its own)."""
    parts = zip(reading.components, reading.points(own_row), reading.points(winner or own_row), strict=True)
    return [Compared(part.title, points(part.weight), mine, theirs) for part, mine, theirs in parts]


def own(rows: list[Compared]) -> Block:
    """The points of one bid alone."""
    head = [say("criterion"), say("out_of"), say("own")]
    whole = [say("total"), "", points(sum((row.own for row in rows), Decimal(0)))]
    return table(say("own_marks"), head, [*([row.title, row.out_of, points(row.own)] for row in rows), whole])


def both(rows: list[Compared], own_row: Row, winner: Row) -> list[Block]:
    """The points of both bids, and in words where the one is ahead of the other."""
    cells = [[row.title, row.out_of, points(row.own), points(row.chosen)] for row in rows]
    cells.append([say("total"), "", points(own_row["total"]), points(winner["total"])])
    cells.append([say("rank"), "", str(own_row["rank"]), str(winner["rank"])])
    head = [say("criterion"), say("out_of"), say("own"), say("chosen")]
    return [table(say("both_marks"), head, cells), *(paragraph(text) for text in _in_words(rows))]


def _in_words(rows: list[Compared]) -> list[str]:
    ahead = [row.ahead for row in rows if row.chosen > row.own]
    behind = [row.ahead for row in rows if row.chosen < row.own]
    gap = sum((row.chosen - row.own for row in rows), Decimal(0))
    told = [say("ahead", criteria="\u00a0; ".join(ahead))] if ahead else []
    told += [say("behind", criteria="\u00a0; ".join(behind))] if behind else []
    return [*told, say("gap", points=points(gap)) if gap else say("level")]
