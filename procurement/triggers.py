"""What the database itself refuses, on SQLite and PostgreSQL: rows that only grow, columns that freeze.

A migration runs `append_only("table")` or `frozen("table", …)`; the services refuse first and in words, the
triggers stand behind them for whatever bypasses the services.
"""

from collections.abc import Sequence
from typing import Any

from django.db.migrations import RunPython
from django.db.migrations.operations.base import Operation

PLPGSQL = """
CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION '{sentence}'; END $$
"""


def append_only(table: str) -> RunPython:
    """Refuse every UPDATE, DELETE and TRUNCATE of ``table``."""
    sentence = f"{table} is append-only"

    def stand(apps: Any, schema_editor: Any) -> None:
        if schema_editor.connection.vendor == "postgresql":
            name = f"{table}_append_only"
            schema_editor.execute(PLPGSQL.format(name=name, sentence=sentence))
            schema_editor.execute(
                f"CREATE TRIGGER {name}_row BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()"
            )
            schema_editor.execute(
                f"CREATE TRIGGER {name}_all BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION {name}()"
            )
        else:
            for verb in ("UPDATE", "DELETE"):
                schema_editor.execute(
                    f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
                    f"BEGIN SELECT RAISE(ABORT, '{sentence}'); END"
                )

    return RunPython(stand, RunPython.noop)


def frozen(table: str, columns: Sequence[str], *, unless: str) -> RunPython:
    """Refuse a change of ``columns`` of ``table`` unless the SQL condition ``unless`` holds.

    ``unless`` names columns as ``OLD.column`` and ``NEW.column``; it must be SQL that both databases read.
    """
    sentence = f"{table} is frozen: {', '.join(columns)} can no longer change"
    name = f"{table}_{columns[0]}_frozen"

    def stand(apps: Any, schema_editor: Any) -> None:
        postgresql = schema_editor.connection.vendor == "postgresql"
        differs = " OR ".join(f"OLD.{c} {'IS DISTINCT FROM' if postgresql else 'IS NOT'} NEW.{c}" for c in columns)
        condition = f"({differs}) AND NOT ({unless})"
        if postgresql:
            schema_editor.execute(PLPGSQL.format(name=name, sentence=sentence))
            schema_editor.execute(
                f"CREATE TRIGGER {name} BEFORE UPDATE ON {table} "
                f"FOR EACH ROW WHEN ({condition}) EXECUTE FUNCTION {name}()"
            )
        else:
            schema_editor.execute(
                f"CREATE TRIGGER {name} BEFORE UPDATE ON {table} WHEN {condition} "
                f"BEGIN SELECT RAISE(ABORT, '{sentence}'); END"
            )

    return RunPython(stand, RunPython.noop)


def thawed(table: str, column: str) -> RunPython:
    """Take away the trigger of `frozen` whose first column is ``column``, so that another one stands in its place."""
    name = f"{table}_{column}_frozen"

    def fall(apps: Any, schema_editor: Any) -> None:
        postgresql = schema_editor.connection.vendor == "postgresql"
        schema_editor.execute(f"DROP TRIGGER {name} ON {table}" if postgresql else f"DROP TRIGGER {name}")

    return RunPython(fall, RunPython.noop)


def kept(table: str, *, unless: str) -> RunPython:
    """Refuse the DELETE of a row of ``table`` unless it satisfies the SQL condition ``unless`` (``OLD.column``)."""
    sentence = f"{table} is kept: this row can no longer be deleted"
    name = f"{table}_kept"

    def stand(apps: Any, schema_editor: Any) -> None:
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(PLPGSQL.format(name=name, sentence=sentence))
            schema_editor.execute(
                f"CREATE TRIGGER {name} BEFORE DELETE ON {table} "
                f"FOR EACH ROW WHEN (NOT ({unless})) EXECUTE FUNCTION {name}()"
            )
        else:
            schema_editor.execute(
                f"CREATE TRIGGER {name} BEFORE DELETE ON {table} WHEN NOT ({unless}) "
                f"BEGIN SELECT RAISE(ABORT, '{sentence}'); END"
            )

    return RunPython(stand, RunPython.noop)


def keeping_triggers(table: str, *operations: Operation) -> list[Operation]:
    """The schema ``operations`` on ``table`` with its triggers standing again afterwards.

    SQLite changes most columns by making the table anew, and drops its triggers with the old one, silently.
    """
    standing: dict[str, str] = {}

    def note(apps: Any, schema_editor: Any) -> None:
        standing.update(_triggers(schema_editor, table))

    def stand_again(apps: Any, schema_editor: Any) -> None:
        left = _triggers(schema_editor, table)
        for name, sql in standing.items():
            if name not in left:
                schema_editor.execute(sql, params=None)

    return [RunPython(note, RunPython.noop), *operations, RunPython(stand_again, RunPython.noop)]


def _triggers(schema_editor: Any, table: str) -> dict[str, str]:
    """By name, the SQL of the triggers of ``table`` on SQLite; none elsewhere, where nothing drops them."""
    if schema_editor.connection.vendor != "sqlite":
        return {}
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s", [table])
        return dict(cursor.fetchall())
