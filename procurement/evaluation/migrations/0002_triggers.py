from django.db import migrations

from procurement.triggers import append_only


class Migration(migrations.Migration):
    dependencies = [("evaluation", "0001_initial")]

    operations = [
        append_only("evaluation_abnormallylowexplanation"),
        append_only("evaluation_scoresheet"),
        append_only("evaluation_liftedblock"),
        append_only("evaluation_decision"),
    ]
