"""What a proof document can be about: a path from the bid to one thing it says.

`bid`, `operator[/SUPPLIER]`, `origin[/ITEM[/COUNTRY]]` or `evidence[/INDICATOR]`. A proof of a path proves all
below it.
"""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from procurement.people.templatetags.reading import country
from procurement.policies.seeded_texts import indicator_name
from procurement.tenders.models import Bid

BID, OPERATOR, ORIGIN, EVIDENCE = "bid", "operator", "origin", "evidence"


def subjects(bid: Bid) -> dict[str, str]:
    """What a proof of ``bid`` (from `with_lines`) can be about, in words, without a query."""
    return dict(_subjects(bid))


def operator_of(supplier: int) -> str:
    """The origin of an operator of the bid, the tenderer or one beside it, by the id of its supplier."""
    return f"{OPERATOR}/{supplier}"


def origin_of(item: str, code: str) -> str:
    """The origin of an item, by its key, in a country."""
    return f"{ORIGIN}/{item}/{code}"


def evidence_of(indicator: str) -> str:
    """The evidence for an indicator."""
    return f"{EVIDENCE}/{indicator}"


def proves(about: str, subject: str) -> bool:
    """Whether a proof about ``about`` covers ``subject``."""
    return subject == about or subject.startswith(f"{about}/")


def _subjects(bid: Bid) -> Iterator[tuple[str, str]]:
    yield BID, _("The bid as a whole")
    members = list(bid.members.all())
    yield OPERATOR, _("The origins of all the operators") if members else _("The origin of the operator")
    for supplier in [bid.supplier, *(member.supplier for member in members)] if members else []:
        yield operator_of(supplier.pk), _("The origin of %(name)s") % {"name": supplier}
    lines = list(bid.lines.all())
    if lines:
        yield ORIGIN, _("The origins of all the goods")
    for line in lines:
        item = {"item": line.item.designation}
        yield f"{ORIGIN}/{line.item.key}", _("All origins of %(item)s") % item
        for code in dict.fromkeys(origin.country for origin in line.origins.all()):
            yield origin_of(line.item.key, code), _("%(item)s: %(country)s") % {**item, "country": country(code)}
    evidence = list(bid.evidence.all())
    if evidence:
        yield EVIDENCE, _("All the environmental evidence")
    for piece in evidence:
        yield (
            evidence_of(piece.indicator),
            _("Environmental evidence: %(indicator)s") % {"indicator": indicator_name(piece.indicator)},
        )
