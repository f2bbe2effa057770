from django.db import migrations

from procurement.triggers import frozen, kept

DRAFT = "OLD.stage = 'draft'"


class Migration(migrations.Migration):
    dependencies = [("tenders", "0001_initial")]

    operations = [
        frozen(
            "tenders_lot",
            ["rules", "rules_sha256", "policy_version_id", "rounding_decimals", "tie_break", "tender_id", "number", "cpv"],
            unless=DRAFT,
        ),
        frozen(
            "tenders_tender",
            [
                "launched_on", "cpv", "estimated_value_cents", "currency", "prices_include_vat", "training",
                "reference", "contracting_body_id", "procedure", "technique", "framework_maximum_cents",
                "framework_months", "framework_holders", "ipi_announced",
            ],
            unless=DRAFT,
        ),
        # Back to the draft, what is frozen above could change again; a decided lot could be decided otherwise.
        frozen("tenders_tender", ["stage"], unless=f"{DRAFT} OR NEW.stage <> 'draft'"),
        frozen("tenders_lot", ["stage"], unless="OLD.stage NOT IN ('awarded', 'unsuccessful', 'without_follow_up')"),
        kept("tenders_tender", unless=DRAFT),
        kept("tenders_lot", unless=DRAFT),
    ]  # fmt: skip
