"""RFC 7644 §3.4.2: the form of every list of resources, by GET or by .search.

Pages without resources (``count=0``, or beyond the end) and pages by cursor (RFC 9865 §2) may leave out what has no
meaning there.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TypeGuard
from urllib.parse import parse_qs

from scimcheck.checks.rules import Problem, RuleContext, rule
from scimcheck.client.exchange import Exchange
from scimcheck.core import urns


def is_list(exchange: Exchange, context: RuleContext) -> bool:
    """Whether the exchange is a successful query on resources."""
    if exchange.status != 200 or not isinstance(exchange.json, dict) or urns.ERROR in str(exchange.body.get("schemas")):
        return False
    path = exchange.path.rstrip("/")
    searched = path.removesuffix("/.search")
    collection = searched == "" or any(searched == model.endpoint for model in context.models)
    method = "POST" if path.endswith("/.search") else "GET"
    return collection and exchange.method == method and (searched != "" or "totalResults" in exchange.body)


def _number(value: Any) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool)


def _parameter(exchange: Exchange, name: str) -> Any:
    """A query parameter as sent, in the URL or in the body."""
    body = exchange.request_json
    if isinstance(body, dict) and name in body:
        return body[name]
    found = parse_qs(exchange.query, keep_blank_values=True).get(name)
    return found[0] if found else None


def _by_cursor(exchange: Exchange) -> bool:
    answered = any(name in exchange.body for name in ("nextCursor", "previousCursor"))
    return answered or _parameter(exchange, "cursor") is not None


def _may_be_empty(exchange: Exchange) -> bool:
    """Whether the request asked for a page that can be without resources though there are matches."""
    count = str(_parameter(exchange, "count"))
    return count == "0" or count.startswith("-") or _parameter(exchange, "startIndex") is not None


def _is_partial(exchange: Exchange, context: RuleContext) -> bool:
    total = exchange.body.get("totalResults")
    return is_list(exchange, context) and _number(total) and 0 < len(exchange.resources) < total


@rule("list-schemas", "RFC7644-3.4.2-01", when=is_list)
def list_schemas(exchange: Exchange, context: RuleContext) -> Iterator[Problem]:
    """A list says by its schemas that it is one."""
    listed = exchange.body.get("schemas")
    found = [str(item).lower() for item in listed] if isinstance(listed, list) else []
    if urns.LIST_RESPONSE.lower() not in found:
        yield Problem("RFC7644-3.4.2-01", f"schemas with {urns.LIST_RESPONSE}", f"schemas {listed!r}")


@rule("list-total", "RFC7644-3.4.2-02", when=is_list)
def list_total(exchange: Exchange, context: RuleContext) -> Iterator[Problem]:
    """A list tells how many results there are."""
    total = exchange.body.get("totalResults")
    if "totalResults" not in exchange.body and _by_cursor(exchange):
        return
    if not _number(total) or total < 0:
        observed = f"totalResults {total!r}" if "totalResults" in exchange.body else "no totalResults"
        yield Problem("RFC7644-3.4.2-02", "totalResults, an integer of 0 or more", observed)


@rule("list-resources", "RFC7644-3.4.2-04", when=is_list)
def list_resources(exchange: Exchange, context: RuleContext) -> Iterator[Problem]:
    """Where there are results, Resources is an array that holds them."""
    resources = exchange.body.get("Resources")
    total = exchange.body.get("totalResults")
    if resources is None:
        if _number(total) and total > 0 and not _may_be_empty(exchange):
            yield Problem("RFC7644-3.4.2-04", "Resources, an array", f"no Resources, though totalResults is {total}")
    elif not isinstance(resources, list) or not all(isinstance(item, dict) for item in resources):
        yield Problem("RFC7644-3.4.2-04", "Resources, an array of resources", f"Resources {str(resources)[:120]}")


@rule("list-start-index", "RFC7644-3.4.2-05", when=_is_partial)
def list_start_index(exchange: Exchange, context: RuleContext) -> Iterator[Problem]:
    """A page tells where it begins."""
    if not _by_cursor(exchange) and not _number(exchange.body.get("startIndex")):
        yield Problem(
            "RFC7644-3.4.2-05",
            "startIndex, an integer, on a page of a longer result",
            f"startIndex {exchange.body.get('startIndex')!r}",
        )


@rule("list-items-per-page", "RFC7644-3.4.2-06", when=_is_partial)
def list_items_per_page(exchange: Exchange, context: RuleContext) -> Iterator[Problem]:
    """A page tells how many resources it has."""
    if not _number(exchange.body.get("itemsPerPage")):
        yield Problem(
            "RFC7644-3.4.2-06",
            "itemsPerPage, an integer, on a page of a longer result",
            f"itemsPerPage {exchange.body.get('itemsPerPage')!r}",
        )


def _has_resources(exchange: Exchange, context: RuleContext) -> bool:
    return is_list(exchange, context) and bool(exchange.resources)


@rule("list-always-returned", "RFC7644-3.4.2-12", when=_has_resources)
def list_always_returned(exchange: Exchange, context: RuleContext) -> Iterator[Problem]:
    """Each listed resource has what is always returned: its id."""
    for index, resource in enumerate(exchange.resources):
        if resource.get("id") in (None, ""):
            yield Problem("RFC7644-3.4.2-12", "an id in each element of Resources", f"none in Resources[{index}]")
            return
