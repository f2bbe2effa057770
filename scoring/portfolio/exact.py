"""Whole numbers out of decimal columns: cents, and units of a mark."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray


def units_of(column: pa.Decimal128Array) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """The values of a decimal column in its smallest unit, 0 where it is null; and which of them fit 64 bits."""
    buffer = column.buffers()[1]
    if buffer is None or not len(column):
        return np.zeros(len(column), dtype=np.int64), np.ones(len(column), dtype=bool)
    words = np.frombuffer(buffer, dtype="<i8").reshape(-1, 2)[column.offset : column.offset + len(column)]
    if not column.null_count:
        low = np.ascontiguousarray(words[:, 0])
        return low, words[:, 1] == (low >> 63)
    valid = np.asarray(column.is_valid())
    low = np.where(valid, words[:, 0], 0)
    fits = ~valid | (words[:, 1] == (low >> 63))
    return np.where(fits, low, 0), fits
