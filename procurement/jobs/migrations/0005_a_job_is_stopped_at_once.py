from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("jobs", "0004_jobs_end_with_their_parts")]

    operations = [migrations.RemoveField(model_name="job", name="cancel_requested")]
