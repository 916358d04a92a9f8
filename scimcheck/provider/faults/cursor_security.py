"""Deviations of what cursors open and tell, and of what is said of pagination (RFC 9865 §2.4, §4, §5)."""

from __future__ import annotations

import dataclasses
import itertools
from typing import Any

from scimcheck.core.json import JSONObject
from scimcheck.provider.app import Provider
from scimcheck.provider.context import Context
from scimcheck.provider.faults.registry import deviation, on_response, wrap
from scimcheck.provider.tokens import MAIN_TOKEN, Token, find_token

_ON = {"cursor_supported": True}


def _config(provider: Provider, **changes: Any) -> None:
    """Say something else of pagination."""

    def change(request: Any, reply: Any) -> None:
        said: JSONObject = reply.body.setdefault("pagination", {})
        said.update(changes)

    on_response(provider, change, method="GET", endpoint="/ServiceProviderConfig", status=200)


@deviation("cursor-opens-by-itself", breaks=["RFC9865-5.2-02"], settings=_ON, text="A cursor needs no credentials.")
def cursor_opens_by_itself(provider: Provider) -> None:
    def authenticate(original: Any, ctx: Context) -> Token | None:
        with_cursor = "cursor=" in ctx.request.query and not ctx.request.query.startswith("cursor=&")
        main = find_token(ctx.settings.tokens, MAIN_TOKEN)
        token: Token | None = main if with_cursor else original(ctx)
        return token

    wrap(provider, "authenticate", authenticate)


@deviation("cursors-are-numbers", breaks=["RFC9865-5.2-04"], settings=_ON, text="Cursors are plain numbers.")
def cursors_are_numbers(provider: Provider) -> None:
    known: dict[str, str] = {}
    numbers = itertools.count(1)

    def parse(original: Any, ctx: Context) -> Any:
        query = original(ctx)
        return dataclasses.replace(query, cursor=known.get(query.cursor, query.cursor)) if query.cursor else query

    def show(request: Any, reply: Any) -> None:
        for name in ("nextCursor", "previousCursor"):
            if isinstance(reply.body, dict) and reply.body.get(name):
                number = str(next(numbers))
                known[number] = reply.body[name]
                reply.body[name] = number

    wrap(provider, "parse_query", parse)
    on_response(provider, show, method="GET", status=200)


@deviation("cursor-error-with-internals", breaks=["RFC9865-5.2-06"], also=["RFC7643-9.2-02"], settings=_ON,
           text="A cursor that was never given out shows a stack trace.")  # fmt: skip
def cursor_error_with_internals(provider: Provider) -> None:
    def change(request: Any, reply: Any) -> None:
        if "cursor=scimcheck-none" in request.query:
            reply.body["detail"] = "Traceback (most recent call last): KeyError"

    on_response(provider, change, method="GET", status=400)


@deviation(
    "pagination-default-untrue", breaks=["RFC9865-4-04"], settings=_ON, text="The default method is a third one."
)
def pagination_default_untrue(provider: Provider) -> None:
    _config(provider, defaultPaginationMethod="offset")


@deviation("page-size-untrue", breaks=["RFC9865-4-05"], settings=_ON, text="The default page size is announced as 0.")
def page_size_untrue(provider: Provider) -> None:
    _config(provider, defaultPageSize=0)


@deviation("largest-page-untrue", breaks=["RFC9865-4-06"], settings=_ON, text="The largest page is announced as -1.")
def largest_page_untrue(provider: Provider) -> None:
    _config(provider, maxPageSize=-1)


@deviation("cursor-timeout-as-text", breaks=["RFC9865-4-07"], settings=_ON, text="cursorTimeout is a text.")
def cursor_timeout_as_text(provider: Provider) -> None:
    _config(provider, cursorTimeout="600")


@deviation("pagination-method-changes", breaks=["RFC9865-2.4-01"], also=["RFC9865-4-04"], settings=_ON,
           text="Every other plain query is paged by cursor.")  # fmt: skip
def pagination_method_changes(provider: Provider) -> None:
    turns = itertools.count()

    def change(request: Any, reply: Any) -> None:
        plain = "startIndex" not in request.query and "cursor" not in request.query
        if isinstance(reply.body, dict) and "totalResults" in reply.body and plain and next(turns) % 2:
            reply.body["nextCursor"] = "another-page"

    on_response(provider, change, method="GET", endpoint="/Users", status=200)


@deviation("cursor-of-any-query", breaks=["RFC9865-2.1-05"], also=["RFC7644-3.2-09"], settings=_ON,
           text="A cursor with another filter yields resources of neither query.")  # fmt: skip
def cursor_of_any_query(provider: Provider) -> None:
    def change(request: Any, reply: Any) -> None:
        if "cursor=" in request.query and "scimcheck-none" in request.query and "filter" in request.query:
            shown = dict(reply.body or {})
            reply.status = 200
            shown.update(Resources=[{"id": "other", "schemas": [], "userName": "other"}], totalResults=1)
            reply.body = shown

    on_response(provider, change, method="GET", endpoint="/Users")
