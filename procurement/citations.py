"""References to texts of law as the reader cites them: the parameters hold them in English."""

import re

from django.utils.translation import gettext_lazy as _

TERMS = {
    # acts
    "Implementing Regulation (EU)": _("Implementing Regulation (EU)"),
    "Delegated Regulation (EU)": _("Delegated Regulation (EU)"),
    "Regulation (EU)": _("Regulation (EU)"),
    "Regulation (EC)": _("Regulation (EC)"),
    "2014/24/EU": _("2014/24/EU"),
    "2014/25/EU": _("2014/25/EU"),
    "TFEU": _("TFEU"),
    "TEU": _("TEU"),
    "GPA": _("GPA"),
    "EEA Agreement": _("EEA Agreement"),
    "EFTA Convention": _("EFTA Convention"),
    "Critical Medicines Act": _("Critical Medicines Act"),
    "CPV division": _("CPV division"),
    # courts
    "CJEU": _("CJEU"),
    "Court of Justice of the European Union": _("Court of Justice of the European Union"),
    # titles
    "Agreement on the European Economic Area": _("Agreement on the European Economic Area"),
    "Convention establishing the European Free Trade Association": _(
        "Convention establishing the European Free Trade Association"
    ),
    "EU Ecolabel Regulation": _("EU Ecolabel Regulation"),
    "EU thresholds": _("EU thresholds"),
    "International Procurement Instrument": _("International Procurement Instrument"),
    "Procurement chapters of agreements of the European Union": _(
        "Procurement chapters of agreements of the European Union"
    ),
    "Treaty on European Union": _("Treaty on European Union"),
    "Treaty on the Functioning of the European Union": _("Treaty on the Functioning of the European Union"),
    "Union Customs Code": _("Union Customs Code"),
    "WTO Agreement on Government Procurement": _("WTO Agreement on Government Procurement"),
    # what is said of them
    "Project rule": _("Project rule"),
    "limit chosen by the project": _("limit chosen by the project"),
    "names in use": _("names in use"),
    "as amended by": _("as amended by"),
    "and case law of the Court of Justice": _("and case law of the Court of Justice"),
    "to R2184-3": _("to R2184-3"),
    "; ": _("; "),
}
_TERM = re.compile("|".join(re.escape(term) for term in sorted(TERMS, key=len, reverse=True)))


def cited(reference: str) -> str:
    """`reference` in the reader's language: `Règlement (UE) 2022/1031 art. 8`."""
    return _TERM.sub(lambda term: str(TERMS[term[0]]), reference)
