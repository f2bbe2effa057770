"""What is read of a request's body: a document, with every problem and its pointer; the fields of a form; no file."""

from collections.abc import Mapping
from typing import IO, Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import FileUploadHandler
from django.http.multipartparser import MultiPartParserError
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from rest_framework.parsers import BaseParser

from procurement.people.refusals import Invalid
from procurement.policies import documents

LONGEST = 8 * 1024**2  # bytes of a document that is read while the caller waits
LONGEST_FILE = 2 * 1024**2  # bytes of a spreadsheet
LONGEST_WITHOUT_LOG_IN = 4 * 1024  # a name and a password


class DocumentParser(BaseParser):
    """JSON as scoring reads it: no duplicate key, no float. Raises Invalid, which the API answers as 400."""

    media_type = "application/json"

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        known = parser_context and parser_context["request"].user.is_authenticated
        longest = LONGEST if known else LONGEST_WITHOUT_LOG_IN
        content = stream.read(longest + 1)
        if len(content) > longest:
            most = filesizeformat(longest)
            raise Invalid(_("A document of more than %(most)s is not read here.") % {"most": most})
        return documents.read(content)


class FileParser(BaseParser):
    """The bytes of a file, whatever it is called; one that is too long is cut one byte after its bound."""

    media_type = "*/*"

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        return stream.read(LONGEST_FILE + 1)


class NoFiles(FileUploadHandler):
    """Refuses a file, and a form that is too long, before any of it is kept: whoever sends one need not be logged in.

    Both are answered as 400.
    """

    def handle_raw_input(
        self, input_data: Any, meta: Any, content_length: int, boundary: Any, encoding: str | None = None
    ) -> None:
        if content_length > (settings.DATA_UPLOAD_MAX_MEMORY_SIZE or 0):
            raise RequestDataTooBig("The form is longer than any the portal has.")

    def new_file(self, *args: Any, **options: Any) -> None:
        raise MultiPartParserError("No form of the portal takes a file.")

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        raise MultiPartParserError("No form of the portal takes a file.")

    def file_complete(self, file_size: int) -> None:
        return None
