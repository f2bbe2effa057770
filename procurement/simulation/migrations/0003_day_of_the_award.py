from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("simulation", "0002_snapshots_and_sweeps"),
    ]

    operations = [
        migrations.AddField(
            model_name="archivecase",
            name="awarded_on",
            field=models.DateField(null=True, verbose_name="day of the award"),
        ),
    ]
