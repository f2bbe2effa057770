from django.db import migrations, models

import procurement.fields
from procurement.triggers import frozen, keeping_triggers


class Migration(migrations.Migration):
    dependencies = [("tenders", "0003_abnormally_low_ground")]

    operations = [
        migrations.AddField(
            model_name="criterion",
            name="steps",
            field=models.JSONField(blank=True, default=list, verbose_name="steps of the scale"),
        ),
        migrations.AddField(
            model_name="item",
            name="vat_rate",
            field=procurement.fields.ExactDecimalField(blank=True, null=True, verbose_name="VAT rate, in percent"),
        ),
        migrations.AddConstraint(
            model_name="item",
            constraint=models.CheckConstraint(
                condition=models.Q(("vat_rate__startswith", "-"), _negated=True), name="vat_rate_is_not_negative"
            ),
        ),
        *keeping_triggers(
            "tenders_lot",
            migrations.AddField(
                model_name="lot",
                name="anonymous",
                field=models.BooleanField(default=False, verbose_name="evaluators see the tenderers as letters"),
            ),
            migrations.AddField(
                model_name="lot",
                name="two_envelopes",
                field=models.BooleanField(
                    default=False, verbose_name="evaluators see no price until the marks are locked"
                ),
            ),
        ),
        frozen("tenders_lot", ["anonymous", "two_envelopes"], unless="OLD.stage = 'draft'"),
    ]
