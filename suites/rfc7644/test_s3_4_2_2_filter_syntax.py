"""RFC 7644 §3.4.2.2 and table 9: what is not a filter is refused with 400 invalidFilter, never guessed at."""

from __future__ import annotations

from scimcheck.client.exchange import Exchange
from scimcheck.core.schema import ResourceModel
from scimcheck.harness import attributes, check
from scimcheck.harness.judge import Judge
from scimcheck.harness.malformed import Malformed, malformed
from scimcheck.harness.population import population, quoted
from scimcheck.harness.target import Target

GRAMMAR, KEYWORD = "RFC7644-3.4.2.2-33", "RFC7644-3.12-17"

#: One example of each kind of fault, by its reason in the example file; the rest is for deep runs.
ESSENTIAL = (
    "string without quotation marks",
    "unterminated string",
    "unescaped quotation mark inside a string",
    "closing parenthesis missing",
    "opening parenthesis missing",
    "empty group",
    "not needs parentheses",
    "right operand missing",
    "left operand missing",
    "logical operator missing",
    "unknown logical operator",
    "closing bracket missing",
    "empty brackets",
    "pr takes no operand",
    "trailing garbage",
    "an array is not an operand",
)


def _refused(judge: Judge, requirement: str, exchange: Exchange, why: str = "") -> bool:
    return judge.expect(
        requirement,
        exchange.status == 400 and exchange.scim_type == "invalidFilter",
        expected="400 invalidFilter" + (f": {why}" if why else ""),
        observed=exchange.summary(),
        at=exchange,
    )


def _refuse_all(scim: Target, judge: Judge, model: ResourceModel, examples: list[Malformed]) -> list[Exchange]:
    exchanges = []
    for example in examples:
        exchanges.append(scim.search(model.endpoint, example.expression))
        _refused(judge, GRAMMAR, exchanges[-1], example.why)
    return exchanges


@check(GRAMMAR, KEYWORD, needs=("filter",), writes=False, every_type="deep")
def test_malformed_filters_are_refused(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """What does not follow the grammar is refused with 400 invalidFilter: one example of each kind of fault."""
    first = {item.why: item for item in reversed(malformed(model))}
    kinds = [first[why] for why in ESSENTIAL if why in first]
    exchanges = _refuse_all(scim, judge, model, kinds if model is scim.primary else kinds[:2])
    refused = [exchange for exchange in exchanges if exchange.status == 400]
    other = [exchange for exchange in refused if exchange.scim_type != "invalidFilter"]
    judge.expect(KEYWORD, True, expected="", observed="", at=refused[:1])
    if other:
        judge.advise(
            KEYWORD, expected="scimType invalidFilter", observed=f"{other[0].scim_type or 'no scimType'}", at=other
        )


@check(GRAMMAR, needs=("filter",), writes=False, depth="quick")
def test_a_truncated_filter_is_refused(scim: Target, judge: Judge) -> None:
    """A filter cut off in the middle is refused with 400 invalidFilter."""
    model = scim.primary
    _refused(judge, GRAMMAR, scim.search(model.endpoint, f'({attributes.naming(model)} eq "x"'))


@check(GRAMMAR, needs=("filter",), writes=False, depth="deep")
def test_every_malformed_filter_is_refused(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """Every malformed example is refused with 400 invalidFilter."""
    _refuse_all(scim, judge, model, [item for item in malformed(model) if item.why not in ESSENTIAL])


@check("RFC7644-3.4.2.2-09", needs=("filter",), writes=False)
def test_incomplete_comparisons_are_refused(scim: Target, judge: Judge) -> None:
    """A comparison without operator, without operand or without attribute is refused with 400 invalidFilter."""
    model = scim.primary
    name = attributes.naming(model)
    for expression in (name, f"{name} eq", 'eq "x"', f'{name} "x"'):
        _refused(judge, "RFC7644-3.4.2.2-09", scim.search(model.endpoint, expression))


@check("RFC7644-3.4.2.2-43", "RFC7644-3.4.2.2-44", needs=("filter",), writes=False, every_type="deep")
def test_unknown_operators_are_refused(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """An operator that the standard does not know is refused with 400 invalidFilter and an explanation."""
    name = attributes.naming(model)
    for operator in ("regex", "like", "="):
        exchange = scim.search(model.endpoint, f'{name} {operator} "x"')
        _refused(judge, "RFC7644-3.4.2.2-43", exchange)
        detail = exchange.body.get("detail")
        judge.expect(
            "RFC7644-3.4.2.2-44",
            exchange.ok or (isinstance(detail, str) and detail.strip()),
            expected="a detail that says what is wrong",
            observed=f"detail {detail!r}",
            at=exchange,
        )


@check("RFC7644-3.4.2.2-08", needs=("filter",), writes=False)
def test_an_empty_filter_is_no_filter(scim: Target, judge: Judge) -> None:
    """An empty filter is refused with 400 invalidFilter; a target that takes it for none at all gets a remark."""
    model = scim.primary
    exchange = scim.get(model.endpoint, params="filter=")
    if exchange.ok:
        judge.advise(
            "RFC7644-3.4.2.2-08", expected="400 invalidFilter", observed=exchange.summary(), at=exchange,
            hint="An empty parameter counts as absent here.",
        )  # fmt: skip
    else:
        _refused(judge, "RFC7644-3.4.2.2-08", exchange)


@check("RFC7644-3.4.2.2-36", needs=("filter",), writes=False)
def test_comparison_with_null_is_answered(scim: Target, judge: Judge) -> None:
    """A comparison with null has no defined result, but it has an answer that is no internal error."""
    model = scim.primary
    text = attributes.optional_text(model, attributes.naming(model))
    name = text.name if text else attributes.naming(model)
    for expression in (f"{name} eq null", f"{name} ne null"):
        exchange = scim.search(model.endpoint, expression, count=1)
        judge.expect(
            "RFC7644-3.4.2.2-36",
            exchange.status < 500 or exchange.status == 501,
            expected="a list or 400",
            observed=exchange.summary(),
            at=exchange,
        )


#: Operands that would break out of a query made by gluing texts together: SQL, LDAP, NoSQL, XPath, JSON, templates.
INJECTIONS = (
    "' OR '1'='1",
    "'; DROP TABLE users; --",
    '" or "1"="1',
    '" or userName pr or userName eq "',
    "*)(uid=*",
    '{"$ne": null}',
    "' or ''='",
    "${7*7}{{7*7}}",
    "\\' OR 1=1 -- ",
)


@check("RFC7643-9.2-02", "RFC7644-3.4.2.2-03", needs=("filter", "read"))
def test_injection_finds_nothing(scim: Target, judge: Judge) -> None:
    """Operands with the meta-characters of query languages are texts like others: they find nothing, break nothing."""
    model = scim.primary
    people = population(scim, model)
    for attack in INJECTIONS:
        answer = people.ask(f"{people.naming} eq {quoted(people.name() + attack)}")
        exchange = answer.last
        judge.expect(
            "RFC7643-9.2-02",
            exchange.status < 500,
            expected="an ordinary answer",
            observed=exchange.summary(),
            at=exchange,
        )
        judge.expect(
            "RFC7644-3.4.2.2-03",
            not answer.found,
            expected="no match",
            observed=f"{exchange.summary()}: {len(answer.found)} of the run's resources",
            at=answer.exchanges,
        )


@check("RFC7643-9.2-02", "RFC7644-3.4.2.2-03", needs=("filter", "read"))
def test_unescaped_injection_is_no_filter(scim: Target, judge: Judge) -> None:
    """A text that closes its quotation marks and goes on is refused, and in no case finds anything more."""
    model = scim.primary
    people = population(scim, model)
    for attack in ('nobody" or "1"="1', "nobody' or '1'='1", 'nobody") or true or ("x" eq "x'):
        answer = people.ask(f'{people.naming} eq "{people.tag}-{attack}"')
        exchange = answer.last
        judge.expect(
            "RFC7643-9.2-02",
            exchange.status < 500,
            expected="an ordinary answer",
            observed=exchange.summary(),
            at=exchange,
        )
        judge.expect(
            "RFC7644-3.4.2.2-03",
            not answer.found,
            expected="400 invalidFilter, at any rate no match",
            observed=exchange.summary(),
            at=answer.exchanges,
        )
