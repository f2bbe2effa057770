from django.apps import AppConfig
from django.core import checks
from django.utils.translation import gettext_lazy as _


class LedgerConfig(AppConfig):
    name = "procurement.ledger"
    verbose_name = _("The record")

    def ready(self) -> None:
        from procurement.ledger import hourly
        from procurement.ledger.installation import protected

        hourly.connect()
        checks.register(protected, checks.Tags.security, deploy=True)
