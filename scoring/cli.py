"""The command line: `python -m scoring evaluate | validate | ration | dues | schemas`.

Exit 0: fine. Exit 2: an invalid document or an unreadable file. Exit 1: an answer that could not be written. Errors are
one JSON line on standard error each; results are JSON on standard output, one line per document. Exit 130: interrupted.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any, BinaryIO

from scoring.case_reading import validate
from scoring.engine import evaluate
from scoring.problems import InvalidDocument, Problem
from scoring.rationing import dues, ration
from scoring.reading import LONGEST, loads
from scoring.schemas import DOCUMENTS, schema, write_schemas

FINE, UNWRITTEN, INVALID, INTERRUPTED = 0, 1, 2, 130
STANDARD_INPUT = "-"


class _UnwrittenError(Exception):
    """Standard output does not take an answer; the message says why."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command and returns its exit status. A reader that goes away, or Ctrl-C, ends it without a word."""
    options = _parser().parse_args(arguments)
    try:
        status: int = options.command(options)
        _flush()
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        _forget_what_is_buffered()
        return FINE
    except _UnwrittenError as error:
        _forget_what_is_buffered()
        _complain([Problem("", "The answer cannot be written: %(why)s.", {"why": error})], None)
        return UNWRITTEN
    return status


def _forget_what_is_buffered() -> None:
    """It has nowhere to go: the interpreter's last flush must not complain."""
    if sys.stdout is not None:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m scoring", description="Scores tenders exactly.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    command = commands.add_parser("evaluate", help="print the score sheet of each case, one per line")
    command.add_argument("files", nargs="+", metavar="FILE", help='a case, or "-" for standard input')
    command.add_argument("--lines", action="store_true", help="a case per line in, a sheet or its errors per line out")
    command.set_defaults(command=_evaluate)

    command = commands.add_parser("validate", help="check cases or policies, recognised by their schema")
    command.add_argument("files", nargs="+", metavar="FILE", help='a document, or "-" for standard input')
    command.set_defaults(command=_validate)

    command = commands.add_parser("ration", help="share out awards under the caps of a cash-back scheme")
    command.add_argument("scheme", metavar="SCHEME", help="a cash-back scheme")
    command.add_argument("rows", metavar="AWARDS", help="a list of awards")
    command.set_defaults(command=_ration, share_out=ration)

    command = commands.add_parser(
        "dues", help="what was really due under a cash-back scheme, and what is to be given back"
    )
    command.add_argument("scheme", metavar="SCHEME", help="a cash-back scheme")
    command.add_argument("rows", metavar="REALISED", help="a list of what was invoiced, by contract and year")
    command.set_defaults(command=_ration, share_out=dues)

    command = commands.add_parser("schemas", help="print the JSON Schemas of the documents, by name")
    command.add_argument("--write", action="store_true", help="write them to their files instead")
    command.set_defaults(command=_schemas)
    return parser


def _evaluate(options: argparse.Namespace) -> int:
    return _each(options.files, _evaluate_lines if options.lines else _evaluate_one)


def _evaluate_one(name: str) -> int:
    return _print(evaluate(_document(name)))


def _evaluate_lines(name: str) -> int:
    """Keeps line for line: an invalid case becomes its errors, in its place."""
    invalid = 0
    with _opened(name) as stream:
        for line in _lines(stream):
            try:
                answer = evaluate(loads(line.rstrip(b"\r\n")))
            except InvalidDocument as error:
                answer = error.as_json()
                invalid += 1
            _print(answer)
            _flush()
    if invalid:
        template = "Lines that are no valid document: %(count)s; the errors of each stand in its place."
        return _complain([Problem("", template, {"count": invalid})], name)
    return FINE


def _validate(options: argparse.Namespace) -> int:
    return _each(options.files, _validate_one)


def _validate_one(name: str) -> int:
    report = validate(_document(name))
    if report.errors:
        raise InvalidDocument(report.errors)
    return _print({"errors": [], "warnings": [warning.as_json() for warning in report.warnings]})


def _ration(options: argparse.Namespace) -> int:
    documents: dict[str, Any] = {}

    def read(name: str) -> int:
        documents[name] = _document(name)
        return FINE

    if _each([options.scheme, options.rows], read) != FINE:
        return INVALID
    try:
        return _print(options.share_out(documents[options.scheme], documents[options.rows]))
    except InvalidDocument as error:
        return _complain(error.problems, None)


def _schemas(options: argparse.Namespace) -> int:
    return _print(write_schemas() if options.write else {name: schema(name) for name in DOCUMENTS})


def _each(names: Iterable[str], act: Callable[[str], int]) -> int:
    """Acts on every file, saying what is wrong with one before going on; the worst of the statuses."""
    worst = FINE
    for name in names:
        try:
            status = act(name)
        except InvalidDocument as error:
            status = _complain(error.problems, name)
        except BrokenPipeError:
            raise
        except OSError as error:
            status = _complain([Problem("", "The file cannot be read: %(why)s.", {"why": error.strerror})], name)
        worst = max(worst, status)
    return worst


def _document(name: str) -> Any:
    with _opened(name) as stream:
        return loads(stream.read(LONGEST + 1))  # one byte too many is enough to refuse it


def _lines(stream: BinaryIO) -> Iterator[bytes]:
    """The lines of a stream; of one that is too long, no more than is needed to refuse it."""
    while line := stream.readline(LONGEST + 1):
        yield line
        while line and not line.endswith(b"\n"):
            line = stream.readline(LONGEST)


def _opened(name: str) -> AbstractContextManager[BinaryIO]:
    if name == STANDARD_INPUT:
        if sys.stdin is None:
            raise InvalidDocument([Problem("", "The file cannot be read: standard input is closed.")])
        return nullcontext(sys.stdin.buffer)
    if "\0" in name:
        raise InvalidDocument([Problem("", "The file cannot be read: its name holds a null character.")])
    return open(name, "rb")


def _print(answer: Any) -> int:
    text = json.dumps(answer, ensure_ascii=False, separators=(",", ":"))
    with _writing():
        sys.stdout.write(text + "\n")
    return FINE


def _flush() -> None:
    with _writing():
        sys.stdout.flush()


@contextmanager
def _writing() -> Iterator[None]:
    """Tells what cannot be written from what cannot be read: both are OSErrors."""
    if sys.stdout is None:
        raise _UnwrittenError("standard output is closed")
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        raise _UnwrittenError(error.strerror) from error


def _complain(problems: Iterable[Problem], name: str | None) -> int:
    errors = {"errors": [problem.as_json() for problem in problems]}
    print(json.dumps(errors if name is None else {"file": name, **errors}, ensure_ascii=False), file=sys.stderr)
    return INVALID
