"""What a bid offers, as rows: unit prices with their origins, evidence, and the amounts its tenderer states."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from procurement.tenders import stated
from procurement.tenders.models import Bid, BidLine, EnvironmentalEvidence, LineOrigin

Document = Mapping[str, Any]


def write(bid: Bid, document: Document) -> None:
    """Keep what a document (`documents.BID`) in which nothing is wrong offers, in place of what ``bid`` offered."""
    items = {item.key: item for item in bid.lot.items.all()}
    bid.lines.all().delete()
    bid.evidence.all().delete()
    for line in document.get("lines", []):
        row = BidLine.objects.create(bid=bid, item=items[line["id"]], unit_price=Decimal(line["unit_price"]))
        LineOrigin.objects.bulk_create(
            LineOrigin(line=row, **{**origin, "share": Decimal(origin["share"])}) for origin in line.get("origins", [])
        )
    EnvironmentalEvidence.objects.bulk_create(
        EnvironmentalEvidence(bid=bid, indicator=indicator, **{**evidence, "expires_on": _day(evidence)})
        for indicator, evidence in document.get("environment", {}).items()
    )
    stated.write(bid, document, items)


def _day(evidence: Document) -> date | None:
    """The last day on which a piece of evidence is valid; None where it names none."""
    return date.fromisoformat(evidence["expires_on"]) if evidence.get("expires_on") else None
