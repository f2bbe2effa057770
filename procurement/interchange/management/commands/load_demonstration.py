"""`manage.py load_demonstration`: the invented hospital group, for a first look and for training."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from procurement.interchange.demonstration.load import PASSWORD, AlreadyInUse, OlderDemonstration, load
from procurement.people.models import User


class Command(BaseCommand):
    help = "Loads the demonstration into an empty portal; does nothing when one is already there."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            said = "Demonstration loaded." if load() else "The demonstration is already there."
        except OlderDemonstration as older:
            said = (
                f"An older demonstration is there, without {older}, and is left as it is. To have the present one, "
                "load it into an empty database (`make demo` makes one when the folder var/ is away)."
            )
        except AlreadyInUse as error:
            raise CommandError(
                "This portal has people of its own: the demonstration is only loaded into an empty database."
            ) from error
        self.stdout.write(said)
        self.stdout.write(f"Accounts, all with the password “{PASSWORD}”:")
        for user in User.objects.order_by("pk"):
            self.stdout.write(f"  {user.username:<11} {user} ({user.role})")
