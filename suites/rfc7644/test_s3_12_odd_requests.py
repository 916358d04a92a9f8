"""RFC 7644 §3.4.3, §3.7: search and bulk requests whose members are of other types than theirs."""

from __future__ import annotations

from scimcheck.client.exchange import Exchange
from scimcheck.core import urns
from scimcheck.core.json import JSON, JSONObject
from scimcheck.harness import check
from scimcheck.harness.attempts import attempt
from scimcheck.harness.judge import Judge
from scimcheck.harness.odd import endures
from scimcheck.harness.target import Target

SEARCH, BULK, CRASH = "RFC7644-3.4.3-13", "RFC7644-3.7-15", "RFC7644-3.12-15"
#: Members of a search of other types than theirs, with a word on each.
SEARCHES: tuple[tuple[str, JSONObject], ...] = (
    ("a text as count", {"count": "many"}),
    ("a number as filter", {"filter": 5}),
    ("a text as attributes", {"attributes": "id"}),
    ("an array as filter", {"filter": ["id pr"]}),
    ("null in attributes", {"attributes": [None]}),
    ("an object as attributes", {"attributes": {}}),
    ("numbers as excludedAttributes", {"excludedAttributes": [1]}),
    ("null as count", {"count": None}),
    ("a count of more than 64 bits", {"count": 10**20}),
    ("a fraction as startIndex", {"startIndex": 1.5}),
    ("an array as startIndex", {"startIndex": []}),
    ("a number as sortBy", {"sortBy": 5}),
    ("true as sortOrder", {"sortOrder": True}),
    ("nulls everywhere", dict.fromkeys(("filter", "attributes", "sortBy", "sortOrder", "startIndex", "count"))),
)


@check(SEARCH, needs=("search",), writes=False)
def test_odd_searches_do_no_harm(scim: Target, judge: Judge) -> None:
    """A search whose members are of other types is refused, or answered without them."""
    path = f"{scim.primary.endpoint}/.search"
    for words, members in SEARCHES if scim.depth == "deep" else SEARCHES[:1]:
        body = {"schemas": [urns.SEARCH_REQUEST], "count": 1, **members}
        endures(judge, SEARCH, attempt(scim, "POST", path, json=body), words)


#: How many of the operations after the first go together.
COMPANY = 5


def _odd_operations(scim: Target) -> list[tuple[str, JSON]]:
    """Bulk operations of no sense; those with an id name nothing that exists."""
    model = scim.primary
    nothing, body = scim.unknown_id(model), scim.payload(model)
    return [
        ("a text as operation", "POST"),
        ("an operation without method", {"path": nothing}),
        ("an operation without path", {"method": "DELETE"}),
        ("a number as method", {"method": 5, "path": nothing}),
        ("a number as path", {"method": "DELETE", "path": 5}),
        ("a text as data", {"method": "POST", "path": model.endpoint, "bulkId": "odd", "data": "scimcheck"}),
        ("null as operation", None),
        ("an array as data", {"method": "POST", "path": model.endpoint, "bulkId": "odd", "data": [body]}),
        ("an object as bulkId", {"method": "POST", "path": model.endpoint, "bulkId": {}, "data": {}}),
        ("a bulk request in another", {"method": "POST", "path": "/Bulk", "bulkId": "odd", "data": body}),
        ("a path that climbs", {"method": "DELETE", "path": f"{model.endpoint}/../..{nothing}"}),
        ("a path that ends nowhere", {"method": "DELETE", "path": "//"}),
        ("a path with a NUL character", {"method": "DELETE", "path": f"{nothing}\0"}),
        ("a number as version", {"method": "DELETE", "path": nothing, "version": 5}),
        ("an unknown bulkId as id", {"method": "DELETE", "path": f"{model.endpoint}/bulkId:scimcheck-none"}),
        ("a bulkId without a name", {"method": "DELETE", "path": f"{model.endpoint}/bulkId:"}),
    ]


@check(BULK, CRASH, needs=("bulk",))
def test_odd_bulk_requests_do_no_harm(scim: Target, judge: Judge) -> None:
    """Bulk operations of no sense are refused one by one or together, and none breaks anything down."""
    (first, text), *others = _odd_operations(scim)
    _send(scim, judge, first, {"Operations": [text]})
    company = [operation for _, operation in others[:COMPANY]]
    together = _send(scim, judge, "operations of no sense", {"Operations": company})
    for words, operation in others if scim.depth == "deep" or not (together and together.ok) else ():
        _send(scim, judge, words, {"Operations": [operation]})
    counts: list[tuple[str, JSON]] = [("a text", "one"), ("null", None), ("an object", {}), ("-1", -1)]
    nothing = {"method": "DELETE", "path": scim.unknown_id(scim.primary)}
    for words, value in counts if scim.depth == "deep" else counts[:1]:
        _send(scim, judge, f"{words} as failOnErrors", {"failOnErrors": value, "Operations": [nothing]})


def _send(scim: Target, judge: Judge, words: str, members: JSONObject) -> Exchange | None:
    """A bulk request is refused with a 4xx status, or answered operation by operation, none with an internal error."""
    exchange = attempt(scim, "POST", "/Bulk", json={"schemas": [urns.BULK_REQUEST], **members})
    endures(judge, BULK, exchange, words)
    listed = exchange.body.get("Operations") if exchange is not None else None
    statuses = (
        [str(item.get("status")) for item in listed if isinstance(item, dict)] if isinstance(listed, list) else []
    )
    judge.expect(
        CRASH,
        "500" not in statuses,
        expected=f"a status of 4xx for {words}",
        observed=f"status {', '.join(statuses)} in the answer",
        at=exchange or (),
    )
    return exchange
