from typing import Any

from django.db import migrations
from django.utils import timezone


def end(apps: Any, schema_editor: Any) -> None:
    """Jobs that were asked to stop are stopped; parts of jobs that have ended hold nothing that a result lacks."""
    jobs, parts = apps.get_model("jobs", "Job").objects, apps.get_model("jobs", "Part").objects
    stopping = jobs.filter(state="running", cancel_requested=True)
    stopping.update(state="cancelled", claim=None, finished_at=timezone.now())
    parts.filter(job__state__in=("done", "failed", "cancelled")).delete()


class Migration(migrations.Migration):
    dependencies = [("jobs", "0003_parts")]

    operations = [migrations.RunPython(end, migrations.RunPython.noop)]
