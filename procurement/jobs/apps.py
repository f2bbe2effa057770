from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class JobsConfig(AppConfig):
    name = "procurement.jobs"
    verbose_name = _("Background work")

    def ready(self) -> None:
        from procurement.jobs import sweeper  # connects itself to the worker's start and stop

        sweeper.connect()
