"""The announcement of a lot: its règlement on criteria in every language, as one document that is frozen and hashed.

    {"schema": "bareme-announcement/1", "tender": reference, "lot": number, "training", "rules_sha256",
     "anonymous", "two_envelopes", "steps": {criterion: [{"value", "meaning"}]},
     "effective_weights": {criterion: "numerator/denominator", a part of 1},
     "texts": {language: {"title", "subtitle", "sections": [{"title", "blocks": [block, …]}]}}}

A block is {"paragraph": text} or {"table": {"caption", "head": [text], "rows": [[text]]}}. In ``texts``, titles of
the lot and of its criteria, and the meaning of steps, are in the language of the text where they are those of a
template (`grids.wording`); elsewhere, and in ``steps``, they stand as the buyer wrote them.
"""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.utils.translation import override

from procurement.tenders.grids.wording import is_templated
from procurement.tenders.models import Announcement, Lot, Stage
from procurement.tenders.regulation import conduct, criteria, preference
from procurement.tenders.regulation.blocks import section
from procurement.tenders.regulation.published import Published, published
from procurement.tenders.regulation.texts import LANGUAGES, quote, say
from procurement.tenders.rules import rules_of
from scoring.numbers import exact

SCHEMA = "bareme-announcement/1"
SECTIONS = (
    ("criteria", criteria.weights),
    ("points", criteria.scoring),
    ("marks", criteria.marks),
    ("ranking", criteria.ranking),
    ("price", conduct.prices),
    ("policy", preference.policy),
    ("ipi", preference.ipi),
    ("low", conduct.low_prices),
    ("judging", conduct.judging),
    ("announced", conduct.announced),
)
Document = dict[str, Any]


def announcement_of(lot: Lot, rules: Document, rules_sha256: str, *, on: date) -> Document:
    """The announcement of ``lot`` (from `for_rules`) under its ``rules``; ``on``: the day of its publication.

    Without ``rules_sha256`` it is that of a draft, which does not say that anything is frozen.
    """
    it = published(lot, rules, rules_sha256, on=on)
    return {
        "schema": SCHEMA,
        "tender": lot.tender.reference,
        "lot": lot.number,
        "training": lot.tender.training,
        "rules_sha256": rules_sha256,
        "anonymous": lot.anonymous,
        "two_envelopes": lot.two_envelopes,
        "steps": it.steps,
        "effective_weights": {key: exact(weight) for key, weight in it.effective.items()},
        "texts": {language: _text(it, language) for language in LANGUAGES},
    }


def preview_of(lot: Lot, *, on: date) -> Announcement | None:
    """What a draft (from `for_rules`) would announce, unsaved and without a hash; None once it is published."""
    if lot.stage != Stage.DRAFT:
        return None
    return Announcement(lot=lot, document=announcement_of(lot, rules_of(lot), "", on=on))


def as_written(lot: Lot) -> list[str]:
    """The texts of ``lot`` (from `for_rules`) that stand alike in every language, each once: no template has them."""
    criteria = lot.criteria.all()
    texts = [lot.title, *(text for each in criteria for text in (each.parent, each.title))]
    texts += [step["meaning"] for each in criteria for step in each.steps]
    return [text for text in dict.fromkeys(texts) if text and not is_templated(text)]


def _text(it: Published, language: str) -> Document:
    with override(language):
        made = [(say(title), list(clauses(it))) for title, clauses in SECTIONS]
        return {
            "title": say("title", number=it.lot.number),
            "subtitle": " ".join(_identity(it)),
            "sections": [section(title, blocks) for title, blocks in made if blocks],
        }


def _identity(it: Published) -> Iterable[str]:
    lot = it.lot
    yield say(
        "identity",
        reference=lot.tender.reference,
        tender=lot.tender.title,
        body=lot.tender.contracting_body.name,
        number=lot.number,
        lot=quote(lot.title),
    )
    if lot.tender.training:
        yield say("training")
