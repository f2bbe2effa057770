"""A bundle as it leaves the portal: its kind, its name, its bytes (docs/bundle.md)."""

import io
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _

from procurement.evaluation.models import Decision


class Kind(models.TextChoices):
    """Who a bundle is for: those who may read everything, or whoever asks for what may be told."""

    FULL = "full", _("Full")
    COMMUNICABLE = "communicable", _("Communicable")


@dataclass(frozen=True, slots=True)
class Bundle:
    """A bundle that was exported and recorded.

    ``fingerprint`` is that of the key that signed its anchor, "" when there is none: it then shows integrity only.
    ``told`` says which secret names a communicable bundle spells all the same, one sentence each.
    """

    name: str
    content: bytes
    fingerprint: str
    told: list[str]


def name_of(decisions: list[Decision], kind: Kind) -> str:
    """The name of the file, in ASCII."""
    if len(decisions) == 1:
        return f"bareme-decision-{decisions[0].pk}-{kind}.zip"
    return f"bareme-{len(decisions)}-decisions-{kind}.zip"


def packed(files: Mapping[str, bytes]) -> bytes:
    """The zip of these files: the same bytes for the same files, in the order of their names, all of 1980-01-01."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name in sorted(files):
            archive.writestr(zipfile.ZipInfo(name), files[name], zipfile.ZIP_DEFLATED)
    return content.getvalue()
