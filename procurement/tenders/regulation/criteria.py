"""The clauses on criteria: their weights, how their points are given, what marks mean, how bids are ranked."""

from collections.abc import Iterator
from fractions import Fraction

from procurement.people.templatetags.reading import money, points
from procurement.policies.presentation.numbers import number
from procurement.tenders.models import Criterion as Row
from procurement.tenders.regulation.articles import article
from procurement.tenders.regulation.blocks import Block, paragraph, table
from procurement.tenders.regulation.published import Published
from procurement.tenders.regulation.texts import quote, say
from scoring.case import Criterion
from scoring.formulas import FORMULAS, Field
from scoring.numbers import fixed

INVENTED = (Fraction(100_000), Fraction(125_000), Fraction(150_000))  # the amounts of every example but a fixed range's
MARK, BEST = Fraction(7, 10), Fraction(8, 10)  # of the scale, in examples
EFFECTIVE_DECIMALS = 2


def weights(lot: Published) -> Iterator[Block]:
    """The table of criteria, with effective weights where a bonus dilutes them."""
    yield paragraph(say("criteria_alone", article=article("criteria.announced", on=lot.day)))
    head = [say("criterion"), say("kind"), say("weight")]
    yield table(
        say("criteria_table"),
        head + ([say("effective_weight")] if lot.effective else []),
        [_row(criterion, lot) for criterion in lot.criteria],
    )
    for group, weight in _groups(lot.criteria).items():
        yield paragraph(say("group_total", group=quote(group), weight=number(weight)))
    if lot.effective:
        whole = lot.criteria[0].weight / lot.effective[lot.criteria[0].id]
        yield paragraph(say("diluted", bonus=number(whole - 100), whole=number(whole)))
    counting = [
        title(criterion)
        for criterion in lot.criteria
        if criterion.kind == "environment" or criterion.counts_environment
    ]
    rule = article("environment.criterion_required", on=lot.day)
    yield paragraph(
        say("environment", criteria=", ".join(counting), article=rule) if counting else say("environment_missing")
    )


def scoring(lot: Published) -> Iterator[Block]:
    """The formula of each criterion in words, as a formula, and on an example."""
    for criterion in lot.criteria:
        words, values = _formula(criterion, lot.currency)
        yield paragraph(
            say(
                "points_of",
                title=title(criterion),
                weight=number(criterion.weight),
                words=say(words, **values),
                formula=say(f"{words}_formula", **values),
            )
        )
        yield paragraph(_example(criterion, lot))
    kinds = {FORMULAS[criterion.formula].on for criterion in lot.criteria}
    if "price" in kinds:
        yield paragraph(say("symbols_price", price=_what_is_compared(lot)))
    if "mark" in kinds:
        yield paragraph(say("symbols_mark"))


def marks(lot: Published) -> Iterator[Block]:
    """The scale of each marked criterion, the meaning of its steps, and the marks that eliminate."""
    marked = [criterion for criterion in lot.criteria if criterion.scale is not None]
    for criterion in marked:
        assert criterion.scale is not None
        yield paragraph(say("scale", title=title(criterion), scale=number(criterion.scale)))
        if criterion.id in lot.steps:
            rows = [(points(step["value"]), quote(step["meaning"])) for step in lot.steps[criterion.id]]
            yield table(say("steps_table", title=title(criterion)), [say("step"), say("meaning")], rows)
        if criterion.minimum is not None:
            yield paragraph(say("minimum", minimum=number(criterion.minimum), title=title(criterion)))
    if marked and all(criterion.minimum is None for criterion in marked):
        yield paragraph(say("no_minimum"))


def ranking(lot: Published) -> Iterator[Block]:
    """Rounding, total, order and ties."""
    yield paragraph(say("rounding", precision=_precision(lot.decimals)))
    if "add_points" in lot.measures:
        yield paragraph(say("with_bonus"))
    if "scale_score" in lot.measures:
        yield paragraph(say("with_factors"))
    yield paragraph(say("ranked", article=article("criteria.full_ranking", on=lot.day)))
    order = ", ".join(say(f"tie_{name}") for name in lot.tie_break)
    yield paragraph(say("tie", order=order) if order else say("tie_draw"))


def _precision(decimals: int) -> str:
    if decimals > 1:
        return say("some_decimals", decimals=decimals)
    return say("one_decimal" if decimals else "whole_points")


def title(criterion: Criterion) -> str:
    return quote(criterion.title) or criterion.id


def _row(criterion: Criterion, lot: Published) -> list[str]:
    name = title(criterion)
    named = say("sub_criterion", group=quote(criterion.parent), title=name) if criterion.parent else name
    row = [named, str(Row.Kind(criterion.kind).label), number(criterion.weight)]
    if lot.effective:
        row.append(points(fixed(lot.effective[criterion.id] * 100, EFFECTIVE_DECIMALS)))
    return row


def _groups(criteria: tuple[Criterion, ...]) -> dict[str, Fraction]:
    """What each group of sub-criteria weighs, in the order of the document."""
    groups: dict[str, Fraction] = {}
    for criterion in criteria:
        if criterion.parent:
            groups[criterion.parent] = groups.get(criterion.parent, Fraction(0)) + criterion.weight
    return groups


def _formula(criterion: Criterion, currency: str) -> tuple[str, dict[str, str]]:
    """The key of the formula's sentence, and the amounts it names."""
    if criterion.formula == "linear_lowest" and criterion.params.get("floor") == "no":
        return "linear_lowest_below", {}
    fixed_ends = criterion.params if criterion.formula == "absolute_linear" else {}
    return criterion.formula, {name: money(fixed(end, 2), currency) for name, end in fixed_ends.items()}


def _example(criterion: Criterion, lot: Published) -> str:
    if criterion.scale is not None:
        mark, best = criterion.scale * MARK, criterion.scale * BEST
        return say(
            "example_best" if "highest" in FORMULAS[criterion.formula].reads else "example_mark",
            mark=number(mark),
            scale=number(criterion.scale),
            best=number(best),
            points=_points(criterion, mark, Field.of([mark, best], scale=criterion.scale), lot),
            weight=number(criterion.weight),
        )
    low, price, high = _amounts(criterion)
    return say(
        "example_price",
        amounts=", ".join(money(fixed(amount, 2), lot.currency) for amount in (low, price, high)),
        price=money(fixed(price, 2), lot.currency),
        points=_points(criterion, price, Field.of([low, price, high]), lot),
        weight=number(criterion.weight),
    )


def _amounts(criterion: Criterion) -> tuple[Fraction, ...]:
    if criterion.formula != "absolute_linear":
        return INVENTED
    low, high = criterion.params["floor_price"], criterion.params["ceiling"]
    return low, Fraction(fixed((low + high) / 2, 2)), high


def _points(criterion: Criterion, value: Fraction, field: Field, lot: Published) -> str:
    given = Fraction(*FORMULAS[criterion.formula].points(value, field, criterion.weight, criterion.params))
    return points(fixed(given, lot.decimals))


def _what_is_compared(lot: Published) -> str:
    if lot.prices_are_evaluated:
        return say("evaluated_price_word")
    return say("cost_word" if any(criterion.kind == "cost" for criterion in lot.criteria) else "price_word")
