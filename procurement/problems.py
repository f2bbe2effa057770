"""Problems of documents in the reader's language; `scoring` notes each as a template and its values."""

from collections.abc import Iterable

from django.utils.translation import gettext

from scoring.problems import Phrase, Problem


def said(part: Problem | Phrase) -> str:
    """The sentence of a problem, or a phrase of one, in the reader's language."""
    values = {name: said(value) if isinstance(value, Phrase) else value for name, value in part.values.items()}
    return gettext(part.template) % values


def listed(problems: Iterable[Problem]) -> list[dict[str, str]]:
    """The problems as a refusal lists them and the API answers them: [{"pointer", "message"}, …]."""
    return [{"pointer": problem.pointer, "message": said(problem)} for problem in problems]
