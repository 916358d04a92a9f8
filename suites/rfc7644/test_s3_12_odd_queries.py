"""RFC 7644 §3.12: query parameters with values nobody expects are answered or refused, and break nothing down.

Filters off the grammar are judged in §3.4.2.2, words for numbers in §3.4.2.4, texts that attack in RFC 7643 §9.
"""

from __future__ import annotations

from collections.abc import Sequence

from scimcheck.client.exchange import Exchange
from scimcheck.core.schema import ResourceModel
from scimcheck.harness import attributes, check
from scimcheck.harness.attempts import attempt
from scimcheck.harness.judge import Judge
from scimcheck.harness.odd import endure_together, endures
from scimcheck.harness.target import Target

CRASH, BEYOND = "RFC7644-3.12-15", "RFC7644-3.4.2.4-12"
#: More than 64 bits hold.
HUGE = "100000000000000000000"
#: Raw parameters that go together in a query, with a word on each.
COMPANIES: tuple[tuple[tuple[str, str], ...], ...] = (
    (
        ("no names in attributes", "attributes="),
        ("an unknown attribute in sortBy", "sortBy=scimcheckNothing"),
        ("an empty sortOrder", "sortOrder="),
        ("an empty count", "count="),
        ("a percent sign without digits", "scimcheck=%zz"),
        ("ampersands only", "&&&"),
    ),
    (
        ("attributes without letters", "attributes=%5B%22,,."),
        ("a complex attribute in sortBy", "sortBy=meta"),
        ("a parameter twice", "count=1&count=2"),
        ("parameters with brackets", "count%5B%5D=1&filter%5B$ne%5D=x"),
    ),
    (
        ("excludedAttributes without letters", "excludedAttributes=%5B%22,,."),
        ("an empty sortBy", "sortBy="),
        ("a name in two pieces", "count=1&%73cimcheck[a][b]=%C3%A4"),
    ),
    (
        ("the URN of an unknown schema in attributes", "attributes=urn:example:scimcheck:2.0:None"),
        ("4,000 letters for nothing", "count=1&scimcheck=" + "x" * 4000),
    ),
)
#: And those that few stumble over.
RARE: tuple[tuple[str, str], ...] = (
    ("a name that ends with a dot in sortBy", "sortBy=meta."),
    ("a count of less than -64 bits", f"count=-{HUGE}"),
    ("a startIndex of less than -64 bits", f"startIndex=-{HUGE}"),
    ("a count with a sign", "count=%2B1"),
    ("a count with an exponent", "count=1e2"),
    ("a hexadecimal startIndex", "startIndex=0x1"),
    ("a fraction as startIndex", "startIndex=1.5"),
    ("Arabic digits", "count=%D9%A2"),
    ("white space for a count", "count=%20%20"),
    ("bytes that are no UTF-8 in attributes", "attributes=%FF%FE"),
    ("bytes that are no UTF-8 in sortBy", "sortBy=%C3%28"),
    ("bytes that are no UTF-8 in a parameter's name", "%FF=1"),
    ("bytes that are no UTF-8 in a filter", "filter=id%20eq%20%22%FF%22"),
    ("a NUL character in attributes", "attributes=a%00b"),
    ("a NUL character in sortBy", "sortBy=a%00b"),
    ("dots in attributes", "attributes=.,a..b,.c,d."),
    ("a URN without an attribute in attributes", "attributes=urn:"),
    ("4,000 names in attributes", "attributes=" + ",".join(["a"] * 4000)),
    ("a value filter in attributes", "attributes=emails%5Btype%20eq%20%22work%22%5D"),
    ("a name of the object model in attributes", "attributes=__proto__,constructor,toString"),
    ("a name of the object model in sortBy", "sortBy=__proto__"),
    ("a statement in sortBy", "sortBy=id;select%201"),
    ("a blank filter", "filter=%20"),
    ("two filters", "filter=id%20pr&filter=id%20pr"),
    ("an equals sign only", "="),
    ("a query of 60,000 letters", "scimcheck=" + "x" * 60_000),
)


@check(CRASH, BEYOND, needs=("list",), writes=False)
def test_odd_parameters_do_no_harm(scim: Target, judge: Judge) -> None:
    """Parameters without sense, and numbers that no machine word holds, are answered or refused."""
    endpoint = scim.primary.endpoint

    def send(parameters: Sequence[str]) -> Exchange | None:
        return attempt(scim, "GET", endpoint, params="&".join(parameters))

    for company in COMPANIES:
        endure_together(judge, CRASH, send, company)
    endures(judge, CRASH, send([f"count={HUGE}"]), "a count of more than 64 bits")
    beyond = scim.get(endpoint, params={"startIndex": HUGE, "count": "1"})
    judge.expect(
        BEYOND,
        (beyond.ok and not beyond.resources) or 400 <= beyond.status < 500,
        expected="200 with no resources, or 400 for a number out of range",
        observed=beyond.summary(),
        at=beyond,
    )


@check(CRASH, needs=("list",), depth="deep", writes=False)
def test_rare_parameters_do_no_harm(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """The same for what comes more rarely, at every endpoint."""
    for words, query in RARE:
        endures(judge, CRASH, attempt(scim, "GET", model.endpoint, params=query), words)


@check(CRASH, needs=("filter",), writes=False)
def test_odd_operands_do_no_harm(scim: Target, judge: Judge) -> None:
    """Operands that are enormous or of another type, and deep brackets, are answered or refused."""
    endpoint, name = scim.primary.endpoint, attributes.naming(scim.primary)
    filters = (
        ("an operand of 6,000 letters", f'{name} eq "{"x" * 6000}"'),
        ("a time that is none", 'meta.lastModified gt "yesterday"'),
        ("a number for a text", f"{name} eq 5"),
        ("true for a text", f"{name} sw true"),
        ("a filter in 300 brackets", f"{'(' * 300}{name} pr{')' * 300}"),
        ("a filter of 200 terms", " or ".join([f'{name} eq "scimcheck"'] * 200)),
    )
    for words, expression in filters if scim.depth == "deep" else filters[:3]:
        exchange = attempt(scim, "GET", endpoint, params={"filter": expression, "count": "1"})
        endures(judge, CRASH, exchange, words)
