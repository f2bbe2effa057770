from django.db import migrations

from procurement.triggers import frozen


class Migration(migrations.Migration):
    dependencies = [("tenders", "0001_initial")]

    operations = [
        frozen(
            "tenders_lot",
            ["rules", "rules_sha256", "policy_version_id", "rounding_decimals", "tie_break"],
            unless="OLD.stage = 'draft'",
        ),
        frozen(
            "tenders_tender",
            ["launched_on", "cpv", "estimated_value_cents", "currency", "prices_include_vat", "training"],
            unless="OLD.stage = 'draft'",
        ),
    ]
