"""Trying the rules of a draft on invented bids, and recording on which rules and which bids they were tried."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

import scoring
from procurement.ledger import services as ledger
from procurement.people import permissions
from procurement.people.models import User
from procurement.people.permissions import Permission
from procurement.people.writes import service
from procurement.tenders import documents
from procurement.tenders.models import Lot, Profile
from procurement.tenders.profiles import FEWEST, MOST, case_of, digest, profiles_of
from procurement.tenders.rules import sha256
from procurement.tenders.services.drafting import held_lot
from scoring.problems import Problem, gettext_noop
from scoring.reading import check_json
from scoring.shapes import ListOf

PROFILES = ListOf(documents.PROFILE)
BIDS, LINE = "/bids", "/lines/0/origins"  # where a case has what a list of profiles has under "" and "/origins"


@service
def invent_profiles(*, lot: Lot, profiles: Any, by: User, at: datetime) -> None:
    """Replace the invented bids of a draft lot by ``profiles`` (a list of `documents.PROFILE`), 3 to 8 of them.

    Raises Refused once the rules are published, Invalid with every problem, each with its pointer.
    """
    permissions.require(by, Permission.DRAFT_TENDER, lot)
    held = held_lot(lot)
    problems = _problems(held, profiles, at)
    if problems:
        documents.refuse(_("The profiles cannot be kept: %(first)s"), problems)
    held.profiles.all().delete()
    Profile.objects.bulk_create(
        Profile(lot=held, position=position, document=profile) for position, profile in enumerate(profiles, start=1)
    )
    ledger.record("lot.profiles_invented", held, by=by, at=at, after=sha256(profiles))


@service
def check_method(*, lot: Lot, by: User, at: datetime) -> None:
    """Record that the method of a draft lot was checked on its profiles, under its rules as they stand.

    Raises Refused once the rules are published, Invalid when the profiles do not fit the rules (any more).
    """
    permissions.require(by, Permission.DRAFT_TENDER, lot)
    held = held_lot(lot)
    profiles = profiles_of(held)
    problems = _problems(held, profiles, at)
    if problems:
        documents.refuse(_("The method cannot be checked: %(first)s"), problems)
    ledger.record("lot.method_checked", held, by=by, at=at, after=digest(held, profiles))


def _problems(lot: Lot, profiles: Any, at: datetime) -> list[Problem]:
    """What is wrong with the profiles: their form, their number, and what scoring says of them as bids."""
    problems = check_json(profiles)
    if not problems:
        PROFILES.read(profiles, "", problems)
    if problems:
        return problems
    if not FEWEST <= len(profiles) <= MOST:
        template = gettext_noop("A method is checked on %(fewest)s to %(most)s profiles; there are %(count)s.")
        return [Problem("", template, {"fewest": FEWEST, "most": MOST, "count": len(profiles)})]
    errors = scoring.validate(case_of(lot, profiles, at.date())).errors
    return [error.at(error.pointer.removeprefix(BIDS).replace(LINE, "/origins")) for error in errors]
