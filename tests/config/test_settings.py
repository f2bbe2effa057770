"""What an installation is told by its environment: documented whole, safe when left out, refused in one sentence."""

import json
import os
import re
import secrets
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from bin.packages import ROOT
from tests.repository.files import texts

NAMED = re.compile(r'(?:environ\.get|environment\.\w+)\(\s*"([A-Z_]+)"')
PRINT = """
import json
from config import settings
print(json.dumps({name: getattr(settings, name, None) for name in %r}))
"""
DEPLOYED = ["manage.py", "check", "--deploy", "--tag", "security", "--fail-level", "WARNING"]
FOR_TESTS = {"BAREME_CHROMIUM"}
SECRET = secrets.token_urlsafe(64)


def run(tmp_path: Path, command: list[str], **variables: str) -> subprocess.CompletedProcess[str]:
    """A process of an installation that knows these variables alone."""
    given = {"PATH": os.environ["PATH"], "BAREME_VAR": str(tmp_path), **variables}
    return subprocess.run([sys.executable, *command], cwd=ROOT, env=given, capture_output=True, text=True, check=False)


def settings(tmp_path: Path, *names: str, **variables: str) -> dict[str, Any]:
    done = run(tmp_path, ["-c", PRINT % (names,)], **variables)
    assert done.returncode == 0, done.stderr
    return dict(json.loads(done.stdout))


def example() -> dict[str, str]:
    """The variables of `.env.example`, as a service manager reads them."""
    lines = (ROOT / ".env.example").read_text(encoding="utf-8").splitlines()
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))


def read_by_the_portal() -> set[str]:
    return {name for text in texts(".py", under="config/").values() for name in NAMED.findall(text)}


def test_the_example_names_every_variable_and_no_other() -> None:
    assert set(example()) == read_by_the_portal() | FOR_TESTS


def test_the_manual_explains_every_variable_and_no_other() -> None:
    manual = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    assert set(re.findall(r"^\| `([A-Z_]+)`", manual, re.MULTILINE)) == read_by_the_portal()


def written() -> dict[str, str]:
    """The example, filled in as it asks."""
    left_to_the_machine = {"BAREME_VAR"}
    secret = {"SECRET_KEY": SECRET, "BAREME_ANCHOR_KEY": secrets.token_hex(32)}
    return {name: text for name, text in (example() | secret).items() if name not in left_to_the_machine}


def test_the_example_makes_a_safe_portal(tmp_path: Path) -> None:
    variables = written()
    done = run(tmp_path, DEPLOYED, **variables)
    assert done.returncode == 0, done.stderr
    expected = {
        "DEBUG": False,
        "BEHIND_PROXY": True,
        "ALLOWED_HOSTS": [example()["ALLOWED_HOSTS"]],
        "SECURE_PROXY_SSL_HEADER": ["HTTP_X_FORWARDED_PROTO", "https"],
        "REDIS_URL": example()["REDIS_URL"],
    }
    assert settings(tmp_path, *expected, **variables) == expected


SAFE = {
    "DEBUG": False,
    "HTTPS": True,
    "BEHIND_PROXY": False,
    "SECURE_PROXY_SSL_HEADER": None,
    "SECURE_SSL_REDIRECT": True,
    "SECURE_HSTS_SECONDS": 31_536_000,
    "SESSION_COOKIE_NAME": "__Host-sessionid",
    "CSRF_COOKIE_NAME": "__Host-csrftoken",
    "LANGUAGE_COOKIE_NAME": "__Host-language",
    "SESSION_COOKIE_SECURE": True,
    "CSRF_COOKIE_SECURE": True,
    "CSRF_COOKIE_HTTPONLY": True,
    "SESSION_COOKIE_SAMESITE": "Lax",
    "CSRF_COOKIE_SAMESITE": "Lax",
    "ALLOWED_HOSTS": ["localhost", "127.0.0.1", "[::1]"],
    "AXES_ENABLED": True,
}


@pytest.mark.parametrize("left", [{}, {"HTTPS": "", "DEBUG": "", "BEHIND_PROXY": "", "LOG_LEVEL": ""}])
def test_what_is_left_out_or_left_empty_is_safe(tmp_path: Path, left: dict[str, str]) -> None:
    assert settings(tmp_path, *SAFE, SECRET_KEY=SECRET, **left) == SAFE


def test_over_plain_http_no_cookie_asks_for_https(tmp_path: Path) -> None:
    """A browser would drop a cookie of that prefix, and nobody could log in."""
    found = settings(tmp_path, "SESSION_COOKIE_NAME", "SESSION_COOKIE_SECURE", SECRET_KEY=SECRET, HTTPS="0")
    assert found == {"SESSION_COOKIE_NAME": "sessionid", "SESSION_COOKIE_SECURE": False}


REFUSED = {
    "no key": ({}, "SECRET_KEY is missing"),
    "a short key": ({"SECRET_KEY": "changeme"}, "SECRET_KEY is a text of 8 characters"),
    "a switch": ({"SECRET_KEY": SECRET, "HTTPS": "maybe"}, "HTTPS is 'maybe': write 1 or 0"),
    "a database": ({"SECRET_KEY": SECRET, "DATABASE_URL": "mysql://x/y"}, "DATABASE_URL starts with 'mysql'"),
    "a port": ({"SECRET_KEY": SECRET, "DATABASE_URL": "postgres://u:pw@h:port/d"}, "The port in DATABASE_URL"),
    "a broker": ({"SECRET_KEY": SECRET, "REDIS_URL": "http://:pw@h"}, "REDIS_URL starts with 'http'"),
    "a folder": (
        {"SECRET_KEY": SECRET, "BAREME_DOCUMENTS": "documents"},
        "BAREME_DOCUMENTS is 'documents': write the whole",
    ),
    "a level": ({"SECRET_KEY": SECRET, "LOG_LEVEL": "loud"}, "LOG_LEVEL is 'loud': write one of DEBUG"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_cannot_be_used_is_refused_in_one_sentence_that_tells_no_password(what: str, tmp_path: Path) -> None:
    variables, sentence = REFUSED[what]
    done = run(tmp_path, ["manage.py", "check"], **variables)
    assert done.returncode == 2
    told = done.stderr.strip()
    assert sentence in told
    assert "\n" not in told
    assert "pw" not in told


def test_the_key_of_the_machine_is_used_where_none_is_given(tmp_path: Path) -> None:
    (tmp_path / "secret_key").write_text(SECRET)
    assert settings(tmp_path, "SECRET_KEY") == {"SECRET_KEY": SECRET}
    (tmp_path / "secret_key").write_text("\n")
    assert "secret_key is empty" in run(tmp_path, ["manage.py", "check"]).stderr


def test_development_has_a_key_that_no_installation_can_have(tmp_path: Path) -> None:
    found = settings(tmp_path, "SECRET_KEY", "HTTPS", DEBUG="1")
    assert "refused elsewhere" in found["SECRET_KEY"]
    assert found["HTTPS"] is False
