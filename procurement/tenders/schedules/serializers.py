"""A filled price schedule as the API writes it, and what a caller says beside it to enter the bid."""

from datetime import UTC
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from procurement.registry.models import Supplier
from procurement.tenders import documents
from procurement.tenders.models import Bid
from procurement.tenders.schedules import Offered
from procurement.tenders.schedules.comparison import differences


@extend_schema_field(documents.BID.schema())
class BidDocument(serializers.Field[Any, Any, Any, Any]):
    def to_representation(self, value: Any) -> Any:
        return value


class DifferenceSerializer(serializers.Serializer[Any]):
    item = serializers.CharField(help_text="The key of the item; empty for the total.")
    stated = serializers.CharField()
    computed = serializers.CharField(help_text="Quantity × unit price, exactly.")


class DoubtSerializer(serializers.Serializer[Any]):
    pointer = serializers.CharField(help_text="The cell, as Origins!C5.")
    message = serializers.CharField()


class ScheduleSerializer(serializers.Serializer[Offered]):
    """What a filled schedule says: a bid to which its id, its tenderer and its time of receipt are added."""

    tenderer = serializers.DictField(child=serializers.CharField(allow_blank=True))
    upload = serializers.SerializerMethodField(help_text="By which the file is entered, within the hour.")
    document = BidDocument(help_text="Without id and supplier.")
    differences = serializers.SerializerMethodField()
    doubtful = DoubtSerializer(many=True, help_text="What is read, and may be meant otherwise.")

    def get_upload(self, offered: Offered) -> str:
        return str(self.context["upload"])

    @extend_schema_field(DifferenceSerializer(many=True))
    def get_differences(self, offered: Offered) -> list[dict[str, str]]:
        return differences(offered)


class EntrySerializer(serializers.Serializer[Any]):
    """Whose bid a schedule is, under which name it is kept, and when it was received."""

    upload = serializers.CharField(max_length=40)
    id = serializers.CharField(max_length=40, source="key", help_text="Exports show it: do not put a name in it.")
    tenderer = serializers.CharField(max_length=300, help_text="As the register of suppliers has it.")
    submitted_at = serializers.DateTimeField(
        default_timezone=UTC,
        required=False,
        help_text="When the buyer profile received it: asked where the lot has a deadline, of a late bid too.",
    )
    register = serializers.BooleanField(
        default=False, help_text="Enter a tenderer the register does not have, as the schedule presents it."
    )
    basis = serializers.ChoiceField(
        choices=Supplier.OriginBasis.choices,
        default="",
        allow_blank=True,
        help_text="What the origin of a tenderer that is registered was found on; empty: it is unknown.",
    )
    exclusion = serializers.ChoiceField(
        choices=[(ground, Bid.Exclusion(ground).label) for ground in documents.ENTERED_EXCLUDED],
        default="",
        allow_blank=True,
        help_text="The ground on which the bid is excluded from the start; empty for none. Of a late one nothing that "
        "the schedule offers is kept.",
    )
    exclusion_reason = serializers.CharField(max_length=2000, default="", allow_blank=True)
