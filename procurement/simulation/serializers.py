"""Snapshots, simulations, their scenarios and boxes as the API answers them; money in units of its currency, exact."""

from decimal import Decimal
from typing import Any, TypeVar

from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from procurement.fields import plain
from procurement.jobs.api import JobSerializer
from procurement.simulation import question
from procurement.simulation.asked import EndsSerializer
from procurement.simulation.exports import links
from procurement.simulation.freshness import Freshness
from procurement.simulation.models import ArchiveSnapshot, Box, Look, Sweep
from procurement.simulation.present import figures, provenance, shares
from procurement.simulation.present.result import Result, Standing, units

SHARE = Decimal("0.000001")  # to what part of 1 a European share is said
Texts = serializers.ListField(child=serializers.CharField())
Document = dict[str, Any]
Asked = TypeVar("Asked", Sweep, Box)


@extend_schema_field(OpenApiTypes.STR)
class Money(serializers.Field[int, Any, str, Any]):
    """Whole cents as units of their currency."""

    def to_representation(self, value: int) -> str:
        return plain(units(value))


class SnapshotSerializer(serializers.ModelSerializer[ArchiveSnapshot]):
    """An archive of past lots, immutable and known by its SHA-256. Every figure made of it has to repeat `meanings`."""

    provenance = serializers.DictField(read_only=True)
    meanings = serializers.SerializerMethodField()
    currencies = serializers.ListField(child=serializers.CharField())
    countries = serializers.ListField(child=serializers.CharField(), help_text="Of the contracts.")

    class Meta:
        model = ArchiveSnapshot
        fields = (
            "id", "sha256", "source", "title", "provenance", "meanings", "lots", "bids", "currencies", "countries",
            "first_award", "last_award", "made_at",
        )  # fmt: skip
        read_only_fields = fields

    @extend_schema_field(Texts)
    def get_meanings(self, snapshot: ArchiveSnapshot) -> list[str]:
        return provenance.meanings(snapshot.provenance)


class AxisSerializer(serializers.Serializer[Any]):
    path = serializers.CharField()
    values = serializers.ListField(child=serializers.CharField())


class AskedSerializer(serializers.ModelSerializer[Asked]):
    """A question to an archive, and how far its answer is. *Proposal: simulation only*; `meaning` says of what."""

    meaning = serializers.SerializerMethodField()
    policy = serializers.CharField(source="policy_version", read_only=True)
    job = JobSerializer(read_only=True)
    stale = serializers.SerializerMethodField(help_text="What changed since it was asked; null without an answer.")
    page = serializers.CharField(source="get_absolute_url", read_only=True)

    def get_meaning(self, asked: Asked) -> str:
        return f"{_('Proposal: simulation only')}. {provenance.strip(asked.snapshot.provenance)}"

    @extend_schema_field(
        serializers.ListField(child=serializers.ChoiceField(choices=["data", "policy", "code"]), allow_null=True)
    )
    def get_stale(self, asked: Asked) -> list[str] | None:
        known: Freshness = self.context["freshness"][asked.pk]
        changed = {"data": known.data_changed, "policy": known.policy_changed, "code": known.code_changed}
        return [what for what, has in changed.items() if has] if _done(asked) else None


class SweepSerializer(AskedSerializer[Sweep]):
    """A question to an archive, and how far its answer is. *Proposal: simulation only*; `meaning` says of what."""

    axes = AxisSerializer(many=True, help_text="What is varied; the scenarios are the product, the last axis fastest.")
    scenario_count = serializers.SerializerMethodField()
    asked_again_at = serializers.SerializerMethodField(help_text="The page whose form holds the same question.")
    files = serializers.SerializerMethodField(help_text="Of all scenarios, by kind.")
    switches_files = serializers.SerializerMethodField(help_text="Of the step curve, lot by lot; empty without one.")

    class Meta:
        model = Sweep
        fields: tuple[str, ...] = (
            "id", "meaning", "snapshot", "policy_version", "policy", "scheme_version", "axes", "scenario_count",
            "local_area", "carbon", "requested_at", "job", "finished_at", "stale", "page", "asked_again_at", "files",
            "switches_files", "policy_sha256", "scenarios_sha256", "code_sha256", "result_sha256",
        )  # fmt: skip
        read_only_fields = fields

    def get_scenario_count(self, sweep: Sweep) -> int:
        return question.scenarios(sweep)

    def get_asked_again_at(self, sweep: Sweep) -> str:
        return question.address(sweep)

    @extend_schema_field(serializers.DictField(child=serializers.CharField()))
    def get_files(self, sweep: Sweep) -> links.Links:
        return links.of_scenarios(sweep, "api") if _done(sweep) else {}

    @extend_schema_field(serializers.DictField(child=serializers.CharField()))
    def get_switches_files(self, sweep: Sweep) -> links.Links:
        return links.of_switches(sweep, "api")


class AnsweredSweepSerializer(SweepSerializer):
    """One simulation; `answer` is null until its job is done. The whole document is in its JSON file."""

    answer = serializers.SerializerMethodField()

    class Meta(SweepSerializer.Meta):
        fields = (*SweepSerializer.Meta.fields, "answer")
        read_only_fields = fields

    @extend_schema_field(serializers.DictField(allow_null=True))
    def get_answer(self, sweep: Sweep) -> Document | None:
        if sweep.result is None:
            return None
        result = Result(sweep)
        kept = ("lots", "bids", "lots_without_country", "baseline", "certificate")
        return {name: result.document[name] for name in kept} | {
            "certificate_in_words": figures.certificate(result),
            "no_step_curve": result.curve_refused,
        }


class ScenarioSerializer(serializers.Serializer[Standing]):
    """What one scenario would have changed, against the baseline, in one currency."""

    number = serializers.IntegerField()
    changes = serializers.DictField(child=serializers.CharField(), help_text="By place in the policy document.")
    currency = serializers.SerializerMethodField()
    changed = serializers.IntegerField(help_text="Lots with another winner, in all currencies together.")
    without_winner = serializers.IntegerField()
    spend = Money()
    extra_cost = Money()
    european_value = Money()
    european_share = serializers.SerializerMethodField(help_text="Of the spend, 0 to 1.")
    cashback = Money(help_text="Before the caps of a year.")
    cashback_granted = Money()
    deadweight = Money(help_text="Cash-back where the winner stays the same.")
    co2e_change_grams = serializers.SerializerMethodField(help_text="null where no indicator was named.")
    co2e_unknown = serializers.SerializerMethodField(help_text="Changed lots whose CO2e is not known.")
    efficient = serializers.BooleanField(help_text="No other reaches as large a share for less.")
    look = serializers.SerializerMethodField(help_text="Where the scenario is looked at lot by lot.")

    def get_currency(self, standing: Standing) -> str:
        currency: str = self.context["result"].currency
        return currency

    def get_european_share(self, standing: Standing) -> str:
        return plain(standing.share.quantize(SHARE))

    def get_co2e_change_grams(self, standing: Standing) -> int | None:
        return standing.grams if self._carbon else None

    def get_co2e_unknown(self, standing: Standing) -> int | None:
        return standing.untold if self._carbon else None

    def get_look(self, standing: Standing) -> str:
        return links.look(self.context["result"].sweep, standing.number or 0)

    @property
    def _carbon(self) -> str:
        carbon: str = self.context["result"].sweep.carbon
        return carbon


class LookSerializer(serializers.ModelSerializer[Look]):
    """One scenario lot by lot; `result` is null until its job is done, money in it is in cents."""

    job = JobSerializer(read_only=True)
    result = serializers.DictField(read_only=True, allow_null=True)
    files = serializers.SerializerMethodField(help_text="Of the lots it changes, by kind.")

    class Meta:
        model = Look
        fields = ("scenario", "job", "finished_at", "result", "result_sha256", "files")
        read_only_fields = fields

    @extend_schema_field(serializers.DictField(child=serializers.CharField()))
    def get_files(self, look: Look) -> links.Links:
        return links.of_lots(look, "api") if look.finished_at else {}


class BoxSerializer(AskedSerializer[Box]):
    """How often each bid wins over ranges of values, and how far the answer is. *Proposal: simulation only*."""

    ranges = EndsSerializer(many=True, help_text="Between which ends each value lies; others stay as they are.")
    error = serializers.SerializerMethodField(help_text="Of a share, 0 to 1, at most, 19 times out of 20.")
    asked_again_at = serializers.SerializerMethodField(help_text="The page whose form holds the same question.")
    files = serializers.SerializerMethodField(help_text="Of all lots and who wins their samples, by kind.")

    class Meta:
        model = Box
        fields: tuple[str, ...] = (
            "id", "meaning", "snapshot", "policy_version", "policy", "ranges", "samples", "seed", "error",
            "local_area", "requested_at", "job", "finished_at", "stale", "page", "asked_again_at", "files",
            "policy_sha256", "ranges_sha256", "code_sha256", "result_sha256",
        )  # fmt: skip
        read_only_fields = fields

    def get_error(self, box: Box) -> str:
        return plain(shares.error_points(box.samples).scaleb(-2))

    def get_asked_again_at(self, box: Box) -> str:
        return question.of_box(box)

    @extend_schema_field(serializers.DictField(child=serializers.CharField()))
    def get_files(self, box: Box) -> links.Links:
        return links.of_box(box, "api") if _done(box) else {}


class AnsweredBoxSerializer(BoxSerializer):
    """One box; `answer` is null until its job is done."""

    answer = serializers.SerializerMethodField()

    class Meta(BoxSerializer.Meta):
        fields = (*BoxSerializer.Meta.fields, "answer")
        read_only_fields = fields

    @extend_schema_field(serializers.DictField(allow_null=True))
    def get_answer(self, box: Box) -> Document | None:
        if box.result is None:
            return None
        kept = ("lots", "steady", "contested", "overturned", "certificate")
        return {name: box.result[name] for name in kept} | {"certificate_in_words": shares.certificate(box)}


class WinnerSerializer(serializers.Serializer[Any]):
    """A bid that wins samples of a lot; `bid` is null for the samples that nobody wins."""

    bid = serializers.CharField(allow_null=True)
    supplier = serializers.CharField(allow_null=True, help_text="A pseudonym.")
    country = serializers.CharField(allow_null=True)
    recorded = serializers.BooleanField(help_text="The lot was awarded so.")
    wins = serializers.IntegerField()
    share = serializers.CharField(help_text="Of the samples, 0 to 1.")


class BoxLotSerializer(serializers.Serializer[Any]):
    """A lot with the bids that win a sample of it, and its recorded award; the least steady lots come first."""

    number = serializers.IntegerField(help_text="Its row in the archive.")
    lot = serializers.CharField()
    hospital = serializers.CharField(allow_null=True)
    cpv = serializers.CharField(allow_null=True)
    own = serializers.IntegerField(help_text="Samples that end as the lot was awarded.")
    winners = WinnerSerializer(many=True)


def _done(asked: Sweep | Box) -> bool:
    return asked.finished_at is not None
