"""What was found about the origin of an operator, as the API writes it for suppliers and for bids."""

from rest_framework import serializers

from procurement.registry.models import OriginFinding


class OriginFindingSerializer(serializers.ModelSerializer[OriginFinding]):
    class Meta:
        model = OriginFinding
        fields = ("country", "basis", "evidence", "reference", "found_on", "recorded_at")
