"""What a communicable bundle hides of a case: unit prices, origins, evidence, and who made bids that did not win."""

import re
from collections.abc import Callable
from typing import Any

FIGURES = re.compile(r"/bids/[0-9]+/(lines/[0-9]+/(unit_price|origins/.*)|environment/.*)")
NAME = re.compile(r"/bids/[0-9]+/supplier/name")


def secrets_of(case: dict[str, Any], awarded: str | None) -> Callable[[str], bool]:
    """Whether the leaf at a JSON pointer of a case is secret; ``awarded`` is the id of the bid that won, if one did."""
    won = {f"/bids/{index}/supplier/name" for index, bid in enumerate(case["bids"]) if bid["id"] == awarded}

    def is_secret(pointer: str) -> bool:
        return bool(FIGURES.fullmatch(pointer) or (NAME.fullmatch(pointer) and pointer not in won))

    return is_secret
