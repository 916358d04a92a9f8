"""Deviations of error replies (RFC 7644 §3.12) and media types (§3.8)."""

from __future__ import annotations

from scimcheck.core.errors import ScimError
from scimcheck.core.http import Request
from scimcheck.core.json import JSONObject
from scimcheck.provider.app import Provider
from scimcheck.provider.context import Context, Reply
from scimcheck.provider.faults.registry import deviation, on_response, wrap

_ERRORS = range(400, 600)


@deviation("error-status-is-a-number", breaks=["RFC7644-3.12-03"], text="status in error bodies is a JSON number.")
def error_status_is_a_number(provider: Provider) -> None:
    wrap(provider, "error_body", lambda original, ctx, error: {**original(ctx, error), "status": error.status})


@deviation(
    "error-without-schemas",
    breaks=["RFC7644-3.12-02"],
    also=["RFC7644-3.1-02", "RFC7644-8.2-01"],
    text="Error bodies have no schemas.",
)
def error_without_schemas(provider: Provider) -> None:
    def body(original: object, ctx: Context, error: ScimError) -> JSONObject:
        return {name: value for name, value in error.body().items() if name != "schemas"}

    wrap(provider, "error_body", body)


@deviation(
    "error-body-is-html",
    breaks=["RFC7644-3.12-01"],
    also=["RFC7644-3.1-01", "RFC7644-3.2-08"],
    text="404 is answered with a web page.",
)
def error_body_is_html(provider: Provider) -> None:
    def page(request: Request, reply: Reply) -> None:
        reply.raw = b"<html><body><h1>Not found</h1></body></html>"
        reply.headers["Content-Type"] = "text/html"

    on_response(provider, page, status=404)


@deviation(
    "plain-json-always",
    breaks=["RFC7644-3.1-01"],
    also=["RFC7644-3.8-04", "RFC7644-8.1-01"],
    text="Every response is application/json.",
)
def plain_json_always(provider: Provider) -> None:
    def relabel(request: Request, reply: Reply) -> None:
        if "Content-Type" in reply.headers:
            reply.headers["Content-Type"] = "application/json"

    on_response(provider, relabel)
