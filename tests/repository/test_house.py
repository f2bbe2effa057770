"""The rules of the house: small files and functions, one word for every action, permissions that are used."""

import ast
import io
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import call_command

from procurement.people.actions import ACTIONS, REFUSALS
from procurement.people.permissions import GRANTS, Permission
from tests.repository.files import texts

SOURCES = texts(".py", under="procurement/") | texts(".py", under="config/") | texts(".py", under="scoring/")
LONGEST_FILE, LONGEST_VIEW, LONGEST_TASK = 300, 25, 8  # lines
ONE_FILE = Path("procurement/audit/verify.py")  # an auditor takes it home alone, so it cannot be divided
RECORDERS = {"record", "record_refusal"}
SERVICE = {"service", "refusals_recorded"}  # decorators of `people.writes`
# What keeps a line itself, stores nothing but what its author alone reads, or leaves all of it to one service.
DO_WITHOUT = {"record", "record_refusal", "score_document", "recompute", "keep_drafts", "keep_table", "forget_draft"}
UNFINISHED = re.compile(r"\b(" + "|".join(["TO" + "DO", "FIX" + "ME", "X" * 3, "NotImplemented" + "Error"]) + r")\b")


def functions(path: Path) -> Iterator[ast.FunctionDef]:
    return (node for node in ast.walk(ast.parse(SOURCES[path])) if isinstance(node, ast.FunctionDef))


def length(function: ast.FunctionDef) -> int:
    """Lines from `def` to the end, without the docstring."""
    docstring = function.body[0] if ast.get_docstring(function) else None
    lines = (function.end_lineno or function.lineno) - function.lineno + 1
    return lines - ((docstring.end_lineno or 0) - docstring.lineno + 1 if docstring else 0)


def in_rooms(*names: str) -> list[Path]:
    """The modules called one of ``names``, or in a folder called so."""
    return [path for path in SOURCES if path.stem in names or path.parent.name in names]


def test_no_file_is_longer_than_three_hundred_lines() -> None:
    grown = {str(path): text.count("\n") for path, text in SOURCES.items() if "migrations" not in path.parts}
    assert grown.pop(str(ONE_FILE)) > LONGEST_FILE
    assert {path: lines for path, lines in grown.items() if lines > LONGEST_FILE} == {}


@pytest.mark.parametrize(("rooms", "most"), [(("views", "home"), LONGEST_VIEW), (("tasks",), LONGEST_TASK)])
def test_views_and_tasks_stay_short(rooms: tuple[str, ...], most: int) -> None:
    assert in_rooms(*rooms)
    grown = {f"{path}:{f.name}": length(f) for path in in_rooms(*rooms) for f in functions(path)}
    assert {name: lines for name, lines in grown.items() if lines > most} == {}


def test_nothing_is_left_to_be_done_later() -> None:
    sources = SOURCES | texts(".html", ".css", ".md", ".toml", ".sh", ".yaml") | texts(".py", under="bin/")
    assert {str(path): UNFINISHED.findall(text) for path, text in sources.items() if UNFINISHED.search(text)} == {}


def called(node: ast.AST) -> Iterator[tuple[str, ast.Call]]:
    """Every call in ``node``, with the name of what is called."""
    for call in ast.walk(node):
        if isinstance(call, ast.Call):
            yield getattr(call.func, "attr", getattr(call.func, "id", "")), call


def recorded_actions() -> set[str]:
    """The actions written out in calls of `record` and `record_refusal`."""
    calls = (call for path in SOURCES for name, call in called(ast.parse(SOURCES[path])) if name in RECORDERS)
    return {call.args[0].value for call in calls if call.args and isinstance(call.args[0], ast.Constant)}


def decorated(function: ast.FunctionDef) -> set[str]:
    return {ast.unparse(decorator) for decorator in function.decorator_list}


def acts(function: ast.FunctionDef) -> bool:
    """Whether somebody does it: a `by` that can only be given by its name."""
    return "by" in {argument.arg for argument in function.args.kwonlyargs}


def marked_services() -> list[ast.FunctionDef]:
    return [f for path in SOURCES for f in functions(path) if decorated(f) & SERVICE]


def test_the_record_has_words_for_every_action_and_for_no_other() -> None:
    assert recorded_actions() == set(ACTIONS)


def test_every_service_has_words_for_what_it_refuses_and_nothing_else_has() -> None:
    assert {f.name for f in marked_services() if acts(f)} == set(REFUSALS)


def test_every_service_leaves_a_line() -> None:
    """`record` is called by the service, or by what it calls, by name."""
    calls = [(f.name, {name for name, _call in called(f)}) for path in SOURCES for f in functions(path)]
    recording: set[str] = {"record"}
    while more := {name for name, of in calls if of & recording} - recording:
        recording |= more
    assert {f.name for f in marked_services()} - recording == set()


def test_whoever_acts_does_it_through_a_service() -> None:
    unmarked = {f.name for path in SOURCES for f in functions(path) if acts(f) and not decorated(f) & SERVICE}
    assert {name for name in unmarked if not name.startswith("_")} == DO_WITHOUT
    atomic = {f.name for path in SOURCES for f in functions(path) if "transaction.atomic" in decorated(f)}
    assert {name for name in atomic if not name.startswith("_")} == {"load"}


def test_every_permission_is_held_by_a_role_and_asked_for_somewhere() -> None:
    assert set().union(*GRANTS.values()) == set(Permission)
    elsewhere = "\n".join(text for path, text in SOURCES.items() if path.name != "permissions.py")
    unused = [p.name for p in Permission if not re.search(rf"\b(Permission|P)\.{p.name}\b", elsewhere)]
    assert unused == []


@pytest.mark.django_db
def test_no_migration_is_missing() -> None:
    said = io.StringIO()
    call_command("makemigrations", check=True, dry_run=True, stdout=said)
    assert "No changes" in said.getvalue()
