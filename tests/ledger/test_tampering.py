"""Every way to tamper with one chain of 200 lines, each found and named by its place.

Anchors stand at lines 50, 120 and 180: the last 20 lines are protected by none. The lines are those of the memory;
`test_checks.py` and `test_restored.py` tamper with the database and with the copy of the anchors.
"""

from collections.abc import Iterable
from typing import Any

import pytest

from procurement.ledger.chain import Row, hash_of
from procurement.ledger.claims import Claim, Claims
from procurement.ledger.merkle import root
from procurement.ledger.models import FIRST
from procurement.ledger.verification import Walk, beyond, silent
from tests.ledger.chains import lines

ANCHORED = (50, 120, 180)
LAST_ANCHORED = ANCHORED[-1]
ALL = 200
CHAIN = [Row(**line.content(), hash=line.hash) for line in lines(ALL)]
CLAIMS = Claims(
    sound={
        Claim(size, CHAIN[0].hash, CHAIN[size - 1].hash, root(bytes.fromhex(row.hash) for row in CHAIN[:size]).hex()): [
            "outside"
        ]
        for size in ANCHORED
    },
)
CONTENT = [name for name in Row._fields if name != "hash"]
EVERY = range(1, ALL + 1)


def walked(rows: Iterable[Row], *, sort: bool = True) -> tuple[list[str], Walk]:
    """What is told of these lines, which the database gives in the order of their sequence."""
    walk = Walk(CLAIMS, iter(()))
    walk.follow(sorted(rows, key=lambda row: row.sequence) if sort else rows, silent)
    return [*walk.faults(), *beyond(CLAIMS, walk.tree.size)], walk


def told(rows: Iterable[Row], *, sort: bool = True) -> str:
    """The first fault, "" where nothing is seen."""
    return next(iter(walked(rows, sort=sort)[0]), "")


def another(row: Row, name: str) -> Any:
    """Another value of a field."""
    value = getattr(row, name)
    if name == "at":
        return value.replace("2026", "2025")
    if name == "sequence":
        return value + 1000
    return value + "x" if len(value) < 64 else ("1" if value[0] == "0" else "0") + value[1:]


def rehashed(row: Row) -> Row:
    """The line with the hash of what it says."""
    return row._replace(hash=hash_of(row))


def rewritten(number: int, **fields: Any) -> list[Row]:
    """The chain with line ``number`` saying something else, and every line from there on computed again."""
    chain = CHAIN[: number - 1]
    for row in CHAIN[number - 1 :]:
        changed = row._replace(previous=chain[-1].hash if chain else FIRST)
        chain.append(rehashed(changed._replace(**fields) if row.sequence == number else changed))
    return chain


def replaced(number: int, row: Row) -> list[Row]:
    return [*CHAIN[: number - 1], row, *CHAIN[number:]]


def first_anchor_from(number: int) -> tuple[int, int]:
    """The lines between the anchors around line ``number``."""
    upto = min(size for size in ANCHORED if size >= number)
    return max([size for size in ANCHORED if size < number], default=0) + 1, upto


def test_the_chain_as_it_was_written_is_sound() -> None:
    faults, walk = walked(CHAIN)
    assert faults == []
    assert (walk.tree.size, walk.protected) == (ALL, LAST_ANCHORED)


@pytest.mark.parametrize("name", [name for name in CONTENT if name != "sequence"])
def test_a_changed_field_is_found_in_its_line(name: str) -> None:
    for number in EVERY:
        row = CHAIN[number - 1]
        changed = replaced(number, row._replace(**{name: another(row, name)}))
        assert told(changed) == f"Line {number}: its content does not have its hash: a field was changed."


def test_a_changed_hash_is_found_in_its_line() -> None:
    for number in EVERY:
        row = CHAIN[number - 1]
        changed = replaced(number, row._replace(hash=another(row, "hash")))
        assert told(changed) == f"Line {number}: its content does not have its hash: a field was changed."


@pytest.mark.parametrize("hashed", [False, True])
def test_a_changed_sequence_leaves_a_gap(hashed: bool) -> None:
    for number in EVERY:
        row = CHAIN[number - 1]._replace(sequence=number + 1000)
        after = number + 1 if number < ALL else number + 1000
        expected = f"Line {number} is missing: after line {number - 1} stands line {after}."
        assert told(replaced(number, rehashed(row) if hashed else row)) == expected


@pytest.mark.parametrize("name", [name for name in CONTENT if name not in ("sequence", "previous")])
def test_a_field_changed_with_its_hash_is_found_by_the_next_line(name: str) -> None:
    for number in EVERY[:-1]:
        row = CHAIN[number - 1]
        changed = replaced(number, rehashed(row._replace(**{name: another(row, name)})))
        expected = f"Line {number + 1}: its previous hash is not that of line {number}: one of the two was changed."
        assert told(changed) == expected


def test_a_previous_hash_changed_with_the_hash_is_found_in_its_line() -> None:
    for number in EVERY:
        row = CHAIN[number - 1]
        changed = replaced(number, rehashed(row._replace(previous=another(row, "previous"))))
        expected = "Line 1: the first line of a chain names 64 zeros" if number == 1 else f"Line {number}: its previous"
        assert told(changed).startswith(expected)


@pytest.mark.parametrize("name", ["at", "actor", "reason"])
def test_a_chain_recomputed_from_a_line_on_is_found_by_the_next_anchor(name: str) -> None:
    for number in EVERY:
        faults, walk = walked(rewritten(number, **{name: another(CHAIN[number - 1], name)}))
        if number > LAST_ANCHORED:  # what no anchor protects can be rewritten: that is what `protected` says
            assert (faults, walk.protected) == ([], LAST_ANCHORED)
            continue
        first, upto = first_anchor_from(number)
        assert faults[0].startswith(
            f"Lines {first} to {upto} are not those the anchor at line {upto} was signed over: "
        )
        assert "the last of them is another" in faults[0]
        assert ("the first line is another" in faults[0]) == (number == 1)
        assert walk.protected < number


def test_a_removed_line_is_missing() -> None:
    for number in EVERY[:-1]:
        expected = f"Line {number} is missing: after line {number - 1} stands line {number + 1}."
        assert told(CHAIN[: number - 1] + CHAIN[number:]) == expected


def test_a_line_removed_and_the_rest_numbered_again_is_found() -> None:
    for number in EVERY[:-1]:
        shifted = [row._replace(sequence=row.sequence - 1) for row in CHAIN[number:]]
        assert told(CHAIN[: number - 1] + shifted) == (
            f"Line {number}: its content does not have its hash: a field was changed."
        )


def test_lines_cut_off_at_the_end_are_missed_by_the_anchors() -> None:
    for kept in range(ALL):
        faults, walk = walked(CHAIN[:kept])
        if kept >= LAST_ANCHORED:
            assert faults == []
        else:
            assert faults == [
                f"An anchor was signed at line 180 (outside) and the database ends at line {kept}: it was restored to "
                "an older state, or its last lines were cut off."
            ]
        assert walk.protected <= kept


def test_an_added_line_stands_twice() -> None:
    for number in EVERY:
        added = rehashed(CHAIN[number - 1]._replace(reason="added", previous=CHAIN[number - 1].hash))
        chain = [*CHAIN[:number], added, *CHAIN[number:]]
        assert told(chain) == f"Line {number} stands after line {number}: lines are in order, each once."


def test_a_line_added_and_the_rest_numbered_again_is_found() -> None:
    for number in EVERY[:-1]:
        before = CHAIN[number - 1]
        added = rehashed(before._replace(sequence=number + 1, reason="added", previous=before.hash))
        shifted = [row._replace(sequence=row.sequence + 1) for row in CHAIN[number:]]
        assert told([*CHAIN[:number], added, *shifted]) == (
            f"Line {number + 2}: its content does not have its hash: a field was changed."
        )


def test_a_line_added_at_the_end_is_only_not_protected() -> None:
    added = rehashed(CHAIN[-1]._replace(sequence=ALL + 1, previous=CHAIN[-1].hash))
    faults, walk = walked([*CHAIN, added])
    assert (faults, walk.protected, walk.tree.size) == ([], LAST_ANCHORED, ALL + 1)


def test_a_duplicated_line_stands_twice() -> None:
    for number in EVERY:
        chain = CHAIN[:number] + CHAIN[number - 1 :]
        assert told(chain) == f"Line {number} stands after line {number}: lines are in order, each once."


def test_swapped_lines_are_out_of_order() -> None:
    for number in EVERY[:-1]:
        chain = [*CHAIN[: number - 1], CHAIN[number], CHAIN[number - 1], *CHAIN[number + 1 :]]
        expected = f"Line {number} is missing: after line {number - 1} stands line {number + 1}."
        assert told(chain, sort=False) == expected


def test_two_lines_whose_contents_were_swapped_are_changed_lines() -> None:
    for number in EVERY[:-1]:
        one, other = CHAIN[number - 1], CHAIN[number]
        chain = [
            *CHAIN[: number - 1],
            other._replace(sequence=one.sequence),
            one._replace(sequence=other.sequence),
            *CHAIN[number + 1 :],
        ]
        assert told(chain) == f"Line {number}: its content does not have its hash: a field was changed."


def test_a_value_of_a_wrong_kind_is_a_changed_field() -> None:
    for name, value in (
        ("at", None),
        ("reason", 7),
        ("role", None),
        ("actor", b"user:1"),
        ("hash", "no hash"),
        ("hash", 7),
    ):
        changed = replaced(70, CHAIN[69]._replace(**{name: value}))
        assert told(changed) == "Line 70: its content does not have its hash: a field was changed."
