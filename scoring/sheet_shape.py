"""The form of a score sheet document (specification 5), from which its JSON Schema is written."""

from __future__ import annotations

from scoring.problems import Phrase
from scoring.shapes import Anything, Choice, Flag, Integer, ListOf, MapOf, Nullable, Object, Pattern, Text

FIXED = Pattern(r"-?[0-9]+(\.[0-9]+)?", Phrase("A fixed decimal"))
EXACT = Pattern(r"-?[0-9]+/[1-9][0-9]*", Phrase("A fraction in lowest terms"))
RANK = Integer(at_least=1)
POINTS = Object({"points": FIXED, "exact_points": EXACT})

ROW = Object(
    {
        "bid": Text(),
        "rank": RANK,
        "tied": Flag(),
        "total": FIXED,
        "price": FIXED,
        "evaluated_price": FIXED,
        "exact_evaluated_price": EXACT,
        "criteria": MapOf(POINTS),
        "measures": MapOf(
            Object({"exact_driver": EXACT}, {"points": FIXED, "exact_points": EXACT, "exact_factor": EXACT})
        ),
        "bonus": FIXED,
        "european_share": Nullable(FIXED),
        "environment": Nullable(FIXED),
        "cashback": Nullable(FIXED),
        "rank_if_european": Nullable(RANK),
        "rank_if_not": Nullable(RANK),
    }
)

COMPARISON = Object(
    {
        "bid": Text(),
        "price": FIXED,
        "evaluated_price": FIXED,
        "exact_evaluated_price": EXACT,
        "criteria": MapOf(POINTS),
        "measures": MapOf(POINTS),
        "bonus": FIXED,
        "scaling": FIXED,
        "total": FIXED,
        "exact_flip_amount": MapOf(Nullable(EXACT)),
    }
)

FINDING = Object(
    {
        "code": Text(),
        "severity": Choice(("block", "warn", "info", "not_assessed")),
        "article": Text(),
        "values": MapOf(Anything()),
        "source": Text(),
        "mark": Choice(("P", "S", "R")),
    }
)

SHEET = Object(
    {
        "schema": Choice(("bareme-scoresheet/1",)),
        "case_sha256": Pattern("[0-9a-f]{64}", Phrase("A SHA-256 in lower-case hexadecimal")),
        "policy": Nullable(Object({"id": Text(), "version": Integer()})),
        "winner": Nullable(Text()),
        "tied": Flag(),
        "ranking": ListOf(ROW),
        "excluded": ListOf(Object({"bid": Text(), "reason": Text()})),
        "alerts": ListOf(Object({"code": Choice(("abnormally_low",)), "bid": Text(), "exact_threshold": EXACT})),
        "right_to_match": ListOf(Object({"measure": Text(), "bid": Text(), "match_price": FIXED})),
        "obligations": ListOf(Object({"measure": Text(), "driver": Text(), "amount": FIXED})),
        "without_policy": Object({"winner": Nullable(Text()), "changed": Flag()}),
        "comparisons": ListOf(COMPARISON),
        "withdrawals": ListOf(Object({"bid": Text(), "winner": Nullable(Text())})),
        "findings": ListOf(FINDING),
    }
)
