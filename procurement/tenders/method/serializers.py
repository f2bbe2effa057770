"""What the check of a method says, as the API writes it; amounts and points are plain decimals in strings."""

from typing import Any

from rest_framework import serializers

from procurement.tenders.method.check import Check, Placed
from procurement.tenders.serializers import AnyDocument, PlainDecimal

MONEY = "In units of the currency."


class PlacedSerializer(serializers.Serializer[Placed]):
    """An invented bid in the ranking."""

    rank = serializers.IntegerField(source="row.rank")
    name = serializers.CharField()
    price = serializers.CharField(source="row.price", help_text=MONEY)
    points = serializers.ListField(child=serializers.CharField(), help_text="By criterion, in the order of the rules.")
    bonus = serializers.CharField(source="row.bonus")
    total = serializers.CharField(source="row.total")
    won = serializers.BooleanField()
    wins_at = PlainDecimal(allow_null=True, help_text="The highest price found at which it wins; null for none.")
    wins_at_plain = PlainDecimal(allow_null=True, help_text="The same without the policy.")
    bonus_worth = serializers.CharField(help_text="How much dearer the policy lets it win; empty where it has none.")


class LeadSerializer(serializers.Serializer[Any]):
    title = serializers.CharField()
    points = serializers.CharField(help_text="Of the first of the ranking minus those of the second.")


class FindingSerializer(serializers.Serializer[Any]):
    code = serializers.CharField()
    severity = serializers.CharField()
    article = serializers.CharField()
    sentence = serializers.CharField()
    advice = serializers.CharField()


class WeightSerializer(serializers.Serializer[Any]):
    title = serializers.CharField()
    weight = serializers.CharField(help_text="As published, out of 100.")
    effective = serializers.CharField(help_text="What it counts for once a bonus comes on top, out of 100.")


class MethodSerializer(serializers.Serializer[Any]):
    """What the rules of a lot do to its invented bids, as its page says it."""

    recorded = serializers.BooleanField(help_text="Whether a check of these very rules and bids stands in the record.")
    currency = serializers.CharField()
    winner = serializers.CharField(allow_null=True)
    winner_without_policy = serializers.CharField(help_text="Empty where it is the same one.")
    winner_at_equal_prices = serializers.CharField(help_text="Empty where nobody wins without a draw.")
    ranking = PlacedSerializer(many=True)
    excluded = serializers.DictField(child=serializers.CharField(), help_text="What excludes the others, by name.")
    differences = LeadSerializer(many=True, help_text="Why the first is before the second.")
    point_worth = serializers.DictField(
        child=PlainDecimal(), help_text="How much cheaper the second must be to gain a point of price, by its name."
    )
    kept_at_twice = serializers.CharField(help_text="The part of the points of the lowest price that its double keeps.")
    withdrawals = serializers.DictField(
        child=serializers.CharField(allow_blank=True), help_text="Who wins when a loser withdraws, by its name."
    )
    alerts = serializers.DictField(
        child=serializers.CharField(), help_text="Below which price a bid is signalled as abnormally low, by its name."
    )
    weights = WeightSerializer(many=True, help_text="Where a bonus dilutes them.")
    findings = FindingSerializer(many=True)
    case = AnyDocument(help_text="The rules with the invented bids, which anybody can evaluate.")


def answered(check: Check, *, recorded: bool) -> dict[str, Any]:
    """``check`` as `MethodSerializer` takes it."""
    return {
        "recorded": recorded,
        "currency": check.currency,
        "winner": check.winner.name if check.winner else None,
        "winner_without_policy": check.winner_without_policy,
        "winner_at_equal_prices": check.winner_at_equal_prices,
        "ranking": check.ranking,
        "excluded": dict(check.excluded),
        "differences": check.differences,
        "point_worth": dict([check.point_worth] if check.point_worth else []),
        "kept_at_twice": check.kept_at_twice,
        "withdrawals": dict(check.withdrawals),
        "alerts": dict(check.alerts),
        "weights": [dict(zip(("title", "weight", "effective"), weight, strict=True)) for weight in check.weights],
        "findings": check.findings,
        "case": check.document,
    }
