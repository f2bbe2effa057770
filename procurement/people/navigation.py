"""What the frame of every page shows: the rooms a reader may enter, in the order of the trade, and where he works."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy as _

from procurement.people.permissions import Permission as P
from procurement.people.permissions import may
from procurement.people.scope import workplaces_of

ROOMS = (
    # title, URL name, permission
    (_("Procedures"), "tenders:list", P.READ_TENDER),
    (_("Panels"), "evaluation:panels", P.SIT_ON_PANEL),
    (_("Decisions"), "evaluation:decisions", P.READ_DECISION),
    (_("Exports"), "audit:exports", P.EXPORT_DECISION),
    (_("Suppliers"), "registry:suppliers", P.READ_SUPPLIER),
    (_("Budget"), "cashback:estimates", P.READ_ESTIMATE),
    (_("Policies"), "policies:list", P.READ_POLICY),
    (_("Archive"), "simulation:archive", P.READ_ARCHIVE),
    (_("Simulations"), "simulation:sweeps", P.RUN_SWEEP),
    (_("Record"), "ledger:record", P.READ_RECORD),
    (_("People"), "people:people", P.MANAGE_PEOPLE),
    (_("Law"), "policies:law", P.READ_LAW),
)
# Pages whose address does not start with the one of their room.
BELONGS_TO = {"/lots/": "tenders:list", "/hospitals/": "people:people", "/verify/": "audit:exports"}


def rooms(request: HttpRequest) -> dict[str, Any]:
    """Context processor: `rooms`, the entries of the navigation for this reader, and `workplaces`, where he works."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"rooms": [], "workplaces": []}
    found = [(title, reverse(name)) for title, name, permission in ROOMS if may(user, permission)]
    path = next((reverse(room) for start, room in BELONGS_TO.items() if request.path.startswith(start)), request.path)
    here = max((address for _title, address in found if path.startswith(address)), key=len, default=None)
    entries = [{"title": title, "address": address, "current": address == here} for title, address in found]
    return {"rooms": entries, "workplaces": SimpleLazyObject(lambda: workplaces_of(user))}
