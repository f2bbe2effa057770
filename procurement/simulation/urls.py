from django.urls import path

from procurement.simulation import views

app_name = "simulation"
urlpatterns = [
    path("", views.archive, name="archive"),
    path("cases/<int:pk>/", views.case, name="case"),
]
