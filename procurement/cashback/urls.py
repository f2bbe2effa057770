from django.urls import path

from procurement.cashback import views

app_name = "cashback"
urlpatterns = [
    path("", views.estimates, name="estimates"),
    path("new/", views.new, name="new"),
    path("<int:pk>/", views.estimate, name="estimate"),
    path("<int:pk>/again/", views.again, name="again"),
    path("<int:pk>/export.csv", views.export, name="export"),
]
