"""The API under /api/v1/: each app registers its part."""

from django.urls import URLPattern, URLResolver
from rest_framework.routers import SimpleRouter

from procurement.jobs.api import JobViewSet

router = SimpleRouter()
router.register("jobs", JobViewSet, basename="job")
urlpatterns: list[URLPattern | URLResolver] = [*router.urls]
