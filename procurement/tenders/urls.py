from django.urls import path

from procurement.tenders import views
from procurement.tenders.reference import views as reference

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
    path("<int:pk>/training-copy/", views.training_copy, name="training_copy"),
]
