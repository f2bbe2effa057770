"""The document that describes the API, made once by each process: it depends on the code and the language alone."""

from typing import Any

from django.conf import settings
from django.utils.translation import get_language
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.views import SpectacularAPIView

LANGUAGES = dict(settings.LANGUAGES)
_made: dict[str | None, Any] = {}  # by language; two threads that make one make the same
_written: dict[tuple[Any, ...], tuple[bytes, str]] = {}  # its bytes and their type, by language and kind of text


class RememberedSchema(SchemaGenerator):
    """Nobody is refused the schema, and nobody gets one of his own (`SERVE_PUBLIC`)."""

    def get_schema(self, request: Any = None, public: bool = False) -> Any:
        language = get_language()
        if not public or language not in LANGUAGES:
            return super().get_schema(request, public)
        if language not in _made:
            _made[language] = super().get_schema(request, public)
        return _made[language]


class SchemaView(SpectacularAPIView):
    """The framework's own, with the schema remembered, and each text that was written of it."""

    generator_class = RememberedSchema

    def finalize_response(self, request: Any, response: Any, *args: Any, **kwargs: Any) -> Any:
        answer = super().finalize_response(request, response, *args, **kwargs)
        if answer.status_code != 200 or request.query_params or get_language() not in LANGUAGES:
            return answer  # what an address asks for besides is without end: none of it is kept
        key = (get_language(), type(answer.accepted_renderer))
        if key in _written:
            answer.content, answer["Content-Type"] = _written[key]
        else:
            answer.add_post_render_callback(
                lambda made: _written.setdefault(key, (made.content, made["Content-Type"])) and None
            )
        return answer
