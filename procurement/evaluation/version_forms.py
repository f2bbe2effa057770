"""The forms another version of a bid is typed in: why it comes, and what it offers."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from procurement.evaluation import services
from procurement.evaluation.models import BidVersion
from procurement.evaluation.services.versions import LAST_ROUND
from procurement.evaluation.standing import number_read
from procurement.evaluation.versions import former, number_of, snapshot, stale_sentence
from procurement.fields import plain
from procurement.people.figures import MONEY, FigureField, in_currency
from procurement.people.models import User
from procurement.people.moments import MomentField
from procurement.people.refusals import Invalid, Refused
from procurement.people.templatetags.reading import moment
from procurement.problems import listed
from procurement.tenders.bid_forms import BidEntry
from procurement.tenders.bid_forms.entry import MOST_ITEMS
from procurement.tenders.bid_forms.evidence import EvidenceForm
from procurement.tenders.bid_forms.lines import ROWS, LineForm
from procurement.tenders.bid_forms.stated import StatedForm
from procurement.tenders.entries import Entry, check_offer
from procurement.tenders.models import Bid
from procurement.tenders.rules import quantities_of, written
from procurement.tenders.schedules import Offered
from procurement.tenders.schedules.asked import has_cost, indicators
from procurement.tenders.schedules.comparison import registered_as

Document = dict[str, Any]
Reason = BidVersion.Reason
ROUND_IS_MISSING = gettext_lazy("Give the round of the negotiation: 1 for the first.")


class WhyForm(forms.Form):
    """Why another version of ``bid`` comes, and when it was received."""

    use_required_attribute = False
    prefix = "why"
    reason = forms.ChoiceField(label=gettext_lazy("Why this version comes"), widget=forms.RadioSelect)
    negotiation_round = forms.IntegerField(
        label=gettext_lazy("Round of the negotiation"),
        required=False,
        min_value=1,
        max_value=LAST_ROUND,
        help_text=gettext_lazy("The same number again corrects what was entered for that round."),
        error_messages={"required": ROUND_IS_MISSING},
    )
    received_at = MomentField(
        label=gettext_lazy("Received"),
        required=False,
        help_text=gettext_lazy("Paris time. Left empty, the time of the former version stays."),
    )

    def __init__(self, data: Any = None, *, bid: Bid) -> None:
        super().__init__(data)
        self.request = bid.regularisations.pending().last()
        choices = []
        if services.may_negotiate(bid.lot):
            choices.append((Reason.NEGOTIATION.value, _("It was negotiated.")))
            rounds = [version.round or 0 for version in former(bid)]
            self.fields["negotiation_round"].initial = max(rounds, default=0) + 1
            self.fields["negotiation_round"].required = self.request is None
        else:
            del self.fields["negotiation_round"]
        if self.request:
            told = _("The tenderer was asked on %(sent)s to regularise its bid.")
            choices.append((Reason.REGULARISATION.value, told % {"sent": moment(self.request.sent_at)}))
        self.fields["reason"].choices = choices  # type: ignore[attr-defined]  # a ChoiceField
        self.fields["reason"].initial = choices[0][0] if len(choices) == 1 else None

    def clean(self) -> Document:
        given = self.cleaned_data
        negotiated = given.get("reason") == Reason.NEGOTIATION
        if negotiated and not given.get("negotiation_round") and "negotiation_round" not in self.errors:
            self.add_error("negotiation_round", ROUND_IS_MISSING)
        return given

    def why(self) -> Document:
        """What `enter_version` takes; from a form that is valid."""
        given = self.cleaned_data
        negotiated = given["reason"] == Reason.NEGOTIATION
        return {
            "reason": given["reason"],
            "negotiation_round": given.get("negotiation_round") if negotiated else None,
            "regularisation": None if negotiated else self.request,
            "received_at": given["received_at"],
        }


class WhyOfScheduleForm(WhyForm):
    """As `WhyForm`, of a filled schedule; one in another name is confirmed to be of the tenderer of ``bid``."""

    same_tenderer = forms.BooleanField(
        error_messages={"required": gettext_lazy("Confirm whose schedule this is, or send another file.")}
    )

    def __init__(self, data: Any = None, *, bid: Bid, offered: Offered) -> None:
        super().__init__(data, bid=bid)
        if registered_as(offered) == bid.supplier:
            del self.fields["same_tenderer"]
        else:
            told = _("This schedule in the name of %(stated)s is of %(supplier)s.")
            self.fields["same_tenderer"].label = told % {
                "stated": offered.tenderer["name"],
                "supplier": bid.supplier,
            }

    def why(self) -> Document:
        """What `enter_version_of_schedule` takes; from a form that is valid."""
        return {**super().why(), "same_tenderer": self.cleaned_data.get("same_tenderer", False)}


class OfferHead(forms.Form):
    """What the whole bid costs."""

    use_required_attribute = False
    price = FigureField(
        label=gettext_lazy("Price of the whole bid"),
        required=False,
        unit=MONEY,
        help_text=gettext_lazy("Left empty, it is the sum of quantity × unit price over the items below."),
    )
    cost = FigureField(label=gettext_lazy("Life-cycle cost"), required=False, unit=MONEY)

    def __init__(self, data: Any, *, currency: str, initial: Document) -> None:
        super().__init__(data, initial=initial)
        in_currency(self.fields, currency)

    def show_at(self, place: str, sentence: str) -> None:
        """Put what is wrong at ``place`` of the document (a pointer without its first slash)."""
        self.add_error(place if place in self.fields else None, sentence)


class VersionEntry(BidEntry):
    """The forms of another version of ``bid``, filled with what it offers now; ``data`` as it was posted."""

    head: Any

    def __init__(self, bid: Bid, data: QueryDict | None) -> None:
        self.bid, self.lot, self.data = bid, bid.lot, data
        self.before, self.number = snapshot(bid), number_of(bid)
        now = self.before["bid"]
        self.why = WhyForm(data, bid=bid)
        currency = self.lot.tender.currency
        whole = {} if now["lines"] else {"price": now.get("price", "")}
        self.head = OfferHead(data, currency=currency, initial={**whole, "cost": now.get("cost", "")})
        if not has_cost(self.lot):
            del self.head.fields["cost"]
        quantities, lines = quantities_of(self.lot), {line["id"]: line for line in now["lines"]}
        self.lines = [
            LineForm(data, item=item, quantity=quantities[item.pk], currency=currency, prefix=f"line-{place}")
            for place, item in enumerate(self.lot.items.all(), start=1)
        ]
        for form in self.lines:
            form.initial = _line_initial(lines.get(form.item.key))
        self.evidence = EvidenceForm(data, indicators=indicators(self.lot))
        self.evidence.initial = _evidence_initial(self.before)
        items = [line.item for line in self.lines]
        self.stated = StatedForm(data, items=items, currency=currency, initial=self.before["stated"])

    @cached_property
    def document(self) -> Document:
        """What was typed (`documents.BID` of what is offered alone); from forms that are valid."""
        self.priced = [line for line in self.lines if line.cleaned_data["unit_price"]]
        lines, stated = [line.document() for line in self.priced], self.stated.document()
        return {
            **{name: value for name, value in self.head.cleaned_data.items() if value},
            **({"lines": lines} if lines else {}),
            **({"stated": stated} if stated else {}),
            "environment": self._unasked() | self.evidence.document(),
        }

    @property
    def too_many(self) -> bool:
        """Whether the page cannot take all that the bid offers."""
        origins = max((len(line["origins"]) for line in self.before["bid"]["lines"]), default=0)
        return len(self.lines) > MOST_ITEMS or origins > len(ROWS)

    def _unasked(self) -> Document:
        """The evidence for indicators that the page does not ask: it stays."""
        valid = self.before["valid_until"]
        return {
            indicator: piece | ({"expires_on": valid[indicator]} if indicator in valid else {})
            for indicator, piece in self.before["bid"]["environment"].items()
            if indicator not in self.evidence.indicators
        }

    def after(self, entry: Entry) -> Document:
        """The version as its snapshot will say it, for what it changes to be read again."""
        price = {} if entry.price is None else {"price": plain(entry.price)}
        received = self.why.cleaned_data["received_at"]
        came = {"submitted_at": written(received)} if received else {}
        return {"bid": {**self.document, **price, **came}, "stated": self.document.get("stated", {})}

    def check(self) -> Entry | None:
        """The version as it would be entered, in which nothing is wrong; None where a field says what is."""
        if not self._readable():
            return None
        if number_read(self.data or {}) not in (None, self.number):
            self.head.add_error(None, stale_sentence(self.bid))
            return None
        entry = check_offer({**self.document, "supplier": {"name": self.bid.supplier.name}}, self.lot)
        self._show(listed(entry.problems))
        return None if entry.problems else entry

    def enter(self, by: User, at: datetime) -> BidVersion | None:
        """Enter the version; None where a field says why not."""
        if not self._readable():
            return None
        given = {**self.why.why(), "read": number_read(self.data or {})}
        try:
            return services.enter_version(bid=self.bid, document=self.document, **given, by=by, at=at)
        except Invalid as refusal:
            self._show(refusal.details or [{"pointer": "", "message": refusal.sentence}])
        except Refused as refusal:
            self.head.add_error(None, refusal.sentence)
        return None

    def _forms(self) -> list[Any]:
        return [self.why, self.head, *self.lines, self.evidence, self.stated]


def _line_initial(line: Document | None) -> Document:
    """What a line of a case is as the fields of a `LineForm`."""
    if line is None:
        return {}
    initial = {"unit_price": line["unit_price"]}
    for row, origin in enumerate(line["origins"], start=1):
        initial[f"country_{row}"] = origin["country"]
        initial[f"share_{row}"] = plain(Decimal(origin["share"]).scaleb(2))
        initial[f"assurance_{row}"] = origin["assurance"]
    return initial


def _evidence_initial(before: Document) -> Document:
    """The evidence of a snapshot as the fields of an `EvidenceForm`."""
    initial = {f"expires_on/{indicator}": last for indicator, last in before["valid_until"].items()}
    for indicator, piece in before["bid"]["environment"].items():
        initial[f"value/{indicator}"] = piece["value"]
        initial[f"assurance/{indicator}"] = piece["assurance"]
    return initial
