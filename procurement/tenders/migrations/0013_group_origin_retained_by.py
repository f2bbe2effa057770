import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from procurement.triggers import keeping_triggers


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("tenders", "0012_group_origin"),
    ]

    operations = [
        *keeping_triggers(
            "tenders_bid",
            migrations.AddField(
                model_name="bid",
                name="group_retained_by",
                field=models.ForeignKey(
                    blank=True,
                    null=True,
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="+",
                    to=settings.AUTH_USER_MODEL,
                    verbose_name="person who retained the origin",
                ),
            ),
        ),
    ]
