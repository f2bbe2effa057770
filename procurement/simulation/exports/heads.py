"""What is said before the table of every file of a simulation: that it is one, of which archive, on which hashes."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from procurement.evaluation.exports.csv_tables import Cell
from procurement.simulation.models import Box, Look, Sweep
from procurement.simulation.present import figures, provenance, shares
from procurement.simulation.present.result import Result

Head = list[tuple[str, Cell]]


def of_sweep(sweep: Sweep, answer: Sweep | Look, *, stale: bool) -> Head:
    """That of a simulation, or of a look at one of its scenarios."""
    question: Head = [
        (_("Cash-back scheme"), str(sweep.scheme_version or sweep.policy_version)),
        (_("Area that stands for the contract’s own country"), sweep.local_area),
        (_("Indicator of the CO2e"), sweep.carbon),
    ]
    return _head(sweep, answer, question, figures.certificate(Result(sweep)), stale)


def of_box(box: Box, *, stale: bool) -> Head:
    """That of a box: its ranges, samples and seed, and how far a share may be from the true one."""
    ranges = [
        (each["name"], _("from %(low)s to %(high)s") % each if "low" in each else _("as today: %(today)s") % each)
        for each in shares.ranges(box)
    ]
    question: Head = [
        (_("Area that stands for the contract’s own country"), box.local_area),
        *ranges,
        (_("Samples"), box.samples),
        (_("Seed"), box.seed),
        (_("Accuracy"), shares.error(box)),
        (
            _("Lines"),
            _("Each bid that wins a sample, and the recorded award. A line without a bid: samples that nobody wins."),
        ),
    ]
    head = _head(box, box, question, [shares.certificate(box)], stale)
    return [*head, (_("SHA-256 of the lots"), box.file_sha256)]


def _head(
    asked: Sweep | Box, answer: Sweep | Look | Box, question: Head, certificate: Iterable[str], stale: bool
) -> Head:
    assert answer.result is not None
    known, bound = asked.snapshot.provenance, answer.result["bound"]
    hashes = {
        "data": _("SHA-256 of the archive"),
        "policy": _("SHA-256 of the rules"),
        "scenarios": _("SHA-256 of the scenarios"),
        "ranges": _("SHA-256 of the ranges, samples and seed"),
        "code": _("SHA-256 of the program"),
    }
    return [
        (_("Status"), _("Proposal: simulation only")),
        (_("What it means"), provenance.strip(known)),
        (_("Archive"), provenance.source(known)),
        (_("Policy"), str(asked.policy_version)),
        *question,
        (_("Computed"), answer.finished_at),
        (_("Stale"), _("yes") if stale else _("no")),
        *((_("Certificate"), sentence) for sentence in certificate),
        *((title, bound[key]) for key, title in hashes.items() if key in bound),
        (_("SHA-256 of the result"), answer.result_sha256),
    ]
