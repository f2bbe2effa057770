"""Findings in sentences: what each guard found, what to do about it, and what it lacked, in the reader's language.

`scoring` answers in codes and values only (specification 5). Every guard has its line in `WORDINGS`; the names in
`%(…)s` are those of the finding's values. Tenders, evaluation and the API all say a finding through this module.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any
from unicodedata import combining, normalize

from babel import Locale
from babel.numbers import format_currency
from django.utils.formats import date_format, number_format
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext, ngettext, to_locale
from django.utils.translation import gettext_lazy as _

from scoring.numbers import fixed

Text = str | Promise
Finding = Mapping[str, Any]
LONGEST_LIST = 8


@dataclass(frozen=True, slots=True)
class Wording:
    """How one guard speaks: its sentence, the advice under it, and the question it asks when a fact is missing.

    `block` is the sentence of its blocking findings where it differs.
    """

    sentence: Text
    advice: Text
    question: Text
    block: Text | None = None


WORDINGS: dict[str, Wording] = {
    "price-only": Wording(
        _("Price is the only criterion, which is no longer allowed for consultations launched from %(since)s."),
        _("Add a criterion that takes the environmental characteristics of the bid into account."),
        _("Is price the only criterion of a consultation for which this is forbidden?"),
    ),
    "environment-criterion-missing": Wording(
        _("No criterion takes the environmental characteristics of the bid into account, as required from %(since)s."),
        _("Add an environmental criterion, or mark the criterion that already counts the environment."),
        _("Is an environmental criterion required here?"),
    ),
    "bonus-unpublished": Wording(
        _("The published rules do not name version %(version)s of the policy %(policy)s, which is applied here."),
        _("Apply the policy that was published: a bonus that was not published is an unpublished criterion."),
        _("Do the published rules name the policy that is applied?"),
    ),
    "policy-proposed": Wording(
        _("The policy %(policy)s, version %(version)s, is a proposal: it may be simulated, not awarded on."),
        _("Award under the published rules in force; keep the proposal for a simulation."),
        _("Is this an award under a policy that is only proposed?"),
    ),
    "origin-bonus-covered": Wording(
        _(
            "By %(causes)s, operators or goods that an agreement covers are placed lower than those of the Union"
            " (%(countries)s), in a procedure at or above the threshold."
        ),
        _("Treat every covered country like the Union, or aim the measure at origins that are not covered."),
        _("Are operators or goods that an agreement covers placed lower than those of the Union?"),
    ),
    "intra-eu-discrimination": Wording(
        _(
            "By %(causes)s, States of the Union or the European Economic Area are treated worse than another"
            " (%(countries)s)."
        ),
        _("Give the measure an area that holds every State of the European Economic Area."),
        _("Is a State of the Union or the European Economic Area treated worse than another?"),
    ),
    "value-added-origin": Wording(
        _("The policy %(policy)s, version %(version)s, counts shares of value added, but goods have one origin."),
        _("Award on the customs origin of the goods; keep shares of value added for a simulation."),
        _("Is this an award on shares of value added?"),
    ),
    "ipi-2025-1197": Wording(
        _("Ranked without a recorded exception although the operator originates in %(countries)s: %(bids)s."),
        _("Exclude the bid under the measure on medical devices, or record which exception applies and why."),
        _("Does the measure on medical devices exclude a ranked bid?"),
    ),
    "ipi-origin-cap": Wording(
        _("Goods originating in %(countries)s make %(exact_share)s of the winner's bid, more than %(exact_cap)s."),
        _("Ask the winner how it will keep the cap, and check it at each delivery."),
        _("Does the winner offer more goods of the measured origin than allowed?"),
    ),
    "ipi-unannounced": Wording(
        _("The consultation documents do not announce the measure on medical devices, which applies."),
        _("Announce the measure in the documents before the bids, or extend the time limit for a correction."),
        _("Do the consultation documents announce the measure on medical devices?"),
    ),
    "company-rating-criterion": Wording(
        _("A criterion or an indicator rates the company as a whole instead of the bid: %(names)s."),
        _("Rate what is offered: its packaging, transport, lifetime, or how this contract will be performed."),
        _("Does a criterion rate the company as a whole?"),
    ),
    "ecolabel-medical-device": Wording(
        _("An EU Ecolabel is claimed for goods it excludes, medicines and medical devices: %(bids)s."),
        _("Ask for the licence number; the label cannot have been given to these goods."),
        _("Is an EU Ecolabel claimed for goods it excludes?"),
    ),
    "environment-counted-twice": Wording(
        _("The same evidence feeds a criterion and a bonus: %(measures)s."),
        _("Keep the evidence in one of the two, and say so in the published rules."),
        _("Does the same evidence feed a criterion and a bonus?"),
    ),
    "weights-diluted": Wording(
        _("Up to %(exact_bonus)s bonus points stand on top of 100, so the criteria weigh: %(weights)s."),
        _("Publish the effective weights beside the weights."),
        _("Does a bonus on top of 100 dilute the weights?"),
    ),
    "method-neutralised": Wording(
        _("The formula of %(criterion)s tells prices too little apart: at twice the lowest, %(exact_kept)s is kept."),
        _("Choose a formula in which a bid at twice the lowest price keeps at most %(exact_limit)s of its points."),
        _("Does the price formula neutralise the weight of the price?"),
    ),
    "method-amplified": Wording(
        _(
            "Prices at most %(exact_spread)s apart are separated by %(exact_separation)s"
            " of the weight of %(criterion)s."
        ),
        _("Look at the ranking with another formula before the next consultation; the published one applies here."),
        _("Does the price formula amplify small differences?"),
    ),
    "method-rank-reversal": Wording(
        _("The winner would be another if a losing bid had not been made: %(bids)s."),
        _("Nothing is irregular; a formula that does not depend on the other bids avoids it."),
        _("Does a losing bid decide who wins?"),
    ),
    "abnormally-low": Wording(
        _("Prices that seem abnormally low, under %(exact_threshold)s: %(bids)s."),
        _("Ask the tenderer for explanations and record them; a formula alone never excludes a bid."),
        _("Are the explanations of abnormally low prices recorded?"),
        block=_("No explanations are recorded for prices that seem abnormally low: %(bids)s."),
    ),
    "single-bid": Wording(
        _("A single bid is left, so nothing was compared: %(bid)s."),
        _("Note in the report why competition was weak, and what could widen it."),
        _("Is a single bid left?"),
    ),
    "unknown-origin": Wording(
        _("Ranks depend on an origin that nobody has given: %(bids)s."),
        _("Ask for the missing origins: the ranks of both readings are shown."),
        _("Do ranks depend on an origin that nobody has given?"),
    ),
    "self-assessment": Wording(
        _("A mark was given by the tenderer itself: %(bids)s."),
        _("Have the panel give its own mark, with a comment."),
        _("Was a mark given by the tenderer itself?"),
    ),
    "stale-rule": Wording(
        _("Legal values used here were not reviewed in the last twelve months: %(parameters)s."),
        _("Have the legal values reviewed, and score again if one changed."),
        _("Were the legal values used here reviewed in the last twelve months?"),
    ),
}

NOT_GIVEN: dict[str, Text] = {
    "assessed_on": _("the day of the assessment"),
    "tender.launched_on": _("the launch date"),
    "tender.cpv": _("the CPV code"),
    "tender.estimated_value": _("the estimated value in euro"),
    "facts.purpose": _("whether this prepares an award"),
    "facts.published_policy": _("the policy the published rules name"),
    "facts.buyer_category": _("the category of the buyer"),
    "facts.ipi_announced": _("whether the documents announce the measure"),
    "facts.ipi_exception": _("whether an exception was recorded"),
    "facts.evidence_counted_twice": _("whether evidence is counted twice"),
    "facts.self_assessed_marks": _("who gave the marks"),
    "facts.abnormally_low_explanations": _("the explanations recorded"),
}

_COUNTRIES = {"countries", "operators", "goods"}
_RATIOS = {"exact_share", "exact_cap", "exact_kept", "exact_limit", "exact_spread", "exact_separation"}
_NUMBERS = {"exact_bonus"}


def sentence(
    finding: Finding,
    names: Mapping[str, str] | None = None,
    criteria: Mapping[str, str] | None = None,
    currency: str = "EUR",
    policies: Mapping[str, str] | None = None,
) -> str:
    """The finding in one sentence.

    `names` are the tenderers' names by bid id, `criteria` and `policies` the titles by id; an id stands where it has
    none. `currency` is that of the procedure.
    """
    wording = WORDINGS[finding["code"]]
    if finding["severity"] == "not_assessed":
        lacking = [_not_given(path, names or {}) for path in finding["values"]["missing"]]
        return gettext("%(question)s Missing: %(missing)s.") % {
            "missing": _listed(lacking),
            "question": wording.question,
        }
    template = wording.block if wording.block and finding["severity"] == "block" else wording.sentence
    shown = _values(finding["values"], names or {}, criteria or {})
    if "policy" in shown:
        shown["policy"] = (policies or {}).get(shown["policy"], shown["policy"])
    if "exact_threshold" in shown:  # a price
        shown["exact_threshold"] = _price(Fraction(finding["values"]["exact_threshold"]), currency)
    return str(template) % shown


def advice(finding: Finding) -> str:
    """What to do about the finding, in a sentence."""
    if finding["severity"] == "not_assessed":
        return gettext("Give what is missing, then score again.")
    return str(WORDINGS[finding["code"]].advice) % _values(finding["values"], {}, {})


def _values(values: Mapping[str, Any], names: Mapping[str, str], criteria: Mapping[str, str]) -> dict[str, str]:
    """The finding's values as the templates show them, and the few that are made of several."""
    shown = {key: _shown(key, value, names) for key, value in values.items()}
    if "tie_breaks" in values:
        causes = [
            *(gettext("the measure %(id)s") % {"id": measure} for measure in values["measures"]),
            *(gettext("the tie-break by European share") for _each in values["tie_breaks"]),
        ]
        shown["causes"] = _listed(causes)
    if "criterion" in values:
        shown["criterion"] = criteria.get(values["criterion"], values["criterion"])
    if "operators" in values:
        shown["countries"] = _shown("countries", sorted({*values["operators"], *values["goods"]}), names)
    if "effective_weights" in values:
        weights = zip(values["criteria"], values["effective_weights"], strict=True)
        shown["weights"] = _listed(
            [f"{criteria.get(key, key)} {_percent(Fraction(weight))}" for key, weight in weights]
        )
    return shown


def letters(name: str) -> str:
    """By which names are put in order: É stands with E, as in a dictionary."""
    return "".join(letter for letter in normalize("NFD", name.casefold()) if not combining(letter))


def _shown(key: str, value: Any, names: Mapping[str, str]) -> str:
    if key in _RATIOS:
        return _percent(Fraction(value)) if value else ""
    if key in _NUMBERS:
        return _number(Fraction(value), 2)
    if key == "since":
        return date_format(date.fromisoformat(value))
    if key in _COUNTRIES:
        territories = Locale.parse(to_locale(get_language() or "en")).territories
        return _listed(sorted((territories.get(code, code) for code in value), key=letters))
    if key in ("bid", "bids"):
        return _listed([names.get(bid, bid) for bid in ([value] if key == "bid" else value)])
    return _listed(value) if isinstance(value, list) else str(value)


def _not_given(path: str, names: Mapping[str, str]) -> str:
    """What a path of the case stands for."""
    if path in NOT_GIVEN:
        return str(NOT_GIVEN[path])
    kind, _dot, rest = path.partition(".")
    if kind == "bids":
        bid, _dot, what = rest.partition(".")
        shown = {"bid": names.get(bid, bid)}
        return (
            gettext("the origin of the goods of %(bid)s") if what == "lines" else gettext("the origin of %(bid)s")
        ) % shown
    return gettext("a value of %(key)s for that day") % {"key": rest}


def _listed(items: list[Any]) -> str:
    """The items in a row; a long list ends with how many more there are."""
    head, more = [str(item) for item in items[:LONGEST_LIST]], len(items) - LONGEST_LIST
    if more <= 0:
        return ", ".join(head)
    return ngettext("%(head)s and %(count)d other", "%(head)s and %(count)d others", more) % {
        "head": ", ".join(head),
        "count": more,
    }


def _percent(ratio: Fraction) -> str:
    return gettext("%(number)s%%") % {"number": _number(ratio * 100, 2)}


def _price(amount: Fraction, currency: str) -> str:
    return str(format_currency(Decimal(fixed(amount, 2)), currency, locale=to_locale(get_language() or "en")))


def _number(value: Fraction, decimals: int) -> str:
    return number_format(Decimal(fixed(value, decimals).rstrip("0").rstrip(".")), force_grouping=True)
