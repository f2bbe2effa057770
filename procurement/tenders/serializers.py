"""Tenders, lots and bids as the API writes them. Exact numbers are plain decimals in strings, as in a case."""

from decimal import Decimal
from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from procurement.fields import plain
from procurement.registry.serializers import OriginFindingSerializer
from procurement.tenders import documents
from procurement.tenders.forms import LONGEST_REASON
from procurement.tenders.models import (
    Announcement,
    Bid,
    BidLine,
    ConsortiumMember,
    EnvironmentalEvidence,
    Item,
    LineOrigin,
    Lot,
    Need,
    StatedAmount,
    Tender,
)
from procurement.tenders.rules import rules_of, total


@extend_schema_field(OpenApiTypes.STR)
class PlainDecimal(serializers.Field[Decimal, str, str, Any]):
    def to_representation(self, value: Decimal) -> str:
        return plain(value)


class TenderSerializer(serializers.ModelSerializer[Tender]):
    framework_maximum = PlainDecimal(allow_null=True, help_text="In units of the currency.")
    estimated_value = PlainDecimal(
        allow_null=True, help_text="Of the whole procedure, options and renewals included, excluding VAT."
    )
    contracting_body_name = serializers.CharField(source="contracting_body.name")
    lots = serializers.PrimaryKeyRelatedField[Lot](many=True, read_only=True)

    class Meta:
        model = Tender
        fields = (
            "id", "reference", "title", "contracting_body", "contracting_body_name", "procedure", "technique",
            "framework_maximum", "framework_months", "framework_holders", "launched_on", "cpv", "estimated_value",
            "currency", "prices_include_vat", "ipi_announced", "stage", "training", "copied_from", "published_at",
            "opened_at", "bids_due_at", "lots",
        )  # fmt: skip
        read_only_fields = fields


class OpeningSerializer(serializers.Serializer[Any]):
    bids_due_at = serializers.DateTimeField(
        help_text="The deadline for the receipt of bids, with every postponement: what came later is late."
    )


class DeadlineSerializer(serializers.Serializer[Any]):
    bids_due_at = serializers.DateTimeField(help_text="The deadline for the receipt of bids from now on.")
    reason = serializers.CharField(max_length=LONGEST_REASON, help_text="Why it changes: it is recorded.")


class NeedSerializer(serializers.ModelSerializer[Need]):
    hospital_name = serializers.CharField(source="hospital.name")
    quantity = PlainDecimal()

    class Meta:
        model = Need
        fields = ("hospital", "hospital_name", "quantity")


class ItemSerializer(serializers.ModelSerializer[Item]):
    vat_rate = PlainDecimal(allow_null=True, help_text="In percent.")
    quantity = serializers.SerializerMethodField(help_text="The sum of the needs, on which bids are compared.")
    needs = NeedSerializer(many=True)

    class Meta:
        model = Item
        fields = ("id", "key", "designation", "unit", "vat_rate", "quantity", "needs")

    def get_quantity(self, item: Item) -> str:
        return plain(total(need.quantity for need in item.needs.all()))


class LotSerializer(serializers.ModelSerializer[Lot]):
    """A lot and its rules: those published and hashed, or those of the draft as they would be published."""

    reference = serializers.CharField(source="tender.reference")
    training = serializers.BooleanField(source="tender.training")
    rules = serializers.SerializerMethodField()
    steps = serializers.SerializerMethodField(help_text="What the marks of each criterion mean, by its id.")
    items = ItemSerializer(many=True)
    plausible_low = PlainDecimal(allow_null=True, help_text="What a bid may plausibly cost in all, at the least.")
    plausible_high = PlainDecimal(allow_null=True, help_text="What a bid may plausibly cost in all, at the most.")

    class Meta:
        model = Lot
        fields = (
            "id", "tender", "reference", "number", "title", "cpv", "stage", "training", "policy_version", "anonymous",
            "two_envelopes", "plausible_low", "plausible_high", "rules", "steps", "rules_sha256", "ipi_exception",
            "ipi_exception_reason", "items",
        )  # fmt: skip
        read_only_fields = fields

    def get_rules(self, lot: Lot) -> dict[str, Any]:
        return lot.rules if lot.rules is not None else rules_of(lot)

    def get_steps(self, lot: Lot) -> dict[str, list[dict[str, str]]]:
        return {criterion.key: criterion.steps for criterion in lot.criteria.all() if criterion.steps}


class OriginSerializer(serializers.ModelSerializer[LineOrigin]):
    share = PlainDecimal()

    class Meta:
        model = LineOrigin
        fields = ("country", "share", "assurance")


class BidLineSerializer(serializers.ModelSerializer[BidLine]):
    key = serializers.CharField(source="item.key")
    unit_price = PlainDecimal()
    origins = OriginSerializer(many=True)

    class Meta:
        model = BidLine
        fields = ("item", "key", "unit_price", "origins")


class EvidenceSerializer(serializers.ModelSerializer[EnvironmentalEvidence]):
    class Meta:
        model = EnvironmentalEvidence
        fields = ("indicator", "value", "assurance", "expires_on")


class StatedSerializer(serializers.ModelSerializer[StatedAmount]):
    item = serializers.CharField(source="item.key", allow_null=True, default=None, help_text="Null for a total.")
    value = PlainDecimal(help_text="As the tenderer states it; bids are compared on quantity × unit price.")

    class Meta:
        model = StatedAmount
        fields = ("what", "item", "value")


class ComparedSerializer(serializers.Serializer[Any]):
    """A `stated.Compared`: an amount as the tenderer states it beside what its unit prices make."""

    what = serializers.CharField()
    item = serializers.CharField(source="item.key", allow_null=True, default=None, help_text="Null for a total.")
    stated = PlainDecimal()
    computed = serializers.CharField(
        source="computed_shown", allow_null=True, help_text="To the cent; null where an item has no VAT rate or price."
    )
    difference = serializers.CharField(allow_null=True, help_text="Stated minus computed, to the cent.")
    differs = serializers.BooleanField(help_text="By more than the half cent that each line may be rounded by.")


class MemberSerializer(serializers.ModelSerializer[ConsortiumMember]):
    supplier_name = serializers.CharField(source="supplier.name")
    share = PlainDecimal(allow_null=True, help_text="Of the value of the contract, a part of 1.")
    operator_origin = OriginFindingSerializer(source="origin_finding", allow_null=True)

    class Meta:
        model = ConsortiumMember
        fields = ("supplier", "supplier_name", "role", "share", "operator_country", "operator_origin")


class BidSerializer(serializers.ModelSerializer[Bid]):
    supplier_name = serializers.CharField(source="supplier.name")
    operator_origin = OriginFindingSerializer(
        source="origin_finding", allow_null=True, help_text="What the origin of the tenderer rests on."
    )
    members = MemberSerializer(many=True, help_text="Who makes the bid with its tenderer, which leads them.")
    price = PlainDecimal(allow_null=True)
    cost = PlainDecimal(allow_null=True)
    lines = BidLineSerializer(many=True)
    evidence = EvidenceSerializer(many=True)
    stated = StatedSerializer(many=True)

    class Meta:
        model = Bid
        fields = (
            "id", "lot", "key", "supplier", "supplier_name", "operator_country", "operator_origin", "consortium",
            "group_country", "group_reason", "members", "submitted_at", "status", "exclusion", "exclusion_reason",
            "price", "cost", "lines", "evidence", "stated",
        )  # fmt: skip
        read_only_fields = fields


class ExclusionSerializer(serializers.Serializer[Any]):
    exclusion = serializers.ChoiceField(choices=Bid.Exclusion.choices, source="ground")
    reason = serializers.CharField(max_length=2000)


class GroupOriginSerializer(serializers.Serializer[Any]):
    group_country = serializers.CharField(
        max_length=2, source="country", help_text="That of the leader or of the member of the measured country."
    )
    group_reason = serializers.CharField(max_length=2000, source="reason")


class IpiExceptionSerializer(serializers.Serializer[Any]):
    ipi_exception = serializers.ChoiceField(choices=Lot.IpiException.choices, source="exception")
    reason = serializers.CharField(max_length=2000)


@extend_schema_field(OpenApiTypes.OBJECT)
class AnyDocument(serializers.Field[Any, Any, Any, Any]):
    def to_representation(self, value: Any) -> Any:
        return value


class AnnouncementSerializer(serializers.ModelSerializer[Announcement]):
    document = AnyDocument(help_text="Whose RFC 8785 bytes are hashed.")
    sha256 = serializers.CharField(help_text="Empty for a draft, of which nothing is frozen.")

    class Meta:
        model = Announcement
        fields = ("document", "sha256")


# The documents that people hand in, as the schema of the API shows them.
TENDER_DOCUMENT = {"application/json": documents.TENDER.schema()}
LOT_DOCUMENT = {"application/json": documents.LOT.schema()}
BID_DOCUMENT = {
    "application/json": {
        "type": "object",
        "properties": {"lot": {"type": "integer"}, "bid": documents.BID.schema()},
        "required": ["lot", "bid"],
        "additionalProperties": False,
    }
}
CONSORTIUM_DOCUMENT = {"application/json": documents.CONSORTIUM.schema()}
