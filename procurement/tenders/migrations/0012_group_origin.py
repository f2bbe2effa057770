import django.core.validators
from django.db import migrations, models

from procurement.triggers import keeping_triggers


class Migration(migrations.Migration):
    dependencies = [
        ("registry", "0002_origin_findings"),
        ("tenders", "0011_consortia"),
    ]

    operations = [
        *keeping_triggers(
            "tenders_bid",
            migrations.AddField(
                model_name="bid",
                name="group_country",
                field=models.CharField(
                    blank=True,
                    max_length=2,
                    validators=[
                        django.core.validators.RegexValidator(
                            "^[A-Z]{2}$", "A country is two capital letters (ISO 3166-1): FR."
                        )
                    ],
                    verbose_name="origin retained for the consortium",
                ),
            ),
            migrations.AddField(
                model_name="bid",
                name="group_reason",
                field=models.TextField(blank=True, verbose_name="reason for the origin retained"),
            ),
            migrations.AddConstraint(
                model_name="bid",
                constraint=models.CheckConstraint(
                    condition=models.Q(
                        models.Q(("group_country", ""), ("group_reason", "")),
                        models.Q(
                            models.Q(("group_country", ""), _negated=True),
                            models.Q(("group_reason", ""), _negated=True),
                        ),
                        _connector="OR",
                    ),
                    name="group_origin_has_its_reason",
                ),
            ),
        ),
    ]
