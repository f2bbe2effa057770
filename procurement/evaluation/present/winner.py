"""Who wins, and what would change it, in sentences."""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from django.utils.translation import gettext as _

from procurement.evaluation.present.reading import Reading, Row
from procurement.people.templatetags.reading import points
from scoring.numbers import fixed

MOST_DECIMALS = 12


@dataclass(frozen=True, slots=True)
class Flip:
    """The amount of a bonus at which the winner and another bid are level, and the amount it has."""

    measure: str
    bid: str
    at: Fraction
    amount: str


def sentence(reading: Reading) -> str:
    """One sentence: who wins, with how many points, how far ahead; or why nobody does."""
    ranking = reading.ranking
    if not ranking:
        return _("No bid is left to rank.")
    if reading.sheet["winner"] is None:
        names = [reading.supplier(row["bid"]) for row in ranking if row["rank"] == 1]
        return _("%(names)s share the first rank with %(total)s points: the winner is drawn.") % {
            "names": ", ".join(names),
            "total": points(ranking[0]["total"]),
        }
    first = {"winner": reading.supplier(ranking[0]["bid"]), "total": points(ranking[0]["total"])}
    if len(ranking) == 1:
        return _("%(winner)s, the only bid ranked, has %(total)s points.") % first
    return _ahead(reading, first, ranking[0], ranking[1])


def _ahead(reading: Reading, first: dict[str, str], winner: Row, second: Row) -> str:
    values = {**first, "second": reading.supplier(second["bid"])}
    gap = Decimal(winner["total"]) - Decimal(second["total"])
    if not gap:
        return (
            _("%(winner)s wins with %(total)s points; %(second)s has as many, and the tie-break decides between them.")
            % values
        )
    return _("%(winner)s wins with %(total)s points, %(gap)s ahead of %(second)s.") % {**values, "gap": points(gap)}


def what_would_change_it(reading: Reading) -> list[str]:
    """A sentence for each bonus whose amount decides, and for each other bid whose withdrawal would."""
    sentences = []
    for measure in reading.measures:
        found = flips(reading, measure)
        sentences += [flip_sentence(reading, flip) for flip in (_below(found), _above(found)) if flip]
    return sentences + [_withdrawal(reading, row) for row in reading.sheet["withdrawals"]]


def flips(reading: Reading, measure: str) -> list[Flip]:
    """Where a bonus would bring each other bid level with the winner, every other thing kept (specification 5)."""
    amount = reading.measures[measure].get("amount") or "0"
    return [
        Flip(measure, comparison["bid"], Fraction(comparison["exact_flip_amount"][measure]), amount)
        for comparison in reading.sheet["comparisons"]
        if comparison["exact_flip_amount"].get(measure) is not None
    ]


def flip_sentence(reading: Reading, flip: Flip) -> str:
    """At which amount of a bonus the winner changes to another bid."""
    values = {
        "measure": reading.measure(flip.measure),
        "at": points(_told_apart(flip.at, flip.amount, reading)),
        "amount": points(flip.amount),
        "other": reading.supplier(flip.bid),
    }
    if reading.capped:  # then who is ahead at the amount in force may hang on the cap, which the flip leaves aside
        return _("Without the cap, %(other)s is level with the winner at %(at)s points of %(measure)s.") % values
    if flip.at < Fraction(flip.amount):
        return _("%(other)s would win if the %(measure)s fell below %(at)s points (it is %(amount)s).") % values
    if flip.at > Fraction(flip.amount):
        return _("%(other)s would win if the %(measure)s rose above %(at)s points (it is %(amount)s).") % values
    return _("Before rounding, %(other)s is level with the winner at the %(measure)s of %(amount)s points.") % values


def _below(found: list[Flip]) -> Flip | None:
    """The first amount reached from above: nearer than the others, so that it is where the winner changes."""
    return max((f for f in found if f.at <= Fraction(f.amount)), key=lambda f: f.at, default=None)


def _above(found: list[Flip]) -> Flip | None:
    return min((f for f in found if f.at > Fraction(f.amount)), key=lambda f: f.at, default=None)


def _told_apart(at: Fraction, amount: str, reading: Reading) -> str:
    """The amount with the case's decimals (2 at least), and more where it would be mistaken for the one in force."""
    decimals = max(2, reading.case["rounding"]["decimals"])
    while decimals < MOST_DECIMALS and Fraction(fixed(at, decimals)) == Fraction(amount) != at:
        decimals += 1
    return fixed(at, decimals)


def _withdrawal(reading: Reading, withdrawal: Row) -> str:
    values = {"bid": reading.supplier(withdrawal["bid"]), "winner": reading.supplier(withdrawal["winner"])}
    if withdrawal["winner"] is None:
        return _("Without the bid of %(bid)s nobody would win alone.") % values
    return _("Without the bid of %(bid)s, %(winner)s would win.") % values
