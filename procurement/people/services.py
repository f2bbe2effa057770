"""Every write about people: accounts and roles, where they work, tokens, and the trace of who logged in."""

import secrets
from datetime import date

from django.core.exceptions import ValidationError
from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext as _
from knox.settings import knox_settings

from procurement.ledger import services as ledger
from procurement.people import permissions
from procurement.people.models import Hospital, HospitalGroup, Mandate, Membership, Token, User
from procurement.people.permissions import Permission
from procurement.people.refusals import Invalid, Refused
from procurement.people.roles import WORKING_FOR_HOSPITALS, Role
from procurement.people.writes import service
from scoring.canonical import sha256

TEMPORARY_PASSWORD_BYTES = 12  # 96 random bits, 16 characters
PROFILE = ("username", "first_name", "last_name", "email", "language")


@service
def create_person(*, role: str, by: User | None, password: str = "", **profile: str) -> tuple[User, str]:
    """A new account, and the password to hand over: to be changed at the first log-in, unless one was given.

    `profile` holds the fields of `PROFILE`. `by` None = the command that makes the first administrator. Raises
    Invalid with a line per field that cannot be used.
    """
    _may_manage(by)
    person = User(role=role, password_is_temporary=not password, **{name: profile.get(name, "") for name in PROFILE})
    person.language = person.language or "fr"
    password = password or secrets.token_urlsafe(TEMPORARY_PASSWORD_BYTES)
    person.set_password(password)
    _check(person)
    person.save(force_insert=True)
    ledger.record("person.created", person, by=by, reason=role)
    return person, password


@service
def change_role(*, person: User, role: str, by: User) -> None:
    """Give another role; what belonged to the former one, memberships or mandates, ends with it."""
    _may_manage(by, other_than=person)
    person.role = role
    _check(person)
    person.save(update_fields=["role"])
    if role not in WORKING_FOR_HOSPITALS:
        person.memberships.all().delete()
    if role != Role.AUDITOR:
        person.mandates.all().delete()
    ledger.record("person.role_changed", person, by=by, reason=role)


@service
def deactivate(*, person: User, by: User) -> None:
    """Close an account: its sessions and tokens end at once; what the person did stays in the record."""
    _may_manage(by, other_than=person)
    person.is_active = False
    person.save(update_fields=["is_active"])
    Token.objects.filter(user=person).delete()
    ledger.record("person.deactivated", person, by=by)


@service
def reactivate(*, person: User, by: User) -> str:
    """Open a closed account again, under a new random password: a session from before stays ended."""
    _may_manage(by, other_than=person)
    person.is_active = True
    password = _handed_over(person)
    person.save(update_fields=["is_active", "password", "password_is_temporary"])
    ledger.record("person.reactivated", person, by=by)
    return password


@service
def renew_password(*, person: User, by: User) -> str:
    """A new random password, to be handed over and changed at the next log-in; open sessions and tokens end."""
    _may_manage(by, other_than=person)
    password = _handed_over(person)
    person.save(update_fields=["password", "password_is_temporary"])
    Token.objects.filter(user=person).delete()
    ledger.record("person.password_renewed", person, by=by)
    return password


@service
def choose_password(*, password: str, by: User) -> None:
    """Keep a password of one's own, judged by the form; every token, and every other session, ends with the old one."""
    by.set_password(password)
    by.password_is_temporary = False
    by.save(update_fields=["password", "password_is_temporary"])
    Token.objects.filter(user=by).delete()
    ledger.record("person.password_chosen", by, by=by)


@service
def choose_language(*, language: str, by: User) -> None:
    """Read in another language from now on, on every machine."""
    by.language = language
    _check(by)
    by.save(update_fields=["language"])
    ledger.record("person.language_chosen", by, by=by, reason=language)


@service
def register_group(*, name: str, by: User | None) -> HospitalGroup:
    """A group of hospitals that buy together (GHT)."""
    _may_manage(by)
    group = HospitalGroup(name=name)
    _check(group)
    group.save(force_insert=True)
    ledger.record("group.registered", group, by=by, reason=name)
    return group


@service
def register_hospital(
    *, name: str, finess: str, siret: str = "", town: str = "", group: HospitalGroup | None = None, by: User | None
) -> Hospital:
    """A hospital under its FINESS number, 9 characters; its SIRET number, 14 digits, where it is known."""
    _may_manage(by)
    hospital = Hospital(name=name, finess=finess, siret=siret, town=town, group=group)
    _check(hospital)
    hospital.save(force_insert=True)
    ledger.record("hospital.registered", hospital, by=by, reason=f"{finess} {name}")
    return hospital


@service
def correct_hospital(
    *, hospital: Hospital, name: str, finess: str, siret: str, town: str, group: HospitalGroup | None, by: User
) -> None:
    """Write a registered hospital otherwise, under the same row: what was published keeps what it said.

    The line has both writings. Raises Invalid with a line per field that cannot be used, Refused where nothing changes.
    """
    _may_manage(by)
    held = Hospital.objects.select_for_update(of=("self",)).select_related("group").get(pk=hospital.pk)
    before = _written(held)
    held.name, held.finess, held.siret, held.town, held.group = name, finess, siret, town, group
    _check(held)
    after = _written(held)
    if after == before:
        raise Refused(_("Nothing was changed."))
    held.save(update_fields=["name", "finess", "siret", "town", "group"])
    hospital.refresh_from_db()
    ledger.record(
        "hospital.corrected",
        hospital,
        by=by,
        before=sha256(before),
        after=sha256(after),
        reason=f"{_in_a_row(before)} → {_in_a_row(after)}",
    )


@service
def join(*, person: User, hospital: Hospital | None = None, group: HospitalGroup | None = None, by: User) -> Membership:
    """Let a buyer or an evaluator work for one hospital, or for every one of a group: one of the two is given."""
    _may_manage(by)
    if person.role not in WORKING_FOR_HOSPITALS:
        raise Refused(_("Only a buyer or an evaluator works for a hospital: change the role first."))
    membership = Membership(user=person, hospital=hospital, group=group)
    _check(membership)
    membership.save(force_insert=True)
    ledger.record("membership.created", membership, by=by, reason=f"{ledger.name_of(person)} {_place(membership)}")
    return membership


@service
def leave(*, membership: Membership, by: User) -> None:
    """End a membership: the person sees the hospital's procedures, or its panels, no more."""
    _may_manage(by)
    name = ledger.name_of(membership)
    trace = f"{ledger.name_of(membership.user)} {_place(membership)}"
    membership.delete()
    ledger.record("membership.ended", name, by=by, reason=trace)


@service
def give_mandate(
    *, auditor: User, hospitals: list[Hospital], starts_on: date, ends_on: date, reference: str, by: User
) -> Mandate:
    """Let an auditor read the procedures of hospitals launched between two dates, both included."""
    _may_manage(by)
    if auditor.role != Role.AUDITOR:
        raise Refused(_("Only an auditor has a mandate: change the role first."))
    if not hospitals:
        raise Invalid(_("A mandate names at least one hospital."))
    mandate = Mandate(auditor=auditor, starts_on=starts_on, ends_on=ends_on, reference=reference)
    _check(mandate)
    mandate.save(force_insert=True)
    mandate.hospitals.set(hospitals)
    ledger.record("mandate.given", mandate, by=by, reason=f"{ledger.name_of(auditor)} {reference}")
    return mandate


@service
def withdraw_mandate(*, mandate: Mandate, by: User) -> None:
    """End a mandate: the auditor reads its procedures no more."""
    _may_manage(by)
    name, trace = ledger.name_of(mandate), f"{ledger.name_of(mandate.auditor)} {mandate.reference}"
    mandate.delete()
    ledger.record("mandate.withdrawn", name, by=by, reason=trace)


@service
def create_token(*, name: str, by: User) -> tuple[Token, str]:
    """A token for the API, and its text, which nobody can read again."""
    permissions.require(by, Permission.MANAGE_TOKENS)
    if by.password_is_temporary:
        raise Refused(_("Choose a password of your own in the portal first, then ask for a token."))
    most = knox_settings.TOKEN_LIMIT_PER_USER
    if Token.objects.filter(user=by, expiry__gt=timezone.now()).count() >= most:
        raise Refused(_("You have %(most)d tokens, which is the most: revoke one first.") % {"most": most})
    token, text = Token.objects.create(user=by, name=name.strip() or _("Unnamed"))
    ledger.record("token.created", token, by=by)
    return token, text


@service
def revoke_token(*, token: Token, by: User) -> None:
    """End a token of one's own at once."""
    permissions.require(by, Permission.MANAGE_TOKENS, token)
    name = ledger.name_of(token)
    token.delete()
    ledger.record("token.revoked", name, by=by)


@service
def record_login(*, by: User) -> None:
    """Trace who came in."""
    ledger.record("person.logged_in", by, by=by)


@service
def record_file(*, row: Model, name: str, by: User) -> None:
    """Trace that somebody takes the file ``name``, made of ``row``, out of the portal."""
    ledger.record("file.exported", row, by=by, reason=name)


@service
def record_failed_login(*, username: str) -> None:
    """Trace a wrong password, in a transaction of its own.

    A name nobody has leaves no line: it may be a password typed into the wrong field, and whoever invents names
    could fill the record without an account.
    """
    person = User.objects.filter(username=username).first()
    if person:
        ledger.record("person.login_failed", person, by=None)


def _may_manage(by: User | None, other_than: User | None = None) -> None:
    if by is None:
        return
    permissions.require(by, Permission.MANAGE_PEOPLE)
    if by == other_than:
        raise Refused(_("Nobody changes their own account here: ask another administrator."))


def _handed_over(person: User) -> str:
    """Give ``person`` a random password to be changed at the next log-in; the caller saves it."""
    password = secrets.token_urlsafe(TEMPORARY_PASSWORD_BYTES)
    person.set_password(password)
    person.password_is_temporary = True
    return password


def _check(row: Model) -> None:
    """Raise Invalid with each field that cannot be used and why."""
    try:
        row.full_clean()
    except ValidationError as problem:
        said = problem.message_dict.items()
        lines = [{"pointer": f"/{field}", "message": each} for field, sentences in said for each in sentences]
        raise Invalid(" ".join(line["message"] for line in lines), lines) from problem


def _written(hospital: Hospital) -> dict[str, str]:
    """A hospital as the record keeps it."""
    return {
        "finess": hospital.finess,
        "name": hospital.name,
        "siret": hospital.siret,
        "town": hospital.town,
        "group": hospital.group.name if hospital.group else "",
    }


def _in_a_row(written: dict[str, str]) -> str:
    return ", ".join(filter(None, written.values()))


def _place(membership: Membership) -> str:
    return ledger.name_of(membership.hospital or membership.group)  # type: ignore[arg-type]  # one of the two is there: a constraint of the table
