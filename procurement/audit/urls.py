from django.urls import path

from procurement.audit import views

app_name = "audit"
urlpatterns = [
    path("verify/", views.verify, name="verify"),
    path("verify/verify.py", views.verifier, name="verifier"),
    path("decisions/<int:pk>/bundle/", views.bundle, name="bundle"),
    path("exports/", views.exports, name="exports"),
    path("exports/new/", views.new, name="new"),
    path("exports/<int:pk>/", views.export, name="export"),
    path("exports/<int:pk>/bundle.zip", views.download, name="download"),
]
