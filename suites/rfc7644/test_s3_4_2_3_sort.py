"""RFC 7644 §3.4.2.3: sorting, judged by the run's own resources; equal values may come in any order."""

from __future__ import annotations

from collections.abc import Sequence

from scimcheck.client.exchange import Exchange
from scimcheck.core.json import JSON
from scimcheck.core.schema import Located, ResourceModel
from scimcheck.harness import attributes, check, sorting
from scimcheck.harness.judge import Judge
from scimcheck.harness.representation import path_of, value_at
from scimcheck.harness.sorting import Key, Sortable, folded, misplaced, moment, sortable
from scimcheck.harness.target import Target

ORDERS = ("ascending", "descending")
ORDERED = "RFC7644-3.4.2.3-02"


def _naming(subject: Sortable) -> Located:
    name = attributes.naming(subject.model)
    return next(each for each in subject.model.attributes() if each.schema is None and each.attribute.name == name)


def _sorted(subject: Sortable, sort_by: str, order: str = "ascending", **params: str | int) -> Exchange:
    return subject.get(sortBy=sort_by, sortOrder=order, count=params.pop("count", 200), **params)


def _demand_sorting(judge: Judge, subject: Sortable) -> None:
    """End the check when not even names are sorted."""
    exchange = _sorted(subject, attributes.naming(subject.model))
    order = subject.order(exchange)
    if exchange.status != 200 or misplaced(subject.values(order, _naming(subject)), folded):
        judge.blocked(ORDERED, f"sortBy does not sort: {exchange.summary()}")


def _judge_order(
    judge: Judge,
    requirement: str,
    subject: Sortable,
    exchange: Exchange,
    values: Sequence[JSON],
    key: Key = folded,
    *,
    descending: bool = False,
) -> None:
    wrong = misplaced(values, key, descending=descending) if exchange.status == 200 else exchange.summary()
    judge.expect(
        requirement,
        not wrong,
        expected=f"200, in {'descending' if descending else 'ascending'} order",
        observed=wrong,
        at=(*subject.evidence, exchange),
    )


def _judge_both(judge: Judge, requirement: str, subject: Sortable, place: Located, key: Key = folded) -> None:
    for order in ORDERS:
        exchange = _sorted(subject, path_of(place), order)
        values = subject.values(subject.order(exchange), place)
        _judge_order(judge, requirement, subject, exchange, values, key, descending=order == "descending")


@check(
    "RFC7644-3.4.2.3-02",
    "RFC7644-3.4.2.3-06",
    "RFC7644-3.4.2.3-07",
    needs=("read", "sort"),
)
def test_results_are_sorted(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """Results come in the order of ``sortBy``, ascending unless ``sortOrder`` says descending."""
    subject = sortable(scim, model)
    place = _naming(subject)
    for sort_by in (path_of(place), f"{model.core.id}:{path_of(place).lower()}"):
        exchange = _sorted(subject, sort_by)
        _judge_order(judge, ORDERED, subject, exchange, subject.values(subject.order(exchange), place))
    _demand_sorting(judge, subject)
    plain = subject.get(sortBy=path_of(place), count=200)
    values = subject.values(subject.order(plain), place)
    _judge_order(judge, "RFC7644-3.4.2.3-06", subject, plain, values)
    down = _sorted(subject, path_of(place), "descending")
    values = subject.values(subject.order(down), place)
    _judge_order(judge, "RFC7644-3.4.2.3-07", subject, down, values, descending=True)


@check("RFC7644-3.4.2.3-02", needs=("read", "sort", "extension"))
def test_results_are_sorted_by_extensions(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """Attributes of extensions can be sorted by, too."""
    place = sorting.extended(model)
    if place is None:
        judge.not_applicable(f"{model.name} has no text in an extension")
    subject = sortable(scim, model)
    _demand_sorting(judge, subject)
    _judge_both(judge, ORDERED, subject, place)


@check("RFC7644-3.4.2.3-03", needs=("read", "sort", "User", "attr:primary"))
def test_the_primary_value_decides(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """By a list results are sorted by its primary values; a target that cannot gets a remark."""
    place = sorting.mail(model)
    if place is None:
        judge.not_applicable(f"{model.name} has no emails")
    subject = sortable(scim, model)
    _demand_sorting(judge, subject)
    for order in ORDERS:
        exchange = _sorted(subject, f"{path_of(place)}.value", order)
        if exchange.status == 400:
            judge.advise("RFC7644-3.4.2.3-03", expected="200", observed=exchange.summary(), at=exchange)
            continue
        values = [_primary(value) for value in subject.values(subject.order(exchange), place)]
        _judge_order(judge, "RFC7644-3.4.2.3-03", subject, exchange, values, descending=order == "descending")


def _primary(value: JSON) -> JSON:
    elements = [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []
    chosen = next((item for item in elements if item.get("primary") is True), elements[0] if elements else {})
    found: JSON = chosen.get("value")
    return found


@check("RFC7644-3.4.2.3-04", needs=("read", "sort", "User"))
def test_sub_attributes_can_be_sorted_by(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """Results can be sorted by a sub-attribute."""
    place = sorting.complex_one(model)
    sub = sorting.sub_text(place.attribute) if place else None
    if place is None or sub is None:
        judge.not_applicable(f"{model.name} has no complex attribute with a text")
    subject = sortable(scim, model)
    _demand_sorting(judge, subject)
    _judge_both(judge, "RFC7644-3.4.2.3-04", subject, Located(None, sub, place.attribute))


@check("RFC7644-3.4.2.3-05", needs=("read", "sort"), every_type="deep")
def test_what_has_no_value_comes_last(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """Resources without a value come last in ascending order, and first in descending order."""
    place = sorting.text(model) or sorting.exact(model)
    if place is None:
        judge.not_applicable(f"{model.name} has no optional text")
    subject = sortable(scim, model)
    _demand_sorting(judge, subject)
    for order in ORDERS:
        exchange = _sorted(subject, path_of(place), order)
        has = [value is not None for value in subject.values(subject.order(exchange), place)]
        if all(has):
            judge.not_applicable(f"every resource has a value of {path_of(place)}")
        judge.expect(
            "RFC7644-3.4.2.3-05",
            exchange.status == 200 and has == sorted(has, reverse=order == "ascending"),
            expected=f"{order}: what has no {path_of(place)} {'last' if order == 'ascending' else 'first'}",
            observed=f"{exchange.summary()}: {', '.join('value' if each else 'none' for each in has)}",
            at=(*subject.evidence, exchange),
        )


@check("RFC7644-3.4.2.3-08", needs=("read", "sort"), every_type="deep")
def test_order_follows_the_type(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """Times are sorted as times, and numbers as numbers."""
    subject = sortable(scim, model)
    _demand_sorting(judge, subject)
    place = sorting.created(model)
    if place is not None:
        _judge_both(judge, "RFC7644-3.4.2.3-08", subject, place, moment)
    other = sorting.typed(model)
    if other is not None:
        _judge_both(judge, "RFC7644-3.4.2.3-08", subject, other, _natural)
    if place is None and other is None:
        judge.not_applicable(f"{model.name} has neither times nor numbers")


def _natural(value: JSON) -> float:
    return float(value) if isinstance(value, (int, float)) else moment(value)


@check("RFC7644-3.4.2.3-09", needs=("read", "sort"))
def test_letter_case_does_not_count(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """Texts that are not case exact are sorted without regard to case."""
    place = sorting.text(model)
    if place is None:
        judge.not_applicable(f"{model.name} has no optional text that is not case exact")
    subject = sortable(scim, model)
    _demand_sorting(judge, subject)
    _judge_both(judge, "RFC7644-3.4.2.3-09", subject, place)


@check("RFC7644-3.4.2.3-10", needs=("read", "sort", "attr:caseExact"), every_type="deep")
def test_letter_case_counts_where_it_is_exact(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """Case-exact texts are sorted by their characters: upper case comes first."""
    place = sorting.exact(model)
    if place is None:
        judge.not_applicable(f"{model.name} has no optional text that is case exact")
    subject = sortable(scim, model)
    _demand_sorting(judge, subject)
    _judge_both(judge, "RFC7644-3.4.2.3-10", subject, place, str)


@check("RFC7644-3.4.2.3-11", needs=("read", "sort"))
def test_unknown_orders_do_no_harm(scim: Target, judge: Judge) -> None:
    """Another ``sortOrder`` is refused or ignored."""
    subject = sortable(scim, scim.primary)
    exchange = _sorted(subject, attributes.naming(subject.model), "sideways")
    judge.expect(
        "RFC7644-3.4.2.3-11",
        exchange.status < 500,
        expected="400, or a default order",
        observed=exchange.summary(),
        at=exchange,
    )


@check("RFC7644-3.4.2.3-12", needs=("read", "sort", "index"), every_type="deep")
def test_sorting_comes_before_paging(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """The pages of a sorted result, one after the other, are in order."""
    subject = sortable(scim, model)
    if not subject.base:
        judge.not_applicable("filters cannot single out own resources")
    _demand_sorting(judge, subject)
    place = _naming(subject)
    shown = {identifier: value_at(state, place) for identifier, state in subject.states.items()}
    for order in ORDERS:
        pages = [_sorted(subject, path_of(place), order, startIndex=start, count=2) for start in (1, 3, 5)]
        values = [shown[identifier] for page in pages for identifier in subject.order(page)]
        wrong = misplaced(values, folded, descending=order == "descending")
        judge.expect(
            "RFC7644-3.4.2.3-12",
            all(page.status == 200 for page in pages) and not wrong and len(values) > 2,
            expected=f"pages in {order} order",
            observed=wrong or ", ".join(page.summary() for page in pages),
            at=(*subject.evidence, *pages),
        )
