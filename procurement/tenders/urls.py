from django.urls import path

from procurement.tenders import views

app_name = "tenders"
urlpatterns = [
    path("", views.tenders, name="list"),
    path("<int:pk>/", views.tender, name="tender"),
    path("<int:pk>/publish/", views.publish, name="publish"),
    path("<int:pk>/open/", views.open_bids, name="open"),
    path("<int:pk>/training-copy/", views.training_copy, name="training_copy"),
]
