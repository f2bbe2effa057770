"""What workers compute of a sweep or of a look, part by part, and how the parts become one document.

A part holds some scenarios over the whole archive, so that nothing is added up across parts. Which parts there are
depends on the question alone, never on how many workers there are.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from django.utils.translation import gettext as _

from procurement.jobs import services as jobs
from procurement.jobs.models import Job
from procurement.people.refusals import Refused
from procurement.problems import said
from procurement.simulation.bindings import code_sha256, file_sha256
from procurement.simulation.models import Box, Look, Sweep
from procurement.simulation.scenarios import scenarios_of, varied_path
from procurement.simulation.studies import study_of
from scoring.portfolio.problems import BadScenario, Unfit

if TYPE_CHECKING:
    import pyarrow as pa

    from scoring.portfolio.sweep import Study

Document = dict[str, Any]

# Bids × scenarios of a part: about a tenth of a second of kernels that add points, two of those that move prices.
BIDS_AT_ONCE = 128_000_000
TOGETHER = 64  # scenarios that a kernel takes at once: a part has a multiple of them where it has more


def parts_of(sweep: Sweep) -> list[Document]:
    """The arguments of each part of a sweep: the curve first, which takes longest."""
    count = len(scenarios_of(sweep.axes))
    size = max(1, BIDS_AT_ONCE // max(1, sweep.snapshot.bids))
    if size > TOGETHER:
        size -= size % TOGETHER
    curve = [{"what": "curve"}] if varied_path(sweep.axes) else []
    blocks = [
        {"what": "scenarios", "first": first, "last": min(first + size, count)} for first in range(0, count, size)
    ]
    return [*curve, {"what": "baseline"}, *blocks]


@contextmanager
def refusing() -> Iterator[None]:
    """What the library does not take, of the archive, the scenarios or the parts, is said in the reader's language."""
    try:
        yield
    except Unfit as unfit:
        raise Refused(said(unfit.phrase)) from unfit


@refusing()
def part_of_sweep(job: Job, arguments: Mapping[str, Any]) -> Document:
    """The document of one part: of the archive as recorded, of some scenarios, or of the step curve and its file.

    Raises Cancelled between the steps of making the archive ready and of the curve once the job has ended.
    """
    from scoring.portfolio import documents  # compiled kernels: workers alone load them

    sweep = Sweep.objects.select_related("snapshot").get(job=job)
    heed = jobs.heeding(job=job)
    study = study_for(sweep, heed)
    if arguments["what"] == "baseline":
        return documents.baseline(study, code=sweep.code_sha256)
    if arguments["what"] == "curve":
        return _curve(sweep, study, heed)
    scenarios = scenarios_of(sweep.axes)[arguments["first"] : arguments["last"]]
    return documents.part(study, scenarios, code=sweep.code_sha256)


@refusing()
def assembled(sweep: Sweep, arguments: Sequence[Document], results: Sequence[Document]) -> tuple[Document, str]:
    """The `bareme-sweep/1` document from the results of all parts, and the SHA-256 of the file of the curve.

    Raises Refused when they are not the answer to this question, whole.
    """
    from scoring.portfolio import documents

    found: dict[str, list[Document]] = {"curve": [], "baseline": [], "scenarios": []}
    for each, result in zip(arguments, results, strict=True):
        found[each["what"]].append(result)
    curve: Document = found["curve"][0] if found["curve"] else {"curve": None, "refused": None, "file_sha256": ""}
    document = documents.assembled(
        scenarios_of(sweep.axes),
        found["baseline"][0],
        found["scenarios"],
        curve=curve["curve"],
        curve_refused=curve["refused"],
    )
    return document, curve["file_sha256"]


@refusing()
def part_of_look(job: Job, _arguments: Mapping[str, Any]) -> Document:
    """The `bareme-look/1` document of a scenario, and the SHA-256 of the file of its changed lots.

    Raises Cancelled between two steps of it once the job has ended.
    """
    from scoring.portfolio.look import look

    asked = Look.objects.select_related("sweep__snapshot").defer("sweep__result").get(job=job)
    sweep = asked.sweep
    study = study_for(sweep, jobs.heeding(job=job))
    seen = look(study, scenarios_of(sweep.axes)[asked.scenario], heed=partial(jobs.heed, job=job))
    jobs.heed(job=job)
    file_sha256 = written(seen.table(), asked.path)
    return {"document": {**seen.document(), "bound": bound(sweep)}, "file_sha256": file_sha256}


def bound(sweep: Sweep) -> dict[str, str]:
    """The hashes of what the answer to a sweep was made from."""
    return {
        "data": sweep.snapshot.sha256,
        "policy": sweep.policy_sha256,
        "scenarios": sweep.scenarios_sha256,
        "code": sweep.code_sha256,
    }


def study_for(sweep: Sweep | Box, heed: Callable[[], None]) -> "Study":
    """The archive and the policy of a question. Raises Refused on another version of the software than took it."""
    if sweep.code_sha256 != code_sha256():
        raise Refused(_("The software of the worker is not the one that took the question: run the simulation again."))
    return study_of(sweep, heed=heed)


def _curve(sweep: Sweep, study: "Study", heed: Callable[[], None]) -> Document:
    from scoring.portfolio.switches import switches

    try:
        found = switches(study, scenarios_of(sweep.axes), varied_path(sweep.axes), heed=heed)
    except BadScenario as refusal:
        return {"curve": None, "refused": refusal.as_json(), "file_sha256": ""}
    document, table = found.document(), found.table(study)
    heed()
    return {"curve": document, "refused": None, "file_sha256": written(table, sweep.curve_path)}


def written(table: "pa.Table", path: Path) -> str:
    """Write a table as a Parquet file, which appears whole or not at all; its SHA-256."""
    import pyarrow.parquet as pq

    path.parent.mkdir(parents=True, exist_ok=True)
    unnamed = path.with_name(f".{uuid4().hex}")
    try:
        pq.write_table(table, unnamed)
        found = file_sha256(unnamed)
        unnamed.rename(path)
    finally:
        unnamed.unlink(missing_ok=True)
    return found
