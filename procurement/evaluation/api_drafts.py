"""Marks that wait, tables pasted and changes undone over the API, by the services and the grids of the pages.

Nothing here gives a mark: what waits is given as any other (`panels/N/marks/`, `lots/N/agreed-marks/`).
"""

from typing import Any

from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from procurement.evaluation import api_panels, services
from procurement.evaluation.api import UNPAGED
from procurement.evaluation.models import MarkDraft, Panel
from procurement.evaluation.panel_serializers import GridSerializer, TableSerializer, TypedSerializer, UndoSerializer
from procurement.evaluation.panels import require_sitting
from procurement.evaluation.pasted import keep_table, table_of
from procurement.evaluation.present.grids import DRAFT, GRIDS
from procurement.evaluation.present.judged import field_names, waiting_grid
from procurement.people.answers import handed_in
from procurement.people.permissions import Permission
from procurement.people.reader import reader
from procurement.people.refusals import Invalid

OWN, AGREED = MarkDraft.Kind.INDIVIDUAL, MarkDraft.Kind.AGREED


class PanelViewSet(api_panels.PanelViewSet):
    """The panels the reader sits on, his marks, and what he typed of them and has not given."""

    needs = {
        **api_panels.PanelViewSet.needs,
        "drafts": Permission.SIT_ON_PANEL,
        "keep_drafts": Permission.SIT_ON_PANEL,
        "table": Permission.SIT_ON_PANEL,
        "paste": Permission.SIT_ON_PANEL,
        "undo": Permission.SIT_ON_PANEL,
    }

    @extend_schema(responses=GridSerializer)
    @action(detail=True, url_path="marks/drafts", **UNPAGED)
    def drafts(self, request: Request, pk: Any = None) -> Response:
        """How far the reader's marks are, what he typed and has not given, and what undoing would undo."""
        return _grid(request, self._own(request), OWN)

    @extend_schema(request=TypedSerializer(many=True), responses=GridSerializer)
    @drafts.mapping.post
    def keep_drafts(self, request: Request, pk: Any = None) -> Response:
        """Keep what is typed, right or wrong, until it is given; places that are not named stay as they are."""
        return _keep(request, self._own(request), OWN)

    @extend_schema(responses=TableSerializer)
    @action(detail=True, url_path="marks/table", **UNPAGED)
    def table(self, request: Request, pk: Any = None) -> Response:
        """The reader's grid as a table for a spreadsheet, to be filled in and pasted."""
        return _table(request, self._own(request), OWN)

    @extend_schema(request=TableSerializer, responses=GridSerializer)
    @table.mapping.post
    def paste(self, request: Request, pk: Any = None) -> Response:
        """Let a table of a spreadsheet wait in the grid, all of it or nothing, with each line that is wrong."""
        return _paste(request, self._own(request), OWN)

    @extend_schema(request=UndoSerializer, responses=GridSerializer)
    @action(detail=True, methods=["post"], url_path="marks/undo")
    def undo(self, request: Request, pk: Any = None) -> Response:
        """Forget what was typed last, or give again what stood before the reader's last change."""
        return _undo(request, self._own(request), OWN)

    def _own(self, request: Request) -> Panel:
        panel: Panel = self.get_object()
        require_sitting(panel.lot, reader(request))
        return panel


class LotViewSet(api_panels.LotViewSet):
    """The lots of the reader's hospitals or mandates, and the marks of their panels as they are written down."""

    needs = {
        **api_panels.LotViewSet.needs,
        "agreed_drafts": Permission.AGREE_MARK,
        "keep_agreed_drafts": Permission.AGREE_MARK,
        "agreed_table": Permission.AGREE_MARK,
        "paste_agreed": Permission.AGREE_MARK,
        "undo_agreed": Permission.AGREE_MARK,
    }

    @extend_schema(responses=GridSerializer)
    @action(detail=True, url_path="agreed-marks/drafts", **UNPAGED)
    def agreed_drafts(self, request: Request, pk: Any = None) -> Response:
        """How far the agreed marks are, what the reader typed of them, and what undoing would undo."""
        return _grid(request, self._panel(), AGREED)

    @extend_schema(request=TypedSerializer(many=True), responses=GridSerializer)
    @agreed_drafts.mapping.post
    def keep_agreed_drafts(self, request: Request, pk: Any = None) -> Response:
        """Keep what is typed of agreed marks until it is written down; places that are not named stay as they are."""
        return _keep(request, self._panel(), AGREED)

    @extend_schema(responses=TableSerializer)
    @action(detail=True, url_path="agreed-marks/table", **UNPAGED)
    def agreed_table(self, request: Request, pk: Any = None) -> Response:
        """The agreed marks as a table for a spreadsheet, to be filled in and pasted."""
        return _table(request, self._panel(), AGREED)

    @extend_schema(request=TableSerializer, responses=GridSerializer)
    @agreed_table.mapping.post
    def paste_agreed(self, request: Request, pk: Any = None) -> Response:
        """Let a table of a spreadsheet wait among the agreed marks, all of it or nothing."""
        return _paste(request, self._panel(), AGREED)

    @extend_schema(request=UndoSerializer, responses=GridSerializer)
    @action(detail=True, methods=["post"], url_path="agreed-marks/undo")
    def undo_agreed(self, request: Request, pk: Any = None) -> Response:
        """Forget what was typed last, or write down again what stood before the reader's last change."""
        return _undo(request, self._panel(), AGREED)

    def _panel(self) -> Panel:
        return get_object_or_404(Panel.objects.select_related("lot__tender"), lot=self.get_object())


def _grid(request: Request, panel: Panel, kind: MarkDraft.Kind) -> Response:
    return Response(GridSerializer(waiting_grid(panel, kind, reader(request))).data)


def _keep(request: Request, panel: Panel, kind: MarkDraft.Kind) -> Response:
    by = reader(request)
    rows = TypedSerializer(data=request.data, many=True, allow_empty=False)
    rows.is_valid(raise_exception=True)
    names = field_names(GRIDS[kind](panel, by, None), kind)
    typed: dict[str, str] = {}
    for place, row in enumerate(rows.validated_data):
        name = names.get((row["bid"], row["criterion"]))
        if name is None:
            raise _wrong(place, _("None of the marks to be given is of this bid on this criterion."))
        if f"{name}-mark" in typed:
            raise _wrong(place, _("One bid has two marks on one criterion: leave one."))
        typed |= {f"{name}-mark": row["mark"], f"{name}-reason": row["reason"]}
    filled = GRIDS[kind](panel, by, typed)
    services.keep_drafts(lot=panel.lot, kind=kind, typed=filled.typed(), by=by, at=timezone.now())
    return _grid(request, panel, kind)


def _table(request: Request, panel: Panel, kind: MarkDraft.Kind) -> Response:
    return Response({"table": table_of(GRIDS[kind](panel, reader(request), None))})


def _paste(request: Request, panel: Panel, kind: MarkDraft.Kind) -> Response:
    given = handed_in(TableSerializer, request)
    keep_table(given["table"], panel, kind, by=reader(request), at=timezone.now())
    return _grid(request, panel, kind)


def _undo(request: Request, panel: Panel, kind: MarkDraft.Kind) -> Response:
    given = handed_in(UndoSerializer, request)
    undo = services.forget_draft if given["what"] == DRAFT else services.undo_marks
    undo(lot=panel.lot, kind=kind, seen=str(given["seen"]), by=reader(request), at=timezone.now())
    return _grid(request, panel, kind)


def _wrong(place: int, sentence: str) -> Invalid:
    return Invalid(sentence, [{"pointer": f"/{place}", "message": sentence}])
