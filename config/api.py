"""The API under /api/v1/: each app registers its part."""

from django.urls import URLPattern, URLResolver
from rest_framework.routers import SimpleRouter

router = SimpleRouter()
urlpatterns: list[URLPattern | URLResolver] = [*router.urls]
