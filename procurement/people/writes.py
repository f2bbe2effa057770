"""What every service is: one transaction, and a line in the record when it refuses somebody."""

from collections.abc import Callable, Mapping
from contextvars import ContextVar
from datetime import timedelta
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from procurement.ledger import services as ledger
from procurement.ledger.models import Line
from procurement.people.refusals import Confidential, Invalid, Refused, Stale

P = ParamSpec("P")
Result = TypeVar("Result")

ONCE_IN = timedelta(minutes=1)  # whoever repeats a refused request leaves one line in so long: nobody fills the record
RECORDED = "recorded"  # the attribute of an exception whose line is written
COMMON = {
    "people",
    "policies",
}  # administrators read the lines about these: what hospitals are refused is not said there
UNREMARKABLE = (Invalid, Stale)  # nobody tried what they may not: an entry was wrong, or somebody else was faster

_inside: ContextVar[bool] = ContextVar("inside_a_service", default=False)


def service(write: Callable[P, Result]) -> Callable[P, Result]:
    """Make a service of ``write``, which takes keyword arguments, `by=` among them where a person acts.

    It is done whole or not at all, and who is refused leaves a line.
    """
    return refusals_recorded(transaction.atomic(write))


def refusals_recorded(write: Callable[P, Result]) -> Callable[P, Result]:
    """Let ``write``, a service that keeps its transactions itself, leave a line when it refuses somebody.

    When the outermost one ends in PermissionDenied or Refused, and once all of it is taken back,
    `<name of the service>.refused` is recorded about the first row it was given.
    """

    @wraps(write)
    def run(*given: P.args, **named: P.kwargs) -> Result:
        if _inside.get():
            return write(*given, **named)
        entered = _inside.set(True)
        try:
            return write(*given, **named)
        except (PermissionDenied, Refused) as refusal:
            record_refusal(f"{write.__name__}.refused", _about(write, named), refusal, by=named.get("by"))
            raise
        finally:
            _inside.reset(entered)

    return run


def record_refusal(action: str, thing: models.Model | str, refusal: Exception, *, by: Any, said: str = "") -> None:
    """Write, in a transaction of its own, that ``by`` was refused something, with ``said`` or the sentence as reason.

    Nothing for the software, for somebody without a log-in, for what is recorded already or was not refused in this
    sense (`UNREMARKABLE`), and for the same refusal of the same person within `ONCE_IN`.
    """
    if by is None or by.is_anonymous or isinstance(refusal, UNREMARKABLE) or recorded(refusal):
        return
    vars(refusal)[RECORDED] = True
    with transaction.atomic():
        if not _just_recorded(action, ledger.name_of(thing), f"user:{by.pk}"):
            ledger.record(action, thing, by=by, reason=_storable(said or str(refusal)))


def record_closed_page(request: HttpRequest, refusal: Exception) -> None:
    """Write that the reader was refused the page or endpoint of ``request``, unless a service has written why.

    The line is about the page; which row was asked for stands in its reason, so that whoever tries one number after
    the other leaves one line.
    """
    found = request.resolver_match
    if found is not None and request.user.is_authenticated:
        asked = " ".join(str(value) for value in found.kwargs.values() if str(value).isdigit())
        why = _("closed to this person") if isinstance(refusal, Confidential) else refusal
        said = f"{asked}: {why}" if asked else ""
        record_refusal("page.refused", f"page:{found.view_name}", refusal, by=request.user, said=said)


def recorded(refusal: Exception) -> bool:
    """Whether ``refusal`` has its line."""
    return RECORDED in vars(refusal)


def _about(write: Callable[..., object], named: Mapping[str, object]) -> models.Model | str:
    """The first row among the arguments; the app and the name of the service where it was given none.

    A row of `COMMON` counts for the services of its own app alone.
    """
    own = write.__module__.split(".")[1]
    for name, value in named.items():
        first = value[0] if isinstance(value, list) and value else value
        if name != "by" and isinstance(first, models.Model) and first.pk:
            app = first._meta.app_label
            if app == own or app not in COMMON:
                return first
    return f"{own}.{write.__name__}"


def _just_recorded(action: str, name: str, actor: str) -> bool:
    since = timezone.now() - ONCE_IN
    return Line.objects.filter(object=name, action=action, actor=actor, at__gte=since).exists()


def _storable(sentence: str) -> str:
    """``sentence`` without what no database keeps: it may quote what was sent."""
    return sentence.encode("utf-8", "replace").decode().replace("\0", "")
