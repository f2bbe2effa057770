"""Snapshots of an imported archive: every contract it kept, in the order of their keys."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_noop

from procurement.simulation.models import ArchiveCase
from procurement.simulation.sources.content import Content, Provenance, Row, in_order, row_of
from procurement.simulation.sources.pseudonyms import of_published_name


@dataclass(frozen=True, slots=True)
class Archived:
    """An imported archive: the key of its source, who buys in it, what its columns mean."""

    source: str
    buyer: str
    provenance: Provenance

    def any(self) -> bool:
        """Whether something of it was imported."""
        return ArchiveCase.objects.filter(source=self.source).exists()

    def content(self) -> Content:
        """Its contracts as they stand now."""
        cases = ArchiveCase.objects.filter(source=self.source)
        keys = [pk for _key, pk in sorted(cases.values_list("key", "pk"))]
        return Content(self._rows(in_order(cases, keys)), len(keys), self.provenance)

    def _rows(self, cases: Iterator[ArchiveCase]) -> Iterator[Row]:
        for case in cases:
            document: dict[str, Any] = case.document
            yield row_of(
                document,
                id=case.key,
                buyer=self.buyer,
                country=case.country,
                awarded_on=case.awarded_on,
                pseudonym=of_published_name,
            )


WORLDBANK = Archived(
    source="worldbank",
    buyer="Borrowers of the World Bank",
    provenance={
        "title": gettext_noop("World Bank contract awards"),
        "source": gettext_noop("World Bank, contract awards of financed projects, as collected in tlevine/red-flags"),
        "licence": gettext_noop("World Bank Open Data terms, CC BY 4.0"),
        "origin_of": "bidders",
        "marks": "none",
        "weights": "simulated",  # the source says no criteria: the price alone counts here
    },
)
TSUCHIURA = Archived(
    source="tsuchiura",
    buyer="City of Tsuchiura",
    provenance={
        "title": gettext_noop("Municipal auctions of Tsuchiura, Japan"),
        "source": gettext_noop("City of Tsuchiura, as collected in sylvaingchassang/missing_bids"),
        "licence": "MIT",
        "origin_of": "unknown",
        "marks": "none",
        "weights": "real",  # the lowest price wins
    },
)
