from django.db import migrations

from procurement.triggers import frozen, kept

UNAPPROVED = "OLD.state IN ('draft', 'submitted')"


class Migration(migrations.Migration):
    dependencies = [("policies", "0001_initial")]

    operations = [
        frozen(
            "policies_policyversion",
            [
                "document",
                "sha256",
                "status",
                "approved_by_id",
                "policy_id",
                "version",
                "drafted_by_id",
                "submitted_by_id",
            ],
            unless=UNAPPROVED,
        ),
        # From approved a version only retires, and from there goes nowhere.
        frozen(
            "policies_policyversion",
            ["state"],
            unless=f"{UNAPPROVED} OR (OLD.state = 'approved' AND NEW.state = 'retired')",
        ),
        kept("policies_policyversion", unless=UNAPPROVED),
        # Published rules name their policy by its identifier.
        frozen("policies_policy", ["identifier", "kind"], unless="1 = 0"),
    ]
