"""The hash written out for speed is the one of the canonical document, whatever a line says."""

from datetime import UTC, timedelta, timezone

from hypothesis import given
from hypothesis import strategies as st

from procurement.ledger import chain
from procurement.ledger.models import Line
from scoring.canonical import sha256

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
ZONES = st.sampled_from([UTC, timezone(timedelta(hours=2)), timezone(timedelta(hours=-5, minutes=-30))])
LINES = st.builds(
    Line,
    sequence=st.integers(1, 2**53 - 1),
    at=st.datetimes(timezones=ZONES).filter(lambda at: 1 < at.year < 9999),
    **dict.fromkeys(("actor", "role", "action", "object", "before", "after", "reason", "previous"), TEXTS),
)


@given(LINES)
def test_it_is_the_hash_of_the_canonical_content(line: Line) -> None:
    assert chain.hash_of(line) == sha256(line.content())


def test_what_is_read_to_be_checked_is_every_field_of_a_line() -> None:
    assert {field.name for field in Line._meta.concrete_fields} - {"id"} == set(chain.Row._fields)
