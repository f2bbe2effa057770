"""Requests for regularisation and versions of bids as the API writes them."""

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from procurement.evaluation.examination_forms import LONGEST
from procurement.evaluation.models import (
    AbnormallyLowExplanation,
    BidVersion,
    PriceAnswer,
    PriceRequest,
    Regularisation,
    RegularisationAnswer,
    RegularisationConclusion,
)
from procurement.evaluation.services.versions import LAST_ROUND
from procurement.tenders.documents import BID, OFFERED


class AnswerSerializer(serializers.ModelSerializer[RegularisationAnswer]):
    late = serializers.BooleanField(read_only=True)
    text = serializers.CharField(max_length=LONGEST)

    class Meta:
        model = RegularisationAnswer
        fields = ("id", "text", "received_at", "late")


class ConclusionSerializer(serializers.ModelSerializer[RegularisationConclusion]):
    reason = serializers.CharField(max_length=LONGEST)
    read = serializers.IntegerField(
        min_value=0,
        required=False,
        write_only=True,
        help_text="The id of the last answer that was read, 0 for none. 409 where one was recorded since.",
    )

    class Meta:
        model = RegularisationConclusion
        fields = ("regularised", "reason", "concluded_at", "read")
        read_only_fields = ("concluded_at",)


class RegularisationSerializer(serializers.ModelSerializer[Regularisation]):
    irregularity = serializers.CharField(max_length=LONGEST)
    asked = serializers.CharField(max_length=LONGEST)
    answers = AnswerSerializer(many=True, read_only=True)
    conclusion = ConclusionSerializer(read_only=True, source="concluded", allow_null=True)

    class Meta:
        model = Regularisation
        fields = ("id", "irregularity", "asked", "sent_at", "due_at", "answers", "conclusion")


class PriceAnswerSerializer(serializers.ModelSerializer[PriceAnswer]):
    late = serializers.BooleanField(read_only=True)
    text = serializers.CharField(max_length=LONGEST)

    class Meta:
        model = PriceAnswer
        fields = ("id", "text", "received_at", "late")


class PriceConclusionSerializer(serializers.ModelSerializer[AbnormallyLowExplanation]):
    reason = serializers.CharField(max_length=LONGEST)
    read = serializers.IntegerField(
        min_value=0,
        required=False,
        write_only=True,
        help_text="The id of the last answer that was read, 0 for none. 409 where one was recorded since.",
    )

    class Meta:
        model = AbnormallyLowExplanation
        fields = ("conclusion", "reason", "recorded_at", "read")
        read_only_fields = ("recorded_at",)


class PriceRequestSerializer(serializers.ModelSerializer[PriceRequest]):
    asked = serializers.CharField(max_length=LONGEST)
    answers = PriceAnswerSerializer(many=True, read_only=True)
    conclusion = PriceConclusionSerializer(read_only=True, source="concluded", allow_null=True)

    class Meta:
        model = PriceRequest
        fields = ("id", "asked", "sent_at", "due_at", "answers", "conclusion")


@extend_schema_field(OpenApiTypes.OBJECT)
class VersionDocument(serializers.Field[Any, Any, Any, Any]):
    def to_representation(self, value: Any) -> Any:
        return value


@extend_schema_field({"type": "object", "properties": {n: BID.schema()["properties"][n] for n in OFFERED}})
class OfferDocument(serializers.Field[Any, Any, Any, Any]):
    """What is offered alone: it is read by the service, which tells every problem with its place."""

    def to_internal_value(self, data: Any) -> Any:
        return data


class VersionSerializer(serializers.ModelSerializer[BidVersion]):
    document = VersionDocument(help_text="The bid as it was, whose RFC 8785 bytes are hashed.")

    class Meta:
        model = BidVersion
        fields = ("number", "document", "sha256", "reason", "round", "regularisation", "replaced_at")


class NewVersionSerializer(serializers.Serializer[Any]):
    reason = serializers.ChoiceField(choices=BidVersion.Reason.choices)
    round = serializers.IntegerField(
        required=False, min_value=1, max_value=LAST_ROUND, source="negotiation_round", help_text="Of a negotiation."
    )
    received_at = serializers.DateTimeField(
        required=False, allow_null=True, help_text="Left out, the time of the former version stays."
    )
    read = serializers.IntegerField(
        min_value=1,
        required=False,
        help_text="The number of the version that was read: one more than the last that was replaced. 409 where "
        "another one stands.",
    )
    document = OfferDocument(help_text="What the bid offers now: price, cost, lines, stated, environment.")
