"""A request body read as a document: no duplicate key, no float, every problem with its pointer."""

from collections.abc import Mapping
from typing import IO, Any

from django.utils.translation import gettext as _
from rest_framework.parsers import BaseParser

from procurement.people.refusals import Invalid
from procurement.policies import documents

LONGEST = 8 * 1024**2  # bytes of a document that is read while the caller waits


class DocumentParser(BaseParser):
    """JSON as scoring reads it. Raises Invalid, which the API answers as 400 with `errors`."""

    media_type = "application/json"

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        content = stream.read(LONGEST + 1)
        if len(content) > LONGEST:
            raise Invalid(_("A document of more than %(most)d MiB is not read here.") % {"most": LONGEST >> 20})
        return documents.read(content)
