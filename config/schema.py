"""The document that describes the API, made once by each process: it depends on the code and the language alone."""

from typing import Any

from django.utils.translation import get_language
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.views import SpectacularAPIView

_made: dict[str | None, Any] = {}  # by language; two threads that make one make the same


class RememberedSchema(SchemaGenerator):
    """Nobody is refused the schema, and nobody gets one of his own (`SERVE_PUBLIC`)."""

    def get_schema(self, request: Any = None, public: bool = False) -> Any:
        if not public:
            return super().get_schema(request, public)
        language = get_language()
        if language not in _made:
            _made[language] = super().get_schema(request, public)
        return _made[language]


class SchemaView(SpectacularAPIView):
    """The framework's own, with the schema remembered."""

    generator_class = RememberedSchema
