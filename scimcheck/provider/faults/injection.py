"""Deviations of servers that take ids, operands and texts for more than that (RFC 7643 §9.2), and of their guards."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable
from typing import Any

from scimcheck.core.filter.ast import Filter
from scimcheck.core.http import Request
from scimcheck.core.json import JSON, JSONObject
from scimcheck.provider.app import Provider
from scimcheck.provider.context import Context, Reply
from scimcheck.provider.faults.editing import edit_written
from scimcheck.provider.faults.odd_input import crash_when
from scimcheck.provider.faults.registry import deviation, on_request, on_response, variant, wrap
from scimcheck.provider.store import Record

_UNKNOWN, _INJECTION = "RFC7644-3.4.1-02", "RFC7643-9.2-02"


def _find_more(provider: Provider, change: Callable[[Context, str], Record | None], *methods: str) -> None:
    """Let ``change`` find a resource for an id that none has."""

    def find(original: Any, ctx: Context, record_id: str) -> Record | None:
        record: Record | None = original(ctx, record_id)
        if record is None and ctx.method in methods:
            return change(ctx, record_id)
        return record

    wrap(provider, "find_record", find)


def _first(ctx: Context, test: Callable[[Record], bool]) -> Record | None:
    return next((record for record in ctx.store.snapshot(ctx.typed().name) if test(record)), None)


def _own(ctx: Context, record_id: str) -> Record | None:
    return _first(ctx, lambda record: record.id == record_id)


# ids ------------------------------------------------------------------------------------------------------------------


@deviation("ids-are-conditions", breaks=[_UNKNOWN], text="An id with a quoted condition finds some resource.")
def ids_are_conditions(provider: Provider) -> None:
    _find_more(provider, lambda ctx, wanted: _first(ctx, lambda _: "'1'='1" in wanted), "GET")


@deviation("ids-are-patterns", breaks=[_UNKNOWN], text="A percent sign in an id stands for any letters.")
def ids_are_patterns(provider: Provider) -> None:
    def find(ctx: Context, wanted: str) -> Record | None:
        pattern = ".*".join(map(re.escape, wanted.split("%")))
        return _first(ctx, lambda record: "%" in wanted and re.fullmatch(pattern, record.id) is not None)

    _find_more(provider, find, "GET")


@deviation("ids-end-at-nul-characters", breaks=[_UNKNOWN], text="An id ends where a NUL character stands.")
def ids_end_at_nul_characters(provider: Provider) -> None:
    _find_more(provider, lambda ctx, wanted: _own(ctx, wanted.partition("\0")[0]), "GET")


@deviation(
    "ids-end-with-their-digits",
    breaks=[_UNKNOWN],
    text="Letters that follow the digits of an id are passed over.",
    settings={"id_style": "integer"},
)
def ids_end_with_their_digits(provider: Provider) -> None:
    def find(ctx: Context, wanted: str) -> Record | None:
        digits = re.match(r"\d+(?=[a-z])", wanted)
        return _own(ctx, digits[0]) if digits else None

    _find_more(provider, find, "GET")


@deviation(
    "undecodable-ids-crash",
    breaks=[_UNKNOWN],
    also=["RFC7644-3.12-15"],
    text="An id that is no UTF-8 is answered with 500.",
)
def undecodable_ids_crash(provider: Provider) -> None:
    crash_when(provider, lambda request: "\ufffd" in request.path)


@deviation(
    "long-ids-crash",
    breaks=[_UNKNOWN],
    also=["RFC7644-3.12-15"],
    text="An id of more than 2,000 letters is answered with 500.",
)
def long_ids_crash(provider: Provider) -> None:
    crash_when(provider, lambda request: len(request.path) > 2000)


@deviation("other-types-are-deleted", breaks=["RFC7644-3.12-11"], text="DELETE below /Groups deletes users as well.")
def other_types_are_deleted(provider: Provider) -> None:
    _find_more(provider, lambda ctx, wanted: ctx.store.find(wanted), "DELETE")


@deviation("line-ends-split-headers", breaks=[_INJECTION], text="Line ends in an id begin a header of their own.")
def line_ends_split_headers(provider: Provider) -> None:
    def split(request: Request, reply: Reply) -> None:
        found = re.search(r"\r\n([\w-]+): *([^\r\n]*)", request.path)
        if found:
            reply.headers[found[1]] = found[2]

    on_response(provider, split)


@deviation(
    "unknown-ids-shown-in-pages",
    breaks=[_INJECTION],
    also=["RFC7644-3.12-01", "RFC7644-3.1-01", "RFC7644-3.2-08"],
    text="404 for a resource is a web page that repeats the id as it was sent.",
)
def unknown_ids_shown_in_pages(provider: Provider) -> None:
    def page(request: Request, reply: Reply) -> None:
        if reply.context.target:
            reply.raw = f"<html><body>No {request.path}</body></html>".encode("utf-8", "replace")
            reply.headers["Content-Type"] = "text/html"

    on_response(provider, page, status=404, method="GET", endpoint=("/Users", "/Groups"))


# texts and operands ---------------------------------------------------------------------------------------------------


@deviation("texts-end-at-nul-characters", breaks=[_INJECTION], text="A text is stored up to its first NUL character.")
def texts_end_at_nul_characters(provider: Provider) -> None:
    def cut(ctx: Context, attributes: JSONObject, body: JSONObject) -> None:
        attributes.update({name: _until_nul(value) for name, value in attributes.items()})

    edit_written(provider, cut)


def _until_nul(value: JSON) -> JSON:
    return value.partition("\0")[0] if isinstance(value, str) else value


@deviation(
    "nul-characters-crash",
    breaks=[_INJECTION],
    also=["RFC7644-3.12-15"],
    text="A NUL character in a text is answered with 500.",
)
def nul_characters_crash(provider: Provider) -> None:
    crash_when(provider, lambda request: rb"\u0000" in request.body, "POST")


@deviation(
    "operands-end-at-nul-characters",
    breaks=[_INJECTION],
    text="An operand of a filter is compared up to its first NUL character.",
)
def operands_end_at_nul_characters(provider: Provider) -> None:
    def parse(original: Any, ctx: Context, text: str) -> Filter:
        found: Filter = original(ctx, re.sub(r'\\u0000[^"]*"', '"', text))
        return found

    wrap(provider, "parse_filter", parse)


@deviation(
    "nul-characters-in-filters-crash",
    breaks=[_INJECTION],
    also=["RFC7644-3.12-15"],
    text="A NUL character in a filter is answered with 500.",
)
def nul_characters_in_filters_crash(provider: Provider) -> None:
    crash_when(provider, lambda request: "%00" in request.query, "GET")


@deviation(
    "value-filters-are-statements",
    breaks=["RFC7644-3.5.2.2-04"],
    text="A removal whose value filter holds a quoted condition removes every value.",
)
def value_filters_are_statements(provider: Provider) -> None:
    _select_all(provider, lambda path: "'1'='1" in path)


@deviation(
    "value-filters-are-patterns",
    breaks=["RFC7644-3.5.2.2-04"],
    text="A percent sign as operand of a removal's value filter stands for any text.",
)
def value_filters_are_patterns(provider: Provider) -> None:
    _select_all(provider, lambda path: '"%"' in path)


def _select_all(provider: Provider, test: Callable[[str], bool]) -> None:
    """Let removals lose their value filter when ``test`` is true of the path."""

    def parse(original: Any, ctx: Context, body: JSON) -> Any:
        if isinstance(body, dict) and isinstance(body.get("Operations"), list):
            body = {**body, "Operations": [_widened(item, test) for item in body["Operations"]]}
        return original(ctx, body)

    wrap(provider, "parse_patch", parse)


def _widened(item: Any, test: Callable[[str], bool]) -> Any:
    if isinstance(item, dict) and item.get("op") == "remove" and test(str(item.get("path"))):
        return {**item, "path": str(item["path"]).partition("[")[0]}
    return item


# legal choices --------------------------------------------------------------------------------------------------------

#: What firewalls take for an attack.
_ATTACK = re.compile(
    r"'1'='1|<script|\.\./|%00|\x00|'; |\)\(|\{\{|\$ne|etc/passwd|%0d%0a|\r\n|__proto__", re.IGNORECASE
)


@variant(
    "attacks-met-by-a-firewall",
    reading="RFC7644-3.12-01",
    text="A firewall answers what looks like an attack with 403 and a page of its own.",
)
def attacks_met_by_a_firewall(provider: Provider) -> None:
    def page(request: Request, reply: Reply) -> None:
        reply.status, reply.raw = 403, b"<html><body>Request blocked</body></html>"
        reply.headers["Content-Type"] = "text/html"

    def hide(request: Request) -> Request | None:
        texts = (request.path, request.query, request.body.decode("utf-8", "replace"))
        if any(_ATTACK.search(text) for text in texts):
            return dataclasses.replace(request, method="GET", path="/Blocked", query="", body=b"")
        return None

    on_request(provider, hide)
    on_response(provider, page, endpoint="/Blocked")


@variant(
    "odd-addresses-refused-in-front",
    reading="RFC7644-3.12-01",
    text="A server in front answers addresses that are long or hold odd escapes with 400 and a page of its own.",
)
def odd_addresses_refused_in_front(provider: Provider) -> None:
    odd = re.compile(r"%(?![0-9A-Fa-f]{2})|%[01]|%ff|%c3%28|%c0", re.IGNORECASE)

    def page(request: Request, reply: Reply) -> None:
        strange = re.search("[\\x00-\\x1f\ufffd;\\\\]|//|\\.\\.", request.path)
        if strange or odd.search(request.query) or len(request.path) + len(request.query) > 2500:
            reply.status, reply.raw = 400, b"<html><body>Bad Request - Invalid URL</body></html>"
            reply.headers["Content-Type"] = "text/html"

    on_response(provider, page)


@variant("nul-characters-left-out", reading=_INJECTION, text="NUL characters in texts are left out.")
def nul_characters_left_out(provider: Provider) -> None:
    def clean(ctx: Context, attributes: JSONObject, body: JSONObject) -> None:
        for name, value in attributes.items():
            attributes[name] = value.replace("\0", "") if isinstance(value, str) else value

    edit_written(provider, clean)
