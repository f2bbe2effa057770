"""`manage.py load_demonstration`: the invented hospital group, for a first look and for training."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from procurement.interchange.demonstration.load import PASSWORD, AlreadyInUse, load
from procurement.people.models import User


class Command(BaseCommand):
    help = "Loads the demonstration into an empty portal; does nothing when it is already there."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            loaded = load()
        except AlreadyInUse as error:
            raise CommandError(
                "This portal has people of its own: the demonstration is only loaded into an empty database."
            ) from error
        self.stdout.write("Demonstration loaded." if loaded else "The demonstration is already there.")
        self.stdout.write(f"Accounts, all with the password “{PASSWORD}”:")
        for user in User.objects.order_by("pk"):
            self.stdout.write(f"  {user.username:<10} {user} ({user.role})")
