"""Panels as the API writes them, and what is handed in: marks are plain decimals in strings."""

from typing import Any

from rest_framework import serializers

from procurement.evaluation.mark_forms import LONGEST_REASON
from procurement.evaluation.models import LONGEST_TYPED, IndividualMark, MarkLock, Panel
from procurement.evaluation.panels import conflicted, declared, locked
from procurement.evaluation.present.panels import Member, marked
from procurement.evaluation.serializers import PlainNumber
from procurement.people.models import User
from procurement.tenders.models import Criterion
from procurement.tenders.serializers import AnyDocument, PlainDecimal


class PersonSerializer(serializers.Serializer[User]):
    id = serializers.IntegerField()
    name = serializers.CharField(source="__str__")


class PanelMemberSerializer(serializers.Serializer[Member]):
    """Somebody who sits on a panel."""

    seat = serializers.IntegerField(source="seat.pk")
    person = PersonSerializer(source="seat.user")
    declared = serializers.BooleanField()
    conflict = serializers.BooleanField()
    interests = serializers.CharField(help_text="What was declared, while it is not erased.")
    given = serializers.IntegerField(help_text="How many marks stand.")


class LockSerializer(serializers.ModelSerializer[MarkLock]):
    class Meta:
        model = MarkLock
        fields = ("locked_at", "locked_by", "marks_sha256")


class ComposedSerializer(serializers.Serializer[Any]):
    """The panel of a lot as its buyer sees it; without members there is none yet."""

    members = PanelMemberSerializer(many=True)
    candidates = PersonSerializer(many=True, help_text="The evaluators of the contracting body who do not sit yet.")
    composing = serializers.BooleanField(help_text="Whether it is the moment to change who sits on it.")
    wanted = serializers.IntegerField(help_text="How many marks are to be agreed.")
    agreed = serializers.IntegerField()
    lock = LockSerializer(allow_null=True)


class SeatSerializer(serializers.Serializer[Any]):
    person = serializers.IntegerField(help_text="One of the candidates.")


class UnseatSerializer(serializers.Serializer[Any]):
    seat = serializers.IntegerField()


class StandingMarkSerializer(serializers.Serializer[Any]):
    value = PlainDecimal()
    reason = serializers.CharField()


class IndividualSerializer(StandingMarkSerializer):
    given_by = PersonSerializer()


class AgreedSerializer(serializers.Serializer[Any]):
    """One bid on one criterion: the mark that was agreed on, and those of the members, lowest first."""

    bid = serializers.CharField()
    tenderer = serializers.CharField()
    criterion = serializers.CharField()
    agreed = StandingMarkSerializer(allow_null=True)
    version = serializers.IntegerField(
        help_text="Sent back as `read`, it keeps later marks from being replaced unread."
    )
    individual = IndividualSerializer(many=True)


class GivenSerializer(serializers.Serializer[Any]):
    """A mark that is handed in."""

    bid = serializers.CharField(max_length=40)
    criterion = serializers.CharField(max_length=40)
    value = PlainNumber(help_text="A plain decimal in a string, as in a case.")
    reason = serializers.CharField(max_length=LONGEST_REASON)
    read = serializers.IntegerField(
        min_value=0,
        required=False,
        help_text="The `version` that was read here, 0 for none. 409 where another mark was given since; left out, "
        "whatever stands is replaced.",
    )


class TypedSerializer(serializers.Serializer[Any]):
    """What is typed at one place and not given: right or wrong; both empty, it is forgotten."""

    bid = serializers.CharField(max_length=40)
    criterion = serializers.CharField(max_length=40)
    mark = serializers.CharField(max_length=LONGEST_TYPED, default="", allow_blank=True)
    reason = serializers.CharField(max_length=LONGEST_REASON, default="", allow_blank=True)


class WaitingSerializer(TypedSerializer):
    mistakes = serializers.ListField(child=serializers.CharField(), help_text="What would keep it from being given.")


class UndoSerializer(serializers.Serializer[Any]):
    """The last thing that was typed, or the last change to marks that were given: sent back, it is undone."""

    what = serializers.ChoiceField(choices=["draft", "mark"])
    seen = serializers.IntegerField(min_value=0, help_text="409 where it is no longer the last one.")
    sentences = serializers.ListField(child=serializers.CharField(), read_only=True, help_text="What is undone.")


class GridSerializer(serializers.Serializer[Any]):
    """How far a grid of marks is, and what waits in it."""

    given = serializers.IntegerField(help_text="How many marks stand.")
    wanted = serializers.IntegerField()
    waiting = WaitingSerializer(many=True, help_text="Typed and not given; read by its author alone.")
    undo = UndoSerializer(allow_null=True, help_text="null where there is nothing to undo.")


class TableSerializer(serializers.Serializer[Any]):
    table = serializers.CharField(
        trim_whitespace=False,
        help_text="Tenderer, criterion, mark, reason, as cells of a spreadsheet: one line for each mark, columns "
        "between tabs. Tenderers are called as in `tenderer`, criteria by their title.",
    )


class LockingSerializer(serializers.Serializer[Any]):
    read = serializers.IntegerField(
        min_value=0,
        required=False,
        help_text="The highest `version` of the agreed marks that were read. 409 where one was given since.",
    )


class CountSerializer(serializers.Serializer[Any]):
    kept = serializers.IntegerField(help_text="How many differ from those that stood.")


class DeclarationSerializer(serializers.Serializer[Any]):
    conflict = serializers.BooleanField(help_text="Closes the lot to its author, for good.")
    text = serializers.CharField(max_length=LONGEST_REASON, required=False, default="", allow_blank=True)


class CriterionToJudgeSerializer(serializers.ModelSerializer[Criterion]):
    scale = PlainDecimal(help_text="The highest mark.")
    steps = serializers.ListField(child=AnyDocument(), help_text='What marks mean: {"value", "meaning"}.')

    class Meta:
        model = Criterion
        fields = ("key", "title", "kind", "parent", "scale", "steps")


class PanelSerializer(serializers.ModelSerializer[Panel]):
    """A panel as its member sees it, without its bids."""

    reference = serializers.CharField(source="lot.tender.reference")
    contracting_body = serializers.CharField(source="lot.tender.contracting_body.name")
    number = serializers.IntegerField(source="lot.number")
    title = serializers.CharField(source="lot.title")
    stage = serializers.CharField(source="lot.stage")
    anonymous = serializers.BooleanField(source="lot.anonymous")
    two_envelopes = serializers.BooleanField(source="lot.two_envelopes")

    class Meta:
        model = Panel
        fields = ["id", "reference", "contracting_body", "number", "title", "stage", "anonymous", "two_envelopes"]


class OwnPanelSerializer(PanelSerializer):
    """With where the reader stands, and the criteria to be marked."""

    declared = serializers.SerializerMethodField()
    conflict = serializers.SerializerMethodField(help_text="Whether the reader declared one: the bids stay closed.")
    locked = serializers.SerializerMethodField(help_text="From then on no mark changes, and names and prices are open.")
    criteria = serializers.SerializerMethodField()

    class Meta(PanelSerializer.Meta):
        fields = [*PanelSerializer.Meta.fields, "declared", "conflict", "locked", "criteria"]

    def get_declared(self, panel: Panel) -> bool:
        return declared(panel.lot, self.context["request"].user)

    def get_conflict(self, panel: Panel) -> bool:
        return conflicted(panel.lot, self.context["request"].user)

    def get_locked(self, panel: Panel) -> bool:
        return locked(panel.lot)

    def get_criteria(self, panel: Panel) -> list[dict[str, Any]]:
        return list(CriterionToJudgeSerializer(marked(panel.lot), many=True).data)


class OwnMarkSerializer(serializers.Serializer[IndividualMark]):
    criterion = serializers.CharField(source="criterion.key")
    value = PlainDecimal()
    reason = serializers.CharField()
    version = serializers.IntegerField(source="pk", help_text="Sent back as `read`.")


class BidToJudgeSerializer(serializers.Serializer[Any]):
    """A bid as a member of the panel may know it, with the marks he gave."""

    bid = serializers.CharField(help_text="What it is called here; not the key that others know.")
    tenderer = serializers.CharField(help_text="A letter on an anonymous lot, until the marks are locked.")
    price = PlainDecimal(allow_null=True, help_text="null in two envelopes, until the marks are locked.")
    marks = OwnMarkSerializer(many=True)
