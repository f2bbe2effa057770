from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SimulationConfig(AppConfig):
    name = "procurement.simulation"
    verbose_name = _("Archive")

    def ready(self) -> None:
        from procurement.simulation.bindings import code_sha256

        code_sha256()  # of the code this process runs, whatever an upgrade writes over it later
