"""A finding on the origin of an operator, as it is handed in (Regulation (EU) 2022/1031, art. 3)."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from procurement.people.refusals import Invalid
from procurement.registry.models import Supplier
from scoring.countries import COUNTRIES

LONGEST_EVIDENCE, LONGEST_REFERENCE = 2000, 200  # characters


@dataclass(frozen=True, slots=True)
class Finding:
    """Where an operator originates ("" when unknown), on which basis, and what shows it."""

    country: str = ""
    basis: str = ""
    evidence: str = ""
    reference: str = ""
    found_on: date | None = None

    def __bool__(self) -> bool:
        """Whether anything was found or looked for."""
        return bool(self.country or self.evidence or self.reference or self.found_on)

    def check(self, today: date) -> None:
        """Raise Invalid, with one sentence, for what is no finding on the day ``today``."""
        check_country(self.country)
        if bool(self.country) != bool(self.basis):
            raise Invalid(_("The operator's origin and the basis it was found on go together: give both or neither."))
        if self.basis and self.basis not in Supplier.OriginBasis.values:
            known = ", ".join(Supplier.OriginBasis.values)
            raise Invalid(_("The basis of the origin is one of: %(known)s.") % {"known": known})
        if len(self.evidence) > LONGEST_EVIDENCE or "\x00" in self.evidence:
            raise Invalid(_("The evidence is a text of at most %(most)d characters.") % {"most": LONGEST_EVIDENCE})
        if len(self.reference) > LONGEST_REFERENCE or "\x00" in self.reference:
            raise Invalid(
                _("The reference of the evidence has at most %(most)d characters.") % {"most": LONGEST_REFERENCE}
            )
        if self.found_on and self.found_on > today:
            raise Invalid(_("The day on which the origin was found lies in the future: give a day up to today."))


def check_country(country: str) -> None:
    """Raise Invalid unless ``country`` is a code of ISO 3166-1 alpha-2 or ""."""
    if country and country not in COUNTRIES:
        raise Invalid(_("“%(country)s” is not a country: write two capitals of ISO 3166-1, FR.") % {"country": country})
