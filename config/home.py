"""The home page: what waits for this reader, by role. It stands above the apps because it speaks of all of them."""

from typing import Any

from django.db.models import Case, Count, Exists, OuterRef, Q, Value, When
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from procurement.evaluation.models import Decision, Panel
from procurement.evaluation.present.own_panels import Step, own_panels
from procurement.jobs.models import Job
from procurement.ledger.state import state
from procurement.people import permissions
from procurement.people.actions import actors
from procurement.people.coded_reasons import reasons_of
from procurement.people.models import User
from procurement.people.permissions import Permission
from procurement.people.readable import lines_visible_to
from procurement.people.reader import reader
from procurement.people.roles import WORKING_FOR_HOSPITALS, Role
from procurement.people.scope import mandates_of
from procurement.policies.models import PolicyVersion
from procurement.tenders.models import Bid, Lot, Stage

ROWS = 20  # what a home page lists before it points to the whole list
BIDS = Bid.objects.filter(lot=OuterRef("pk"))
JUDGING = Panel.objects.filter(lot=OuterRef("pk"), lot__mark_lock=None)
# The next step of a lot; none once it is decided.
STEP = Case(
    When(stage=Stage.EVALUATED, then=Value("decide")),
    When(~Exists(BIDS), stage=Stage.OPENED, then=Value("enter")),
    When(Exists(JUDGING), stage=Stage.OPENED, then=Value("judge")),
    When(stage=Stage.OPENED, then=Value("score")),
    When(stage=Stage.PUBLISHED, then=Value("open")),
    When(stage=Stage.DRAFT, then=Value("publish")),
)
NEXT_STEPS = (
    # step, heading of its lots, stage, what the buyer does next, where, with the number of which row
    ("decide", _("Scored, to be decided"), Stage.EVALUATED, _("Decide"), "evaluation:lot", "pk"),
    ("score", _("Bids opened, to be scored"), Stage.OPENED, _("Score"), "evaluation:lot", "pk"),
    ("judge", _("Judged by a panel"), Stage.OPENED, _("See how far the panel is"), "evaluation:panel", "pk"),
    ("enter", _("Opened, bids to be entered"), Stage.OPENED, _("Enter the bids"), "evaluation:lot", "pk"),
    ("open", _("Published, bids awaited"), Stage.PUBLISHED, _("Open the bids"), "tenders:open", "tender_id"),
    ("publish", _("Drafts, to be published"), Stage.DRAFT, _("Publish"), "tenders:publish", "tender_id"),
)


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    user = reader(request)
    permissions.require(user, Permission.READ_HOME)
    context = SECTIONS[Role(user.role)](user)
    context["jobs"] = Job.objects.visible_to(user).order_by("-created_at")[:5]
    return render(request, f"home/{user.role}.html", context)


def buyer(user: Any) -> dict[str, Any]:
    """The lots still to be decided, those nearest to their decision first, and the latest decisions.

    Nothing is decided on a training copy: once it is scored it waits for nobody.
    """
    lots = Lot.objects.visible_to(user).exclude(stage=Stage.EVALUATED, tender__training=True).annotate(step=STEP)
    lots = lots.select_related("tender").order_by("tender__launched_on", "tender", "number")
    counts = dict(lots.order_by().values_list("step").annotate(Count("pk")))
    steps = [
        {
            "title": title,
            "stage": stage,
            "verb": verb,
            "count": counts[step],
            "lots": [(lot, reverse(page, args=[getattr(lot, row)])) for lot in lots.filter(step=step)[:ROWS]],
        }
        for step, title, stage, verb, page, row in NEXT_STEPS
        if step in counts
    ]
    return {"steps": steps, "decisions": latest_decisions(user)}


def evaluator(user: Any) -> dict[str, Any]:
    """The panels the evaluator sits on, those that wait for him first."""
    panels = own_panels(user)
    return {
        "panels": panels,
        "to_mark": [own for own in panels if own.step == Step.MARK],
        "to_declare": [own for own in panels if own.step == Step.DECLARE],
    }


def policy_officer(user: Any) -> dict[str, Any]:
    """Versions submitted by somebody else, which this officer may approve; and the officer's own drafts."""
    versions = PolicyVersion.objects.visible_to(user).select_related("policy", "drafted_by", "submitted_by")
    submitted = versions.filter(state=PolicyVersion.State.SUBMITTED)
    return {
        "to_approve": submitted.exclude(submitted_by=user).exclude(drafted_by=user),
        "awaiting": submitted.filter(submitted_by=user),
        "drafts": versions.filter(state=PolicyVersion.State.DRAFT),
    }


def auditor(user: Any) -> dict[str, Any]:
    """What the auditor may read, what was decided there last, and how well the record is protected."""
    return {
        "mandates": mandates_of(user).prefetch_related("hospitals"),
        "decisions": latest_decisions(user),
        "state": state(),
    }


def administrator(user: Any) -> dict[str, Any]:
    """How many people hold each role, who can do nothing yet, and the latest lines of the record."""
    people = User.objects.visible_to(user).filter(is_active=True)
    lines = list(lines_visible_to(user).order_by("-sequence")[:10])
    counts = dict(people.order_by().values_list("role").annotate(Count("pk")))
    return {
        "roles": [{"role": role, "title": role.label, "count": counts.get(role, 0)} for role in Role],
        "idle": people.filter(
            Q(role__in=WORKING_FOR_HOSPITALS, memberships=None) | Q(role=Role.AUDITOR, mandates=None)
        ),
        "lines": lines,
        "names": actors(lines),
        "reasons": reasons_of(lines),
    }


def latest_decisions(user: Any) -> Any:
    decisions = Decision.objects.visible_to(user).select_related("lot__tender", "bid__supplier")
    return decisions.order_by("-decided_at", "-pk")[:10]


SECTIONS = {
    Role.BUYER: buyer,
    Role.EVALUATOR: evaluator,
    Role.POLICY_OFFICER: policy_officer,
    Role.AUDITOR: auditor,
    Role.ADMINISTRATOR: administrator,
}
