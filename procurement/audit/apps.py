from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AuditConfig(AppConfig):
    name = "procurement.audit"
    verbose_name = _("Evidence")

    def ready(self) -> None:
        from procurement.audit import shelf
        from procurement.jobs import sweeper

        sweeper.also(shelf.clear)
