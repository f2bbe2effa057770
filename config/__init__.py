"""The installation: settings, addresses, server and worker."""

from config.celery import app as celery_app  # the tasks of every process belong to it

__all__ = ["celery_app"]
