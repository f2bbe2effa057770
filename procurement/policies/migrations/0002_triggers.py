from django.db import migrations

from procurement.triggers import frozen


class Migration(migrations.Migration):
    dependencies = [("policies", "0001_initial")]

    operations = [
        frozen(
            "policies_policyversion",
            ["document", "sha256", "status", "approved_by_id", "policy_id", "version"],
            unless="OLD.state IN ('draft', 'submitted')",
        ),
    ]
