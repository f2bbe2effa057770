"""What a service answers when it will not do something: one sentence, shown as it stands."""

from typing import Any

from django.core.exceptions import PermissionDenied


class Refused(Exception):
    """The thing asked for is not done, and nothing was saved. `sentence` is in the reader's language.

    `details` holds what a page or the API lists below it: problems of a document, findings that block.
    """

    status = 409

    def __init__(self, sentence: str, details: list[dict[str, Any]] | None = None) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.details = details or []


class Invalid(Refused):
    """What was entered cannot be used; `details` says where and what would be right."""

    status = 400


class Stale(Refused):
    """Somebody else moved it in the meantime."""


class Confidential(PermissionDenied):
    """A page closed for a reason that is for its reader: administrators read in the record that it was refused, not
    why."""


class TooOften(Refused):
    """It was tried too many times; the sentence says how long to wait."""

    status = 429
