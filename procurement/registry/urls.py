from django.urls import path

from procurement.registry import views

app_name = "registry"
urlpatterns = [
    path("", views.suppliers, name="suppliers"),
    path("<int:pk>/", views.supplier, name="supplier"),
]
