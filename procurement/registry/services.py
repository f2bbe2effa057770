"""Every write of the register of suppliers."""

from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError
from django.utils import timezone
from django.utils.translation import gettext as _

from procurement.ledger import services as ledger
from procurement.people import permissions
from procurement.people.models import User
from procurement.people.permissions import Permission
from procurement.people.refusals import Invalid, Stale
from procurement.people.writes import service
from procurement.registry.findings import Finding, check_country
from procurement.registry.models import OriginFinding, Supplier
from scoring.canonical import sha256


@service
def register_supplier(
    *,
    name: str,
    by: User,
    registration_number: str = "",
    address_country: str = "",
    operator_country: str = "",
    operator_origin_basis: str = "",
    evidence: str = "",
    reference: str = "",
    found_on: date | None = None,
    at: datetime | None = None,
) -> Supplier:
    """Enter an economic operator in the register. Countries are ISO 3166-1 alpha-2, "" when unknown.

    ``evidence``, its ``reference`` and ``found_on`` tell what the operator's origin rests on. Raises Invalid for a
    name that is empty, too long or taken (capitals aside), an unknown country, or an origin without its basis.
    """
    permissions.require(by, Permission.REGISTER_SUPPLIER)
    name = " ".join(name.split())
    _check_name(name)
    if len(registration_number) > 40 or "\x00" in registration_number:
        raise Invalid(_("A registration number has at most 40 characters."))
    check_country(address_country)
    at = at or timezone.now()
    finding = Finding(operator_country, operator_origin_basis, evidence.strip(), reference.strip(), found_on)
    finding.check(timezone.localdate(at))
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
    if finding:
        _keep(supplier, finding, at)
    ledger.record("supplier.registered", supplier, by=by, at=at, after=_digest(supplier))
    return supplier


@service
def record_operator_origin(
    *,
    supplier: Supplier,
    country: str,
    basis: str,
    by: User,
    evidence: str = "",
    reference: str = "",
    found_on: date | None = None,
    at: datetime | None = None,
) -> OriginFinding:
    """Record where an operator originates (Regulation (EU) 2022/1031, art. 3), "" and "" when it is unknown.

    The earlier finding stays beside it. Bids already entered keep the origin they were entered with, until their
    buyer takes the new one. Raises Invalid for an unknown country, an origin without its basis or a day to come,
    Stale when somebody else recorded another.
    """
    permissions.require(by, Permission.REGISTER_SUPPLIER, supplier)
    at = at or timezone.now()
    finding = Finding(country, basis, evidence.strip(), reference.strip(), found_on)
    finding.check(timezone.localdate(at))
    before = _digest(supplier)
    seen = Supplier.objects.filter(
        pk=supplier.pk,
        operator_country=supplier.operator_country,
        operator_origin_basis=supplier.operator_origin_basis,
    )
    if not seen.update(operator_country=country, operator_origin_basis=basis):
        raise Stale(_("Somebody else has just recorded another origin; look at it again."))
    supplier.refresh_from_db()
    kept = _keep(supplier, finding, at)
    ledger.record("supplier.origin_recorded", supplier, by=by, at=at, before=before, after=_digest(supplier))
    return kept


def _check_name(name: str) -> None:
    if not name or len(name) > 300 or "\x00" in name:
        raise Invalid(_("The name of a supplier has 1 to 300 characters."))
    if Supplier.objects.filter(name__iexact=name).exists():
        raise _taken(name)


def _taken(name: str) -> Invalid:
    return Invalid(_("A supplier is already registered as “%(name)s”.") % {"name": name})


def _keep(supplier: Supplier, finding: Finding, at: datetime) -> OriginFinding:
    return OriginFinding.objects.create(supplier=supplier, recorded_at=at, **asdict(finding))


def _digest(supplier: Supplier) -> str:
    """The SHA-256 of the supplier with the latest finding on its origin."""
    document: dict[str, Any] = {
        "name": supplier.name,
        "registration_number": supplier.registration_number,
        "address_country": supplier.address_country,
        "operator_country": supplier.operator_country,
        "operator_origin_basis": supplier.operator_origin_basis,
    }
    latest = supplier.origin_findings.order_by("-pk").first()
    if latest:
        document |= {
            "evidence": latest.evidence,
            "reference": latest.reference,
            "found_on": latest.found_on.isoformat() if latest.found_on else None,
        }
    return sha256(document)
