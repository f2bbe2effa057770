from django.urls import path

from procurement.policies import views

app_name = "policies"
urlpatterns = [
    path("", views.policies, name="list"),
    path("law/", views.law, name="law"),
    path("law/<str:key>/", views.parameter, name="parameter"),
    path("draft/", views.draft, name="draft"),
    path("named/<slug:identifier>/", views.policy, name="policy"),
    path("versions/<int:pk>/", views.version, name="version"),
    path("versions/<int:pk>/document.json", views.document, name="document"),
    path("versions/<int:pk>/change/", views.change, name="change"),
    path("versions/<int:pk>/submit/", views.submit, name="submit"),
    path("versions/<int:pk>/approve/", views.approve, name="approve"),
    path("versions/<int:pk>/send-back/", views.send_back, name="send_back"),
    path("versions/<int:pk>/retire/", views.retire, name="retire"),
]
