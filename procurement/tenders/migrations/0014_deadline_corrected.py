from django.db import migrations

from procurement.triggers import frozen, thawed


class Migration(migrations.Migration):
    """A deadline that was said wrongly at the opening can be corrected until the procedure is decided."""

    dependencies = [("tenders", "0013_group_origin_retained_by")]

    operations = [
        thawed("tenders_tender", "bids_due_at"),
        frozen(
            "tenders_tender",
            ["bids_due_at"],
            unless="OLD.stage IN ('draft', 'published', 'opened', 'evaluated')",
        ),
    ]
