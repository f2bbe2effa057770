from django.urls import path

from procurement.tenders import bid_views, draft_views, member_views, views
from procurement.tenders.method import views as method
from procurement.tenders.proofs import views as proofs
from procurement.tenders.reference import views as reference
from procurement.tenders.regulation import views as regulation
from procurement.tenders.schedules import views as schedules

app_name = "tenders"
urlpatterns = [
    path("", views.tenders, name="list"),
    path("reference/", reference.reference, name="reference"),
    path("reference/<int:pk>/", reference.grid, name="reference_grid"),
    path("templates/", reference.templates, name="templates"),
    path("templates/<slug:identifier>/", reference.template, name="template"),
    path("<int:pk>/", views.tender, name="tender"),
    path("<int:pk>/publish/", views.publish, name="publish"),
    path("<int:pk>/open/", views.open_bids, name="open"),
    path("<int:pk>/deadline/", views.deadline, name="deadline"),
    path("draft/", draft_views.draft, name="draft"),
    path("<int:pk>/terms/", draft_views.terms, name="terms"),
    path("<int:pk>/delete/", draft_views.drop, name="drop"),
    path("<int:pk>/lots/add/", draft_views.add_lot, name="add_lot"),
    path("lots/<int:pk>/change/", draft_views.change_lot, name="change_lot"),
    path("lots/<int:pk>/delete/", draft_views.drop_lot, name="drop_lot"),
    path("lots/<int:pk>/method/", method.method, name="method"),
    path("lots/<int:pk>/regulation/", regulation.regulation, name="regulation"),
    path("lots/<int:pk>/regulation.<slug:language>.docx", regulation.text, name="regulation_text"),
    path("lots/<int:pk>/profiles/", method.profiles, name="profiles"),
    path("lots/<int:pk>/profiles/propose/", method.propose, name="propose_profiles"),
    path("<int:pk>/training-copy/", views.training_copy, name="training_copy"),
    path("lots/<int:pk>/bids/enter/", bid_views.enter_bid, name="enter_bid"),
    path("bids/<int:pk>/proofs/add/", proofs.add, name="add_proof"),
    path("proofs/<int:pk>/", proofs.download, name="proof"),
    path("proofs/<int:pk>/withdraw/", proofs.withdraw, name="withdraw_proof"),
    path("bids/<int:pk>/members/", member_views.members, name="members"),
    path("bids/<int:pk>/origins/", member_views.take_origin, name="take_origin"),
    path("lots/<int:pk>/schedule/", schedules.schedule, name="schedule"),
    path("lots/<int:pk>/schedule.<slug:language>.xlsx", schedules.empty, name="empty_schedule"),
    path("lots/<int:pk>/schedule/<slug:token>/", schedules.offer, name="offer"),
]
