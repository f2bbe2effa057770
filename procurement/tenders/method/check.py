"""What the rules of a draft do to its invented bids: who wins and why, and what points and bonus cost in money."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

import scoring
from procurement import sentences
from procurement.citations import cited
from procurement.people.templatetags.reading import points as written
from procurement.policies.seeded_texts import titles_of
from procurement.tenders import checks
from procurement.tenders.models import Lot
from procurement.tenders.present import CARDS, SEVERITIES
from procurement.tenders.profiles import case_of
from scoring.case import Case
from scoring.case_reading import read_case
from scoring.evaluate import winner_of
from scoring.formulas import Field
from scoring.guards.method import points_kept_at_twice
from scoring.numbers import fixed
from scoring.worth import CENT, at_equal_prices, cents_for_points, winning_price

Document = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Placed:
    """An invented bid in the ranking; points by criterion in the order of the rules.

    `wins_at`: the highest price found at which it wins, None for none; without the policy: `wins_at_plain`.
    """

    row: Document
    name: str
    points: list[str]
    won: bool
    wins_at: Decimal | None
    wins_at_plain: Decimal | None

    @property
    def bonus_worth(self) -> str:
        """How much dearer the policy lets it win, in the currency; below 0, how much cheaper it must be; or ""."""
        if self.wins_at is None or self.wins_at_plain is None:
            return ""
        return fixed(Fraction(self.wins_at - self.wins_at_plain), 2)


@dataclass(frozen=True, slots=True)
class Difference:
    """Where the winner and the second differ: points of the winner minus those of the second."""

    title: str
    points: str


class Check:
    """The sheet of the invented bids of a lot under its rules as they stand. InvalidDocument: they misfit."""

    def __init__(self, lot: Lot, profiles: Sequence[Document], on: date) -> None:
        self.document = case_of(lot, profiles, on)
        self.case: Case = read_case(self.document)
        self.sheet: Document = scoring.evaluate(self.document)
        self.names = {
            bid["id"]: _("%(name)s (invented)") % {"name": bid["supplier"]["name"]} for bid in self.document["bids"]
        }
        self.titles = {criterion.id: criterion.title or criterion.id for criterion in self.case.criteria}
        self.policies = titles_of(self.document.get("policy"))
        self.currency = self.case.tender.currency
        self.has_policy = self.case.policy is not None

    @property
    def headings(self) -> list[str]:
        """What stands over the points of each criterion, in the order of `Placed.points`."""
        return [
            _("%(title)s, out of %(weight)s") % {"title": self.titles[each["id"]], "weight": written(each["weight"])}
            for each in self.document["criteria"]
        ]

    @cached_property
    def ranking(self) -> list[Placed]:
        """The invented bids that are left, best first."""
        return [self._placed(row) for row in self.sheet["ranking"]]

    @property
    def excluded(self) -> list[tuple[str, str]]:
        """The others: name, and what excludes it."""
        return [(self.names[each["bid"]], self._reason(each["reason"])) for each in self.sheet["excluded"]]

    @property
    def winner(self) -> Placed | None:
        return next((placed for placed in self.ranking if placed.won), None)

    @property
    def lead(self) -> str:
        """By how many points the winner is ahead of the second."""
        return str(self.sheet["comparisons"][0]["total"])

    @property
    def winner_without_policy(self) -> str:
        """The name of the winner without the policy where it is another one; "" where it is not."""
        plain = self.sheet["without_policy"]
        return self.names.get(plain["winner"], _("nobody")) if plain["changed"] else ""

    @property
    def differences(self) -> list[Difference]:
        """Why the first is before the second: they add up to the lead."""
        if not self.sheet["comparisons"]:
            return []
        against = self.sheet["comparisons"][0]
        found = [Difference(self.titles[key], each["points"]) for key, each in against["criteria"].items()]
        for title, value in ((_("Bonus"), against["bonus"]), (_("Effect on the total"), against["scaling"])):
            found += [Difference(title, value)] if Fraction(value) else []
        return found

    @property
    def point_worth(self) -> tuple[str, Decimal] | None:
        """The second of the ranking, and how much cheaper it must be to gain a point of price beside these bids."""
        criterion, prices = self._price_criterion, self._evaluated_prices
        if criterion is None or len(prices) < 2:
            return None
        cents = cents_for_points(criterion, prices[1], Fraction(1), Field.of(prices))
        return None if cents is None else (self.ranking[1].name, Decimal(fixed(cents * CENT, 2)))

    @property
    def kept_at_twice(self) -> str:
        """The part of the best price's points that twice the lowest price keeps, 4 decimals; "" for none."""
        criterion = self._price_criterion
        kept = points_kept_at_twice(criterion, self._evaluated_prices) if criterion else None
        return "" if kept is None else fixed(kept, 4)

    @property
    def winner_at_equal_prices(self) -> str:
        """Who wins when every invented bid has the lowest price; "" for nobody."""
        winner = winner_of(at_equal_prices(self.case))
        return self.names[winner.id] if winner else ""

    @property
    def withdrawals(self) -> list[tuple[str, str]]:
        """The losers whose withdrawal changes the winner, and who wins then ("": nobody)."""
        return [(self.names[each["bid"]], self.names.get(each["winner"], "")) for each in self.sheet["withdrawals"]]

    @property
    def alerts(self) -> list[tuple[str, str]]:
        """The invented bids whose price would be signalled as abnormally low, and the threshold, in the currency."""
        return [(self.names[each["bid"]], fixed(Fraction(each["exact_threshold"]), 2)) for each in self.sheet["alerts"]]

    @property
    def weights(self) -> list[tuple[str, str, str]]:
        """Title, published weight and what it counts for out of 100 where a bonus dilutes it; [] where none does."""
        effective = checks.effective_weights(self.sheet["findings"])
        return [
            (self.titles[criterion.id], fixed(criterion.weight, 2), fixed(effective[criterion.id] * 100, 2))
            for criterion in self.case.criteria
            if effective
        ]

    @property
    def findings(self) -> list[Document]:
        """What the guards say, as `components/finding.html` draws it, each with what to do about it."""
        found = sorted(self.sheet["findings"], key=lambda finding: SEVERITIES.index(finding["severity"]))
        return [self._finding(finding) for finding in found]

    def _finding(self, finding: Document) -> Document:
        return {
            **finding,
            "sentence": sentences.sentence(finding, self.names, self.titles, self.currency, self.policies),
            # What is missing comes with real bids: there is nothing to complete on invented ones.
            "advice": "" if finding["severity"] == "not_assessed" else sentences.advice(finding),
            "article": cited(finding["article"]),
            "card": reverse("policies:parameter", args=[CARDS[finding["code"]]]),
        }

    def _placed(self, row: Document) -> Placed:
        return Placed(
            row=row,
            name=self.names[row["bid"]],
            points=[row["criteria"][criterion.id]["points"] for criterion in self.case.criteria],
            won=row["bid"] == self.sheet["winner"],
            wins_at=self._wins_at(self.case, row, self.sheet["winner"]),
            wins_at_plain=self._wins_at(replace(self.case, policy=None), row, self.sheet["without_policy"]["winner"]),
        )

    def _wins_at(self, case: Case, row: Document, winner: str | None) -> Decimal | None:
        if row["bid"] == winner:
            return Decimal(row["price"])
        price = winning_price(case, row["bid"])
        return None if price is None else Decimal(fixed(price, 2))

    @property
    def _price_criterion(self) -> Any:
        return next((each for each in self.case.criteria if each.kind in ("price", "cost")), None)

    @property
    def _evaluated_prices(self) -> list[Fraction]:
        """Of the bids left, best first."""
        return [Fraction(row["exact_evaluated_price"]) for row in self.sheet["ranking"]]

    def _reason(self, code: str) -> str:
        kind, _colon, criterion = code.partition(":")
        if kind == "minimum":
            return _("its mark is under the eliminating one of %(title)s") % {"title": self.titles[criterion]}
        return _("excluded by the measure %(id)s of the policy") % {"id": code}
