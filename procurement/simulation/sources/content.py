"""What a snapshot is made of."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from typing import Any, Literal, NamedTuple, TypedDict, TypeVar

from django.db import models
from django.utils.translation import gettext as _

from procurement.people.refusals import Refused
from procurement.problems import said
from scoring.problems import InvalidDocument

AT_ONCE = 500

M = TypeVar("M", bound=models.Model)
Row = dict[str, Any]  # as `scoring.portfolio.rows.lot_of` makes them


class Provenance(TypedDict):
    """What every figure made of a snapshot repeats: the fields of `scoring.portfolio.snapshot.Provenance`."""

    title: str
    source: str
    licence: str
    origin_of: Literal["goods", "bidders", "unknown"]
    marks: Literal["real", "simulated", "none"]
    weights: Literal["real", "simulated"]


class Content(NamedTuple):
    """The rows of a snapshot in their order, how many there will be, and where they come from."""

    rows: Iterable[Row]
    lots: int
    provenance: Provenance


def in_order(rows: "models.QuerySet[M]", keys: list[int]) -> Iterator[M]:
    """The rows of these primary keys in this order, `AT_ONCE` in memory at a time.

    The order is made by the caller, in Python: two databases sort the same texts in two ways.
    """
    for start in range(0, len(keys), AT_ONCE):
        batch = keys[start : start + AT_ONCE]
        found = rows.in_bulk(batch)
        yield from (found[key] for key in batch)


def row_of(
    document: Mapping[str, Any],
    *,
    id: str,
    buyer: str,
    country: str,
    awarded_on: date | None,
    pseudonym: Callable[[str], str],
) -> Row:
    """The row of a scored lot; `country` is the buyer's, "" when unknown. Raises Refused for a case that has none."""
    from scoring.portfolio.problems import BadSnapshot  # columns: no page loads them
    from scoring.portfolio.rows import lot_of

    try:
        return lot_of(document, id=id, hospital=buyer, country=country, awarded_on=awarded_on, pseudonym=pseudonym)
    except InvalidDocument as invalid:
        raise Refused(
            _("The case of %(lot)s cannot be read: %(problem)s No snapshot was made.")
            % {"lot": id, "problem": said(invalid.problems[0])}
        ) from invalid
    except BadSnapshot as unfit:
        raise Refused(said(unfit.phrase)) from unfit
