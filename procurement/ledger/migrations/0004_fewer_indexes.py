from django.db import migrations, models

from procurement.triggers import keeping_triggers


class Migration(migrations.Migration):
    """Hashes lose their index: they cover the sequence, which is unique, and everybody who writes waits for each index."""

    dependencies = [("ledger", "0003_commitments")]

    operations = keeping_triggers(
        "ledger_line",
        migrations.AlterField(
            model_name="line",
            name="hash",
            field=models.CharField(max_length=64, verbose_name="hash"),
        ),
    )
