import django.db.models.deletion
from django.db import migrations, models

import procurement.fields
from procurement.triggers import append_only


class Migration(migrations.Migration):
    dependencies = [("tenders", "0007_profiles")]

    operations = [
        migrations.CreateModel(
            name="Announcement",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("document", procurement.fields.DocumentField(verbose_name="announcement")),
                ("sha256", models.CharField(max_length=64, verbose_name="SHA-256 of the announcement")),
                (
                    "lot",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="announcement",
                        to="tenders.lot",
                        verbose_name="lot",
                    ),
                ),
            ],
            options={"verbose_name": "announcement", "verbose_name_plural": "announcements"},
        ),
        append_only("tenders_announcement"),
    ]
