"""The texts of templates from one language to the other, for a lot whose buyer kept them as they stood.

A lot has each of its texts once, in the language of whoever drafted it. What it announces has two languages: a text
that is still word for word that of a template is said in each of them, any other stands in both as its buyer wrote it.
"""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from procurement.tenders import grids

ENVIRONMENT = {  # of the criterion that a published grid lacks
    "en": "Environmental characteristics of the bid",
    "fr": "Caractéristiques environnementales de l'offre",
}


def worded(text: str, language: str) -> str:
    """``text`` in ``language`` where a template has it, as it is elsewhere."""
    return _texts().get(text, {}).get(language, text)


def is_templated(text: str) -> bool:
    """Whether ``text`` is one of a template, in any language."""
    return text in _texts()


@cache
def _texts() -> Mapping[str, Mapping[str, str]]:
    """Every text of a template or a scale in all its languages, by what it is in each of them."""
    found = [*_in_languages([each.written for each in grids.all()]), *_in_languages(grids.scales()), ENVIRONMENT]
    return {text: said for said in found for text in said.values()}


def _in_languages(written: Any) -> Iterator[Mapping[str, str]]:
    if isinstance(written, Mapping):
        if set(written) == set(grids.LANGUAGES):
            yield written
        else:
            for part in written.values():
                yield from _in_languages(part)
    elif isinstance(written, list):
        for part in written:
            yield from _in_languages(part)
