from django.urls import URLPattern

app_name = "cashback"
urlpatterns: list[URLPattern] = []
