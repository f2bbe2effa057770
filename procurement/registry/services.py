"""Every write of the register of suppliers."""

from datetime import datetime

from django.db import IntegrityError
from django.utils.translation import gettext as _

from procurement.ledger import services as ledger
from procurement.people import permissions
from procurement.people.models import User
from procurement.people.permissions import Permission
from procurement.people.refusals import Invalid, Stale
from procurement.people.writes import service
from procurement.registry.models import Supplier
from scoring.canonical import sha256
from scoring.countries import COUNTRIES


@service
def register_supplier(
    *,
    name: str,
    by: User,
    registration_number: str = "",
    address_country: str = "",
    operator_country: str = "",
    operator_origin_basis: str = "",
    at: datetime | None = None,
) -> Supplier:
    """Enter an economic operator in the register. Countries are ISO 3166-1 alpha-2, "" when unknown.

    Raises Invalid for a name that is empty, too long or taken (capitals aside), an unknown country, or an origin
    without its basis.
    """
    permissions.require(by, Permission.REGISTER_SUPPLIER)
    name = " ".join(name.split())
    _check_name(name)
    if len(registration_number) > 40:
        raise Invalid(_("A registration number has at most 40 characters."))
    _check_country(address_country)
    _check_origin(operator_country, operator_origin_basis)
    supplier = Supplier(
        name=name,
        registration_number=registration_number,
        address_country=address_country,
        operator_country=operator_country,
        operator_origin_basis=operator_origin_basis,
    )
    try:
        supplier.save(force_insert=True)
    except IntegrityError as taken:  # by somebody who registered it at the same moment
        raise _taken(name) from taken
    ledger.record("supplier.registered", supplier, by=by, at=at, after=_digest(supplier))
    return supplier


@service
def record_operator_origin(
    *, supplier: Supplier, country: str, basis: str, by: User, at: datetime | None = None
) -> None:
    """Record where an operator originates (Regulation (EU) 2022/1031, art. 3), "" and "" when it is unknown.

    Bids already entered keep the origin they were entered with, until their buyer takes the new one. Raises
    Invalid for an unknown country or an origin without its basis, Stale when somebody else recorded another.
    """
    permissions.require(by, Permission.REGISTER_SUPPLIER, supplier)
    _check_origin(country, basis)
    before = _digest(supplier)
    seen = Supplier.objects.filter(
        pk=supplier.pk,
        operator_country=supplier.operator_country,
        operator_origin_basis=supplier.operator_origin_basis,
    )
    if not seen.update(operator_country=country, operator_origin_basis=basis):
        raise Stale(_("Somebody else has just recorded another origin; look at it again."))
    supplier.refresh_from_db()
    ledger.record("supplier.origin_recorded", supplier, by=by, at=at, before=before, after=_digest(supplier))


def _check_name(name: str) -> None:
    if not name or len(name) > 300 or "\x00" in name:
        raise Invalid(_("The name of a supplier has 1 to 300 characters."))
    if Supplier.objects.filter(name__iexact=name).exists():
        raise _taken(name)


def _taken(name: str) -> Invalid:
    return Invalid(_("A supplier is already registered as “%(name)s”.") % {"name": name})


def _check_country(country: str) -> None:
    if country and country not in COUNTRIES:
        raise Invalid(_("“%(country)s” is not a country: write two capitals of ISO 3166-1, FR.") % {"country": country})


def _check_origin(country: str, basis: str) -> None:
    _check_country(country)
    if bool(country) != bool(basis):
        raise Invalid(_("The operator's origin and the basis it was found on go together: give both or neither."))
    if basis and basis not in Supplier.OriginBasis.values:
        known = ", ".join(Supplier.OriginBasis.values)
        raise Invalid(_("The basis of the origin is one of: %(known)s.") % {"known": known})


def _digest(supplier: Supplier) -> str:
    return sha256(
        {
            "name": supplier.name,
            "registration_number": supplier.registration_number,
            "address_country": supplier.address_country,
            "operator_country": supplier.operator_country,
            "operator_origin_basis": supplier.operator_origin_basis,
        }
    )
