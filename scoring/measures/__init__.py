"""Kinds of preference measure: one file each, and the table of them (specification 2)."""

from __future__ import annotations

from collections.abc import Mapping

from scoring.measures import (
    add_points,
    add_to_price,
    deduct_from_price,
    deflate_price,
    execution_cap,
    floor,
    gate,
    right_to_match,
    scale_score,
)
from scoring.measures.kind import Kind

KINDS: Mapping[str, Kind] = {
    "gate": gate.KIND,
    "floor": floor.KIND,
    "add_to_price": add_to_price.KIND,
    "deduct_from_price": deduct_from_price.KIND,
    "deflate_price": deflate_price.KIND,
    "add_points": add_points.KIND,
    "scale_score": scale_score.KIND,
    "right_to_match": right_to_match.KIND,
    "execution_cap": execution_cap.KIND,
}

__all__ = ["KINDS", "Kind"]
