"""A file in a form: taken by the one view that asks for it, into memory, no longer than is read of it.

Every other form refuses files (`procurement.parsing.NoFiles`).
"""

from collections.abc import Callable
from functools import wraps
from io import BytesIO
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadedfile import InMemoryUploadedFile
from django.core.files.uploadhandler import FileUploadHandler
from django.http import HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.views.decorators.csrf import csrf_exempt, csrf_protect

LONGEST_SENT = 64 * 1024**2  # bytes of a form that are listened to, so that a file too long is answered in words
View = Callable[..., HttpResponse]


class OneFile(FileUploadHandler):
    """Keeps the first ``most`` bytes of a file and one more, which tells its reader that it is longer."""

    def __init__(self, request: HttpRequest, most: int) -> None:
        super().__init__(request)
        self.most, self.kept = most, BytesIO()

    def handle_raw_input(
        self, input_data: Any, meta: Any, content_length: int, boundary: Any, encoding: str | None = None
    ) -> None:
        if content_length > LONGEST_SENT:
            raise RequestDataTooBig("The form is longer than any the portal has.")

    def new_file(self, *args: Any, **options: Any) -> None:
        if self.file_name is not None:
            raise MultiPartParserError("This form takes one file.")
        super().new_file(*args, **options)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        self.kept.write(raw_data[: max(0, self.most + 1 - self.kept.tell())])

    def file_complete(self, file_size: int) -> InMemoryUploadedFile:
        size = self.kept.tell()
        self.kept.seek(0)
        return InMemoryUploadedFile(
            self.kept, self.field_name, self.file_name or "", self.content_type, size, self.charset
        )


def takes_a_file(most: int) -> Callable[[View], View]:
    """Let a view take one file of ``most`` bytes, in `request.FILES`.

    The token of the form is checked here, after its handler is in place: to check it is to read the form.
    """

    def around(view: View) -> View:
        checked = csrf_protect(view)

        @csrf_exempt
        @wraps(view)
        def run(request: HttpRequest, *args: Any, **options: Any) -> HttpResponse:
            request.upload_handlers = [OneFile(request, most)]
            return checked(request, *args, **options)

        return run

    return around
