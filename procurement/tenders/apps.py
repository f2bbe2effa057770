from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TendersConfig(AppConfig):
    name = "procurement.tenders"
    verbose_name = _("Tenders")

    def ready(self) -> None:
        from procurement.jobs import sweeper
        from procurement.tenders.schedules import waiting

        sweeper.also(waiting.clear)
