from django.db import migrations

from procurement.triggers import frozen


class Migration(migrations.Migration):
    dependencies = [("cashback", "0002_initial")]

    operations = [
        frozen(
            "cashback_estimate",
            [
                "result", "result_sha256", "data_sha256", "rules_sha256", "hospital_id", "year", "policy_version_id",
                "scheme_version_id", "finished_at",
            ],
            unless="OLD.finished_at IS NULL",
        ),
    ]  # fmt: skip
