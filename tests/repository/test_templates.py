"""The templates: each used, none with a style, a script or a handler of its own, none that switches escaping off."""

import re
from pathlib import Path

import pytest
from django.template.loader import get_template

from tests.repository.files import texts

TEMPLATES = texts(".html", under="templates/")
FOUND_BY_DJANGO = {"400.html", "403.html", "403_csrf.html", "404.html", "500.html"}
INLINE = {
    "a style of its own": re.compile(r"<style|\sstyle\s*=", re.IGNORECASE),
    "a script of its own": re.compile(r"<script(?![^>]*\ssrc=)|javascript:", re.IGNORECASE),
    "a handler of its own": re.compile(r"\s(on[a-z]+|hx-on[:a-z-]*|hx-vals\s*=\s*[\"']js:)\s*=", re.IGNORECASE),
    "escaping switched off": re.compile(r"\|\s*safe\b|autoescape\s+off|safeseq"),
    "a file of another host": re.compile(r"(src|href)=[\"'](https?:)?//", re.IGNORECASE),
}


def name_of(path: Path) -> str:
    return path.relative_to("templates").as_posix()


@pytest.mark.parametrize("path", TEMPLATES, ids=str)
def test_a_template_compiles_and_keeps_to_the_content_security_policy(path: Path) -> None:
    get_template(name_of(path))
    assert [what for what, pattern in INLINE.items() if pattern.search(TEMPLATES[path])] == []


def test_no_template_is_unused() -> None:
    modules = texts(".py", under="procurement/") | texts(".py", under="config/")
    sources = "\n".join([*TEMPLATES.values(), *modules.values(), home_pages()])
    named = set(re.findall(r"[\"']([a-z0-9_/]+\.html)[\"']", sources)) | FOUND_BY_DJANGO
    assert {name_of(path) for path in TEMPLATES} - named == set()


def home_pages() -> str:
    """The names `config.home` builds from the role."""
    from config.home import SECTIONS

    return "\n".join(f'"home/{role}.html"' for role in SECTIONS)


@pytest.mark.parametrize("path", [path for path, text in TEMPLATES.items() if 'extends "base.html"' in text], ids=str)
def test_a_page_says_its_title_and_its_heading(path: Path) -> None:
    blocks = set(re.findall(r"{% block (\w+) %}", TEMPLATES[path]))
    assert blocks >= {"title", "heading"}
