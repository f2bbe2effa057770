from django.db import migrations, models

from procurement.triggers import frozen, keeping_triggers

COLUMNS = {
    "plausible_low_cents": "lowest plausible price, in cents",
    "plausible_high_cents": "highest plausible price, in cents",
}


class Migration(migrations.Migration):
    dependencies = [("tenders", "0005_reference")]

    operations = [
        *keeping_triggers(
            "tenders_lot",
            *[
                migrations.AddField(
                    model_name="lot",
                    name=name,
                    field=models.PositiveBigIntegerField(blank=True, null=True, verbose_name=verbose_name),
                )
                for name, verbose_name in COLUMNS.items()
            ],
            migrations.AddConstraint(
                model_name="lot",
                constraint=models.CheckConstraint(
                    condition=models.Q(("plausible_high_cents__isnull", True), ("plausible_low_cents__isnull", True))
                    | models.Q(
                        ("plausible_high_cents__gt", models.F("plausible_low_cents")), ("plausible_low_cents__gte", 1)
                    ),
                    name="plausible_prices_are_a_range",
                ),
            ),
        ),
        frozen("tenders_lot", ["plausible_low_cents", "plausible_high_cents"], unless="OLD.stage = 'draft'"),
    ]
