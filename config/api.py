"""The API under /api/v1/: one line per resource, and the document that describes them."""

from django.urls import URLPattern, URLResolver, path
from drf_spectacular.views import SpectacularSwaggerSplitView
from rest_framework.routers import SimpleRouter

from config.schema import SchemaView
from procurement.audit.api import BundleView
from procurement.cashback.api import EstimateViewSet
from procurement.evaluation.api import DecisionViewSet, SheetViewSet
from procurement.evaluation.api_drafts import LotViewSet, PanelViewSet
from procurement.evaluation.api_examination import BidViewSet
from procurement.evaluation.api_score import ScoreView
from procurement.jobs.api import JobViewSet
from procurement.people.api import TokenViewSet
from procurement.people.api_access import NotTooManyScorings, NotTooOften
from procurement.policies.api import PolicyVersionViewSet, PolicyViewSet
from procurement.registry.api import SupplierViewSet
from procurement.simulation.api import FileView, SnapshotViewSet, SweepViewSet
from procurement.simulation.api_boxes import BoxViewSet
from procurement.simulation.views import files
from procurement.tenders.api_drafts import TenderViewSet
from procurement.tenders.proofs.api import ProofViewSet
from procurement.tenders.reference.api import ReferenceGridViewSet, TemplateViewSet

router = SimpleRouter()
router.register("archive-snapshots", SnapshotViewSet, basename="archive-snapshot")
router.register("bids", BidViewSet, basename="bid")
router.register("cashback-estimates", EstimateViewSet, basename="cashback-estimate")
router.register("criteria-templates", TemplateViewSet, basename="criteria-template")
router.register("decisions", DecisionViewSet, basename="decision")
router.register("jobs", JobViewSet, basename="job")
router.register("lots", LotViewSet, basename="lot")
router.register("panels", PanelViewSet, basename="panel")
router.register("policies", PolicyViewSet, basename="policy")
router.register("policy-versions", PolicyVersionViewSet, basename="policy-version")
router.register("reference-grids", ReferenceGridViewSet, basename="reference-grid")
router.register("proofs", ProofViewSet, basename="proof")
router.register("sheets", SheetViewSet, basename="sheet")
router.register("simulation-boxes", BoxViewSet, basename="simulation-box")
router.register("simulations", SweepViewSet, basename="simulation")
router.register("suppliers", SupplierViewSet, basename="supplier")
router.register("tenders", TenderViewSet, basename="tender")
router.register("tokens", TokenViewSet, basename="token")

urlpatterns: list[URLPattern | URLResolver] = [
    *router.urls,
    path("decisions/<int:pk>/export.csv", DecisionViewSet.as_view({"get": "export"}), name="decision-export"),
    path("decisions/<int:pk>/bundle/", BundleView.as_view(), name="decision-bundle"),
    path("simulations/<uuid:pk>/scenarios.<slug:extension>", FileView.as_view(), name="simulation-file"),
    path(
        "simulations/<uuid:pk>/switches.<slug:extension>",
        FileView.as_view(handed_out=files.switches),
        name="simulation-switches-file",
    ),
    path(
        "simulations/<uuid:pk>/scenarios/<int:scenario>/lots.<slug:extension>",
        FileView.as_view(handed_out=files.look),
        name="simulation-look-file",
    ),
    path(
        "simulation-boxes/<uuid:pk>/lots.<slug:extension>",
        FileView.as_view(handed_out=files.box),
        name="simulation-box-file",
    ),
    path("score/", ScoreView.as_view(throttle_classes=[NotTooOften, NotTooManyScorings]), name="score"),
    path("schema/", SchemaView.as_view(), name="schema"),
    path("docs/", SpectacularSwaggerSplitView.as_view(template_name="api/docs.html"), name="docs"),
]
