"""The questions of a simulation and of a box as the API takes them: the same as those of the forms."""

import re
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from rest_framework import serializers

from procurement.fields import PLAIN_DECIMAL, plain
from procurement.policies.models import PolicyVersion
from procurement.simulation.box_forms import SAMPLES
from procurement.simulation.forms import AXES
from procurement.simulation.models import ArchiveSnapshot
from procurement.simulation.ranges import MOST, MOST_SEED
from procurement.simulation.scenarios import MOST_SCENARIOS
from procurement.simulation.spacing import BadRange, values_between

LONGEST = 40  # characters of a number


class ExactField(serializers.CharField):
    """A number as a policy document writes it: a plain decimal in a text, rates as parts of 1."""

    def to_internal_value(self, data: Any) -> str:
        text = super().to_internal_value(data)
        if not re.fullmatch(PLAIN_DECIMAL, text):
            raise serializers.ValidationError(
                _("“%(text)s” is not a plain decimal: write a text such as 3 or 2.5.") % {"text": text}
            )
        return plain(Decimal(text))


class RangeSerializer(serializers.Serializer[Any]):
    first = ExactField(max_length=LONGEST)
    last = ExactField(max_length=LONGEST)
    step = ExactField(max_length=LONGEST)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Adds the values."""
        try:
            values = values_between(*(Decimal(attrs[name]) for name in ("first", "last", "step")))
        except BadRange as bad:
            raise serializers.ValidationError({bad.where: bad.sentence}) from bad
        return attrs | {"values": [plain(Decimal(value)) for value in values]}


class EndsSerializer(serializers.Serializer[Any]):
    """One value of the policy, and between which ends it lies."""

    path = serializers.CharField(
        max_length=200, help_text="A place in the policy document: measures.european_points.amount, bonus_cap."
    )
    low = ExactField(max_length=LONGEST, help_text="As the document writes it: a rate of 5 % is 0.05.")
    high = ExactField(max_length=LONGEST)


class VariedSerializer(serializers.Serializer[Any]):
    """One value of the policy and what it takes: its `values`, or a `range`."""

    path = serializers.CharField(
        max_length=200, help_text="A place in the policy document: measures.european_points.amount, bonus_cap."
    )
    values = serializers.ListField(
        child=ExactField(max_length=LONGEST),
        required=False,
        max_length=MOST_SCENARIOS,
        help_text="From the lowest to the highest, as the document writes them: a rate of 5 % is 0.05.",
    )
    range = RangeSerializer(required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """The axis as the service takes it."""
        if "values" in attrs and "range" in attrs:
            raise serializers.ValidationError({"values": _("Write its values or a range, not both.")})
        if "values" not in attrs and "range" not in attrs:
            sentence = _("Write its values, or a range with its first value, its last and a step.")
            raise serializers.ValidationError({"values": sentence})
        values = attrs["values"] if "values" in attrs else attrs["range"]["values"]
        return {"path": attrs["path"], "values": values}


class Usable(serializers.PrimaryKeyRelatedField[PolicyVersion]):
    """A version that the caller may not read answers as one that never was."""

    def get_queryset(self) -> QuerySet[PolicyVersion]:
        return PolicyVersion.objects.visible_to(self.context["request"].user).select_related("policy")


class SubjectSerializer(serializers.Serializer[Any]):
    """What every question is put to."""

    snapshot = serializers.PrimaryKeyRelatedField(queryset=ArchiveSnapshot.objects.all())
    policy_version = Usable(queryset=PolicyVersion.objects.none())
    local_area = serializers.CharField(
        required=False, allow_blank=True, default="", max_length=80,
        help_text="An area of the policy that stands for each contract's own country.",
    )  # fmt: skip


class QuestionSerializer(SubjectSerializer):
    scheme_version = Usable(
        queryset=PolicyVersion.objects.none(),
        required=False,
        allow_null=True,
        default=None,
        help_text="A cash-back scheme in the place of the one that the policy embeds.",
    )
    axes = serializers.ListField(child=VariedSerializer(), min_length=1, max_length=len(AXES))
    carbon = serializers.CharField(
        required=False, allow_blank=True, default="", max_length=80,
        help_text="The indicator whose evidence is the kilograms of CO2e of a bid.",
    )  # fmt: skip


class BoxQuestionSerializer(SubjectSerializer):
    ranges = serializers.ListField(child=EndsSerializer(), min_length=1, help_text="Other values stay as they are.")
    samples = serializers.IntegerField(min_value=1, max_value=MOST, default=SAMPLES)
    seed = serializers.IntegerField(
        min_value=0, max_value=MOST_SEED, default=1, help_text="The same seed draws the same samples again."
    )
