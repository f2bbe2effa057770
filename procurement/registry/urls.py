from django.urls import path

from procurement.registry import views

app_name = "registry"
urlpatterns = [
    path("", views.suppliers, name="suppliers"),
    path("new/", views.register, name="register"),
    path("<int:pk>/", views.supplier, name="supplier"),
    path("<int:pk>/origin/", views.origin, name="origin"),
]
