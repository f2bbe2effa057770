"""Score sheets, decisions and marks as the API writes them, and what is handed in to judge and to decide."""

from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from procurement.evaluation.disclosure import WITHHELD, for_reader, other_rules_may_be_shown
from procurement.evaluation.models import AbnormallyLowExplanation, Decision, ScoreSheet
from procurement.evaluation.present.other_rules import risks
from procurement.fields import ExactDecimalField
from procurement.policies.models import PolicyVersion
from procurement.tenders.serializers import PlainDecimal


class SheetLineSerializer(serializers.ModelSerializer[ScoreSheet]):
    """A score sheet without its documents."""

    class Meta:
        model = ScoreSheet
        fields = [
            "id", "lot", "number", "purpose", "policy_version", "case_sha256", "sheet_sha256", "software",
            "scored_by", "scored_at",
        ]  # fmt: skip


class SheetSerializer(SheetLineSerializer):
    """A score sheet. While the procedure is open `withheld` names what `sheet` leaves out of the hashed document."""

    case = serializers.JSONField(read_only=True, help_text="A case of the specification (2), as it was scored.")
    sheet = serializers.SerializerMethodField(help_text="A score sheet of the specification (5).")
    withheld = serializers.SerializerMethodField()
    risks = serializers.SerializerMethodField(help_text="Printed with every cash-back; empty where `sheet` has none.")

    class Meta(SheetLineSerializer.Meta):
        fields = [*SheetLineSerializer.Meta.fields, "case", "sheet", "withheld", "risks"]

    @extend_schema_field(OpenApiTypes.OBJECT)
    def get_sheet(self, stored: ScoreSheet) -> dict[str, Any]:
        return for_reader(stored, stored.lot)

    def get_withheld(self, stored: ScoreSheet) -> list[str]:
        return [] if other_rules_may_be_shown(stored.lot) else list(WITHHELD)

    def get_risks(self, stored: ScoreSheet) -> str:
        rows = for_reader(stored, stored.lot)["ranking"]
        return risks() if any(row.get("cashback") is not None for row in rows) else ""


class DecisionSerializer(serializers.ModelSerializer[Decision]):
    """How a lot ended; `bid` is the key of the awarded bid, as in the sheet."""

    bid = serializers.CharField(source="bid.key", read_only=True, allow_null=True, default=None)
    tenderer = serializers.CharField(source="bid.supplier.name", read_only=True, allow_null=True, default=None)

    class Meta:
        model = Decision
        fields = ["id", "lot", "outcome", "bid", "tenderer", "sheet", "draw", "reason", "decided_by", "decided_at"]


class SimulationSerializer(serializers.Serializer[Any]):
    policy_version = serializers.PrimaryKeyRelatedField(
        queryset=PolicyVersion.objects.approved(), allow_null=True, help_text="null: without a policy."
    )


class AwardSerializer(serializers.Serializer[Any]):
    bid = serializers.CharField(help_text="The key of the bid, as in the sheet.")
    sheet = serializers.IntegerField(help_text="The id of the score sheet the award rests on.")
    reason = serializers.CharField()
    draw = serializers.CharField(required=False, default="", help_text="How a tie at the first rank was drawn.")


class EndSerializer(serializers.Serializer[Any]):
    outcome = serializers.ChoiceField(choices=[o for o in Decision.Outcome.choices if o[0] != "awarded"])
    reason = serializers.CharField()


class LiftSerializer(serializers.Serializer[Any]):
    code = serializers.CharField(max_length=60)
    reason = serializers.CharField()


class LiftedSerializer(serializers.Serializer[Any]):
    lifted = serializers.ListField(child=serializers.JSONField(), help_text="The findings that block no more.")


class PlainNumber(PlainDecimal):
    """An exact number, given and answered as the specification writes it; a JSON fraction is refused."""

    def to_internal_value(self, data: Any) -> Decimal:
        try:
            number = ExactDecimalField().to_python(data)
        except ValidationError as wrong:
            raise serializers.ValidationError(wrong.messages) from wrong
        assert number is not None  # null never gets here
        return number


class MarkSerializer(serializers.Serializer[Any]):
    bid = serializers.CharField(help_text="The key of the bid.")
    criterion = serializers.CharField(help_text="The key of the criterion.")
    value = PlainNumber(help_text="A plain decimal in a string, as in a case.")
    reason = serializers.CharField()
    simulated = serializers.BooleanField(default=False)
    read = serializers.IntegerField(
        min_value=0,
        required=False,
        write_only=True,
        help_text="The `version` that was read here, 0 for none. 409 where another mark was given since; left out, "
        "whatever stands is replaced.",
    )
    version = serializers.IntegerField(read_only=True, help_text="Sent back as `read`.")


class TakenSerializer(serializers.Serializer[Any]):
    taken = serializers.IntegerField(help_text="How many marks were taken over.")


class ExplanationSerializer(serializers.Serializer[Any]):
    bid = serializers.CharField(help_text="The key of the bid.")
    request = serializers.CharField()
    answer = serializers.CharField()
    conclusion = serializers.ChoiceField(choices=AbnormallyLowExplanation.Conclusion.choices)


class RecordedExplanationSerializer(serializers.ModelSerializer[AbnormallyLowExplanation]):
    bid = serializers.CharField(source="bid.key", help_text="The key of the bid.")

    class Meta:
        model = AbnormallyLowExplanation
        fields = ("bid", "request", "answer", "conclusion", "reason", "recorded_by", "recorded_at")
