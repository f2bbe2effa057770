"""A snapshot is one immutable file, known by its hash."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from scoring.portfolio import snapshot
from scoring.portfolio.problems import BadSnapshot
from scoring.portfolio.rows import case_of
from scoring.portfolio.snapshot import Snapshot, sha256_of
from tests.scoring.documents import lot, offer

from .archives import PROVENANCE, row


def written(path: Path) -> str:
    return Snapshot.write([row(lot(offer("A"), offer("B")), 0)], PROVENANCE, path)


def test_the_same_rows_make_the_same_file(tmp_path: Path) -> None:
    assert written(tmp_path / "one") == written(tmp_path / "two") == sha256_of(tmp_path / "one")


def test_it_carries_where_it_comes_from(tmp_path: Path) -> None:
    written(tmp_path / "one")
    assert Snapshot.read(tmp_path / "one").provenance == PROVENANCE


def test_the_texts_of_the_lots_are_coded_as_they_lie_in_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Group after group, each with texts of its own, null among them."""
    monkeypatch.setattr(snapshot, "GROUP", 2)
    families = ["331", None, "336", "331", None]
    rows = [{**row(lot(offer("A"), offer("B")), number), "cpv": cpv} for number, cpv in enumerate(families)]
    Snapshot.write(rows, PROVENANCE, tmp_path / "one")
    codes, texts = Snapshot.read(tmp_path / "one").coded("cpv")
    assert [texts[code] for code in codes] == families
    assert len(texts) == 3


def test_titles_of_criteria_stand_beside_the_columns(tmp_path: Path) -> None:
    """Lots that differ in titles alone share their rules; without titles a file is the one it always was."""
    plain = lot(offer("A"), offer("B"))
    titled = {**plain, "criteria": [{**each, "title": f"Le {each['id']}"} for each in plain["criteria"]]}
    Snapshot.write([row(plain, 0), row(titled, 1)], PROVENANCE, tmp_path / "one")
    read = Snapshot.read(tmp_path / "one")
    assert list(read.titles) == ["1"]
    assert len(read.coded("criteria")[1]) == 1
    assert [each.title for each in case_of(read, 1, None).criteria] == [f"Le {e['id']}" for e in plain["criteria"]]
    assert {each.title for each in case_of(read, 0, None).criteria} == {""}
    untitled = [{key: value for key, value in row(plain, 0).items() if key != "titles"}]
    before = Snapshot.write(untitled, PROVENANCE, tmp_path / "before")
    assert Snapshot.write([row(plain, 0)], PROVENANCE, tmp_path / "after") == before


def test_another_hash_is_refused_in_one_sentence(tmp_path: Path) -> None:
    written(tmp_path / "one")
    with pytest.raises(BadSnapshot, match=r"has the SHA-256 .* and 0000 was asked for"):
        Snapshot.read(tmp_path / "one", sha256="0000")


def test_a_worker_without_the_file_says_so(tmp_path: Path) -> None:
    with pytest.raises(BadSnapshot, match=r"archive\.parquet is not on this machine: copy it to"):
        Snapshot.read(tmp_path / "archive.parquet")


def test_a_file_of_another_kind_is_refused(tmp_path: Path) -> None:
    (tmp_path / "text").write_text("a,b\n1,2\n")
    with pytest.raises(BadSnapshot, match=r"text is not a Parquet file"):
        Snapshot.read(tmp_path / "text")
    pq.write_table(pa.table({"a": [1]}), tmp_path / "table")
    with pytest.raises(BadSnapshot, match="table is not an archive snapshot of the form bareme-archive/1"):
        Snapshot.read(tmp_path / "table")


def test_a_file_half_written_is_not_there(tmp_path: Path) -> None:
    def breaks() -> Iterator[dict[str, Any]]:
        yield row(lot(offer("A")), 0)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        Snapshot.write(breaks(), PROVENANCE, tmp_path / "one")
    assert not (tmp_path / "one").exists()
