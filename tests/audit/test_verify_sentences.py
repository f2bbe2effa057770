"""Each check of the verifier has a bundle that it alone sees so: taken out, its sentence is missing here."""

from __future__ import annotations

import ast
import io
import sys
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

import pytest

from procurement.audit import verify
from tests.audit.altered import ALTERED, Altered
from tests.audit.bundles import FINGERPRINT, packed

pytestmark = pytest.mark.filterwarnings("ignore:Duplicate name")


def checks() -> set[int]:
    """The lines of the verifier where a difference is told."""
    calls = (node for node in ast.walk(ast.parse(Path(verify.__file__).read_text())) if isinstance(node, ast.Call))
    return {call.lineno for call in calls if getattr(call.func, "attr", "") == "differs"}


def sentences(altered: Altered, without: int = 0) -> dict[str, set[int]]:
    """What the verifier tells of a bundle, each sentence with the lines that tell it; one line may be taken out."""
    found: dict[str, set[int]] = defaultdict(set)
    tell = verify.Report.differs

    def differs(report: verify.Report, sentence: str) -> None:
        line = sys._getframe(1).f_lineno
        if line != without:
            found[sentence].add(line)
            tell(report, sentence)

    content = altered if isinstance(altered, bytes) else packed(altered)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(verify.Report, "differs", differs)
        _said, report = verify.verify(io.BytesIO(content), FINGERPRINT)
    assert set(report.differences) == set(found)
    return found


def teller(part: str, build: Callable[[], Altered]) -> int:
    """The one line of the verifier that tells a sentence with this part."""
    [line] = set().union(*(lines for sentence, lines in sentences(build()).items() if part in sentence))
    return int(line)


@pytest.mark.parametrize(("part", "build"), ALTERED, ids=[part for part, _build in ALTERED])
def test_a_check_taken_out_is_missed(part: str, build: Callable[[], Altered]) -> None:
    without = sentences(build(), without=teller(part, build))
    assert not [sentence for sentence in without if part in sentence]


def test_every_check_of_the_verifier_is_among_them() -> None:
    assert checks() == {teller(part, build) for part, build in ALTERED}
