"""Every address of the portal; each app lists its own pages, and its part of the API, in `urls.py` and `api.py`."""

from django.urls import include, path

from config import api
from config.home import home
from procurement.people import urls as people

urlpatterns = [
    path("", include(([path("", home, name="home"), *people.urlpatterns], people.app_name))),
    path("policies/", include("procurement.policies.urls")),
    path("suppliers/", include("procurement.registry.urls")),
    path("tenders/", include("procurement.tenders.urls")),
    path("", include("procurement.evaluation.urls")),
    path("", include("procurement.audit.urls")),
    path("cashback/", include("procurement.cashback.urls")),
    path("", include("procurement.simulation.urls")),
    path("jobs/", include("procurement.jobs.urls")),
    path("record/", include(people.record_urls)),
    path("api/v1/", include(api)),
]
