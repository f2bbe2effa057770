from django.urls import path

from procurement.evaluation.views import bids, decisions, drafts, judging, lots, panels

app_name = "evaluation"
urlpatterns = [
    path("lots/<int:pk>/", lots.lot, name="lot"),
    path("lots/<int:pk>/score/", lots.score, name="score"),
    path("lots/<int:pk>/marks/", lots.take_marks, name="take_marks"),
    path("lots/<int:pk>/simulate/", lots.simulate, name="simulate"),
    path("lots/<int:pk>/blocks/<slug:code>/lift/", lots.lift_block, name="lift_block"),
    path("lots/<int:pk>/ipi-exception/", bids.ipi_exception, name="ipi_exception"),
    path("lots/<int:pk>/bids/<slug:key>/", bids.bid, name="bid"),
    path("lots/<int:pk>/bids/<slug:key>/exclude/", bids.exclude, name="exclude"),
    path("lots/<int:pk>/bids/<slug:bid>/explanations/", lots.explain, name="explain"),
    path("lots/<int:pk>/award/", decisions.award, name="award"),
    path("lots/<int:pk>/end/", decisions.end, name="end"),
    path("lots/<int:pk>/sheets/<int:number>/ranking.csv", lots.ranking_csv, name="ranking_csv"),
    path("lots/<int:pk>/sheets/<int:number>/case.json", lots.case_json, name="case_json"),
    path("lots/<int:pk>/sheets/<int:number>/sheet.json", lots.sheet_json, name="sheet_json"),
    path("lots/<int:pk>/panel/", panels.panel, name="panel"),
    path("lots/<int:pk>/panel/seat/", panels.seat, name="seat"),
    path("lots/<int:pk>/panel/<int:seat>/unseat/", panels.unseat, name="unseat"),
    path("lots/<int:pk>/agreed/", panels.agree, name="agree"),
    path("lots/<int:pk>/agreed/typed/", drafts.keep_agreed, name="keep_agreed"),
    path("lots/<int:pk>/agreed/paste/", drafts.paste_agreed, name="paste_agreed"),
    path("lots/<int:pk>/agreed/undo/", drafts.undo_agreed, name="undo_agreed"),
    path("lots/<int:pk>/lock/", panels.lock, name="lock"),
    path("panels/", judging.panels, name="panels"),
    path("panels/<int:pk>/", judging.judge, name="judge"),
    path("panels/<int:pk>/typed/", drafts.keep_own, name="keep_own"),
    path("panels/<int:pk>/paste/", drafts.paste_own, name="paste_own"),
    path("panels/<int:pk>/undo/", drafts.undo_own, name="undo_own"),
    path("panels/<int:pk>/declare/", judging.declare, name="declare"),
    path("decisions/", decisions.decisions, name="decisions"),
    path("decisions/<int:pk>/", decisions.decision, name="decision"),
    path("decisions/<int:pk>/decision.csv", decisions.decision_csv, name="decision_csv"),
]
