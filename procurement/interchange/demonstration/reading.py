"""The files of the demonstration, and the short form of their bids as the documents the services take."""

from collections.abc import Iterator
from importlib.resources import files
from typing import Any

import yaml

from scoring.numbers import is_decimal

Document = dict[str, Any]


def read(name: str) -> Any:
    """One file of this folder."""
    return yaml.safe_load(files(__package__).joinpath(name).read_text(encoding="utf-8"))


def procedures() -> Iterator[Document]:
    """The procedures by file name."""
    folder = files(__package__).joinpath("tenders")
    for file in sorted(folder.iterdir(), key=lambda file: file.name):
        if file.name.endswith(".yaml"):
            yield yaml.safe_load(file.read_text(encoding="utf-8"))


def bid_document(bid: Document) -> Document:
    """A bid in the short form `lines: {item: [unit price, {country: [share, assurance]}]}` as a bid document."""
    document: Document = {"id": bid["id"], "supplier": {"name": bid["supplier"]}, "submitted_at": bid["received"]}
    if "excluded" in bid:
        ground, reason = bid["excluded"]
        return {**document, "status": "excluded", "exclusion": ground, "exclusion_reason": reason}
    document |= {name: bid[name] for name in ("cost", "consortium") if name in bid}
    return document | offer_document(bid)


def offer_document(bid: Document) -> Document:
    """What a bid in its short form offers: its lines and its environmental evidence."""
    lines = [
        {
            "id": item,
            "unit_price": price,
            "origins": [
                {"country": country, "share": share, "assurance": assurance}
                for country, (share, assurance) in origins.items()
            ],
        }
        for item, (price, origins) in bid["lines"].items()
    ]
    environment = {
        indicator: {"value": value, "assurance": assurance}
        for indicator, (value, assurance) in bid.get("environment", {}).items()
    }
    return {"lines": lines, "environment": environment}


def marks(bid: Document) -> Iterator[tuple[str, str, str]]:
    """Criterion, mark and reason of each mark of a bid in the short form."""
    for criterion, (value, reason) in bid.get("marks", {}).items():
        if not is_decimal(value):
            raise ValueError(f"The mark of {bid['id']} on {criterion} is {value!r}: write a plain decimal in quotes.")
        yield criterion, value, reason
