"""Exact values and documents in a database column, identical on SQLite and PostgreSQL."""

import json
import re
from decimal import Decimal, InvalidOperation
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

PLAIN_DECIMAL = re.compile(r"-?[0-9]{1,18}(\.[0-9]{1,12})?")


class ExactDecimalField(models.Field):
    """A plain decimal kept as the text the specification writes (at most 18 digits before the point, 12 after).

    SQLite would store a DecimalField as a float and give back other digits. Values are `Decimal`; the database
    compares them as text, so they are never ordered, compared or summed there.
    """

    description = _("Exact decimal")

    def __init__(self, *args: Any, **options: Any) -> None:
        options["max_length"] = 32
        super().__init__(*args, **options)

    def deconstruct(self) -> Any:
        name, path, args, options = super().deconstruct()
        del options["max_length"]
        return name, path, args, options

    def get_internal_type(self) -> str:
        return "CharField"

    def from_db_value(self, value: str | None, expression: object, connection: object) -> Decimal | None:
        return None if value is None else Decimal(value)

    def to_python(self, value: Any) -> Decimal | None:
        if value is None or isinstance(value, Decimal):
            return value
        if isinstance(value, int) and not isinstance(value, bool):
            return Decimal(value)
        if isinstance(value, str) and PLAIN_DECIMAL.fullmatch(value):
            try:
                return Decimal(value)
            except InvalidOperation:
                pass
        raise ValidationError(
            _("%(value)s is not a plain decimal: write digits, and a point before the decimals."),
            params={"value": repr(value)},
        )

    def get_prep_value(self, value: Any) -> str | None:
        number = self.to_python(super().get_prep_value(value))
        return None if number is None else plain(number)


def plain(number: Decimal) -> str:
    """The shortest plain decimal of ``number``: no exponent, no trailing zeros, no minus zero.

    Raises ValidationError beyond the specification's limits (18 digits before the point, 12 after).
    """
    text = format(number, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    if text in {"-0", ""}:
        text = "0"
    if not PLAIN_DECIMAL.fullmatch(text):
        raise ValidationError(
            _("%(value)s has too many digits: at most 18 before the point and 12 after."),
            params={"value": text},
        )
    return text


class DocumentField(models.TextField):
    """A JSON document kept as text: nothing reorders, re-encodes or converts what was hashed."""

    description = _("JSON document")
    _pyi_private_set_type: Any  # what mypy reads: any JSON value, not text
    _pyi_private_get_type: Any

    def from_db_value(self, value: str | None, expression: object, connection: object) -> Any:
        return None if value is None else json.loads(value)

    def to_python(self, value: Any) -> Any:
        return value

    def get_prep_value(self, value: Any) -> str | None:
        if value is None:
            return None
        return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)

    def value_to_string(self, obj: models.Model) -> str:
        return str(self.get_prep_value(self.value_from_object(obj)))
