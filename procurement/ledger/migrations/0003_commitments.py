from django.db import migrations, models

from procurement.triggers import frozen


class Migration(migrations.Migration):
    dependencies = [("ledger", "0002_anchors")]

    operations = [
        migrations.CreateModel(
            name="Disclosure",
            fields=[
                (
                    "commitment",
                    models.CharField(max_length=64, primary_key=True, serialize=False, verbose_name="commitment"),
                ),
                ("salt", models.CharField(max_length=32, verbose_name="salt")),
                ("text", models.TextField(verbose_name="text")),
            ],
            options={"verbose_name": "text of a reason", "verbose_name_plural": "texts of reasons"},
        ),
        frozen("ledger_disclosure", ["commitment", "salt", "text"], unless="1 = 0"),
    ]
