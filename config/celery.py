"""The Celery application (`celery -A config worker`); its settings are the `CELERY_…` of `settings.py`."""

import os

from celery import Celery
from kombu.transport import TRANSPORT_ALIASES

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
TRANSPORT_ALIASES["embedded"] = "procurement.jobs.embedded_transport:Transport"

app = Celery("bareme")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
