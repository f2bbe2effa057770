from django.db import migrations

from procurement.triggers import frozen


class Migration(migrations.Migration):
    dependencies = [("tenders", "0001_initial")]

    operations = [
        frozen(
            "tenders_lot",
            ["rules", "rules_sha256", "policy_version_id"],
            unless="OLD.stage = 'draft'",
        ),
    ]
