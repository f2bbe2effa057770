"""The French of the portal: its typography, and that every text can be collected."""

import ast
import re

from tests.repository.files import texts
from tests.repository.test_words import catalogue

BREAKABLE = re.compile(r" [:;?»]|« | %%")
HAVE_NO_SPACE = re.compile(r"\w[;?»]|«\w|\d%%")
PLACEHOLDER = re.compile(r"%\(\w+\)s")


def test_high_punctuation_has_its_no_break_space() -> None:
    french = [PLACEHOLDER.sub("x", translated) for _said, translated in catalogue() if translated]
    assert [text for text in french if BREAKABLE.search(text) or HAVE_NO_SPACE.search(text)] == []


def test_texts_are_marked_by_a_name_that_the_collector_knows() -> None:
    """`gettext_lazy as lazy` would translate nothing: xgettext looks for the names it knows."""
    aliases = [
        f"{name}: {alias.name} as {alias.asname}"
        for name, source in texts(".py").items()
        if name.parts[0] in {"config", "procurement"}
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation"
        for alias in node.names
        if alias.asname not in {None, "_"}
    ]
    assert aliases == []
