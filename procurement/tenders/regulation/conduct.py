"""The clauses on prices and on how bids are judged: price basis, low prices, envelopes, names, what is announced."""

from collections.abc import Iterator

from procurement.people.templatetags.reading import money
from procurement.tenders.regulation.articles import article
from procurement.tenders.regulation.blocks import Block, paragraph
from procurement.tenders.regulation.published import Published
from procurement.tenders.regulation.texts import say


def prices(lot: Published) -> Iterator[Block]:
    """With or without VAT, and over which quantities."""
    tender = lot.lot.tender
    yield paragraph(say("incl_vat" if tender.prices_include_vat else "excl_vat", currency=lot.currency))
    maximum = tender.framework_maximum
    if maximum is None:
        yield paragraph(say("ordinary"))
    else:
        yield paragraph(say("framework", maximum=money(maximum, lot.currency)))
    if any(criterion.kind == "cost" for criterion in lot.criteria):
        yield paragraph(say("cost"))


def low_prices(lot: Published) -> Iterator[Block]:
    yield paragraph(say("low_words", article=article("abnormally_low.explanations_first", on=lot.day)))


def judging(lot: Published) -> Iterator[Block]:
    """What evaluators do not see; nothing where they see everything."""
    if lot.lot.two_envelopes:
        yield paragraph(say("two_envelopes"))
    if lot.lot.anonymous:
        yield paragraph(say("anonymous"))


def announced(lot: Published) -> Iterator[Block]:
    """What need not be announced, and the hash of what is, once it is frozen."""
    yield paragraph(say("announced_words", article=article("criteria.unpublished_bonus", on=lot.day)))
    yield paragraph(say("not_announced"))
    if lot.rules_sha256:
        yield paragraph(say("rules_hash", digest=lot.rules_sha256))
