"""Deviations of error replies: their form, and which status tells which fault (RFC 7644 §3.2, §3.12)."""

from __future__ import annotations

from typing import Any

from scimcheck.core.errors import InvalidSyntax, ScimError, Uniqueness
from scimcheck.core.http import Request
from scimcheck.core.json import JSON, JSONObject
from scimcheck.core.urns import LIST_RESPONSE
from scimcheck.provider.app import Provider
from scimcheck.provider.context import Context, Reply
from scimcheck.provider.faults.registry import deviation, on_response, variant, wrap

_ERRORS = range(400, 600)

# --- the form ---------------------------------------------------------------------------------------------------------


#: What 400 has to say in its body, clause by clause: none of it is there when the body is no SCIM error.
_SAID_IN_BODIES = (
    "ENTRA-2.2-06",
    "ENTRA-3.2-22",
    "ENTRA-3.2-54",
    "RFC7644-3.12-17",
    "RFC7644-3.12-20",
    "RFC7644-3.12-21",
    "RFC7644-3.12-22",
    "RFC7644-3.12-23",
    "RFC7644-3.12-24",
    "RFC7644-3.4.2.2-08",
    "RFC7644-3.4.2.2-09",
    "RFC7644-3.4.2.2-24",
    "RFC7644-3.4.2.2-33",
    "RFC7644-3.4.2.2-43",
    "RFC7644-3.4.2.2-44",
    "RFC7644-3.4.3-02",
    "RFC7644-3.4.3-13",
    "RFC7644-3.5.1-09",
    "RFC7644-3.5.2-07",
    "RFC7644-3.5.2-21",
    "RFC7644-3.5.2.2-01",
    "RFC7644-3.5.2.2-08",
    "RFC7644-3.5.2.3-09",
)


@deviation("error-status-is-a-number", breaks=["RFC7644-3.12-03"], text="status in error bodies is a JSON number.")
def error_status_is_a_number(provider: Provider) -> None:
    wrap(provider, "error_body", lambda original, ctx, error: {**original(ctx, error), "status": error.status})


@deviation(
    "error-status-is-another",
    breaks=["RFC7644-3.12-04", "RFC7644-3.2-10"],
    text="status in error bodies is always 400.",
)
def error_status_is_another(provider: Provider) -> None:
    wrap(provider, "error_body", lambda original, ctx, error: {**original(ctx, error), "status": "400"})


@deviation(
    "error-without-status",
    breaks=["RFC7644-3.2-10", "RFC7644-3.12-03"],
    text="Error bodies have no status.",
)
def error_without_status(provider: Provider) -> None:
    _without(provider, "status")


@deviation(
    "error-without-schemas",
    breaks=["RFC7644-3.12-02"],
    also=["RFC7644-3.12-01", "RFC7644-3.7-12", "RFC7644-3.1-02", "RFC7644-8.2-01"],
    text="Error bodies have no schemas.",
)
def error_without_schemas(provider: Provider) -> None:
    _without(provider, "schemas")


def _without(provider: Provider, member: str) -> None:
    def body(original: Any, ctx: Context, error: ScimError) -> JSONObject:
        return {name: value for name, value in error.body().items() if name != member}

    wrap(provider, "error_body", body)


@deviation(
    "error-of-version-one",
    breaks=["RFC7644-3.12-02"],
    also=["RFC7644-3.12-01", "RFC7644-3.7-12", "RFC7644-3.1-02", "RFC7644-8.2-01"],
    text="Error bodies have the form of SCIM 1.1 within schemas of their own.",
)
def error_of_version_one(provider: Provider) -> None:
    wrap(
        provider,
        "error_body",
        lambda original, ctx, error: {**original(ctx, error), "schemas": ["urn:scim:schemas:core:1.0:Error"]},
    )


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
    "error-body-is-text",
    breaks=["RFC7644-3.2-08"],
    also=[*_SAID_IN_BODIES, "RFC7644-3.12-01"],
    text="400 has a text as body that is labelled as SCIM and is no JSON.",
)
def error_body_is_text(provider: Provider) -> None:
    def text(request: Request, reply: Reply) -> None:
        reply.raw = b"Bad request"

    on_response(provider, text, status=400)


@deviation(
    "error-without-body",
    breaks=["RFC7644-3.12-01"],
    also=[*_SAID_IN_BODIES],
    text="400 has no body.",
)
def error_without_body(provider: Provider) -> None:
    def empty(request: Request, reply: Reply) -> None:
        reply.body = None
        reply.headers.pop("Content-Type", None)

    on_response(provider, empty, status=400)


@deviation("refused-method-without-body", breaks=["RFC7644-3.12-01"], text="405 has no body.")
def refused_method_without_body(provider: Provider) -> None:
    def empty(request: Request, reply: Reply) -> None:
        reply.body = None
        reply.headers.pop("Content-Type", None)

    on_response(provider, empty, status=405)


@deviation("scim-type-of-ones-own", breaks=["RFC7644-3.12-05"], text="404 has a scimType of the vendor's own.")
def scim_type_of_ones_own(provider: Provider) -> None:
    on_response(provider, lambda request, reply: reply.body.update(scimType="resourceNotFound"), status=404)


@deviation(
    "error-detail-is-an-array",
    breaks=["RFC7644-3.12-06"],
    also=["ENTRA-2.2-06", "ENTRA-4.7-02", "RFC7644-3.4.2.2-44"],
    text="detail is an array of texts.",
)
def error_detail_is_an_array(provider: Provider) -> None:
    wrap(provider, "error_body", lambda original, ctx, error: {**original(ctx, error), "detail": [error.detail]})


@deviation("stack-trace-shown", breaks=["RFC7643-9.2-02"], text="404 shows a stack trace.")
def stack_trace_shown(provider: Provider) -> None:
    trace = 'Traceback (most recent call last):\n  File "/srv/scim/store.py", line 42, in find\nKeyError'
    on_response(provider, lambda request, reply: reply.body.update(detail=trace), status=404)


@deviation(
    "errors-with-status-200",
    breaks=["RFC7644-3.2-09"],
    also=[
        "RFC7644-3.4.3-02",
        "RFC7644-3.4.3-13",
        "RFC7644-3.5.2-02",
        "RFC7644-3.5.2-03",
        "RFC7644-3.5.2-04",
        "RFC7644-3.5.2-05",
        "RFC7644-3.7-03",
        "RFC7644-3.7-15",
        "RFC7644-3.12-08",
        "RFC7644-3.12-21",
        "RFC7644-3.3-13",
    ],
    text="Malformed requests are answered with status 200 and an error as body.",
)
def errors_with_status_200(provider: Provider) -> None:
    def relabel(request: Request, reply: Reply) -> None:
        if isinstance(reply.body, dict) and reply.body.get("scimType") == "invalidSyntax":
            reply.status = 200

    on_response(provider, relabel, status=400)


@deviation(
    "list-without-message-urn",
    breaks=["RFC7644-3.1-02", "RFC7644-8.2-01"],
    also=[
        "ENTRA-1.2-02",
        "ENTRA-1.2-03",
        "ENTRA-1.2-04",
        "ENTRA-1.2-05",
        "ENTRA-2.2-03",
        "ENTRA-2.7-01",
        "ENTRA-1.2-06",
        "RFC7644-3.4.2-02",
        "RFC7644-3.4.2-01",
        "RFC7644-3.4.3-03",
    ],
    text="Lists have the URN of a schema instead of that of a message.",
)
def list_without_message_urn(provider: Provider) -> None:
    _list_urn(provider, "urn:ietf:params:scim:schemas:core:2.0:ListResponse")


@deviation(
    "list-with-another-urn",
    breaks=["RFC7644-8.2-01"],
    also=[
        "ENTRA-1.2-02",
        "ENTRA-1.2-03",
        "ENTRA-1.2-04",
        "ENTRA-1.2-05",
        "ENTRA-2.2-03",
        "ENTRA-2.7-01",
        "ENTRA-1.2-06",
        "RFC7644-3.4.2-02",
        "RFC7644-3.4.2-01",
        "RFC7644-3.4.3-03",
    ],
    text="Lists have a message URN that is not registered.",
)
def list_with_another_urn(provider: Provider) -> None:
    _list_urn(provider, "urn:ietf:params:scim:api:messages:2.0:Listing")


def _list_urn(provider: Provider, urn: str) -> None:
    def relabel(request: Request, reply: Reply) -> None:
        if isinstance(reply.body, dict) and reply.body.get("schemas") == [LIST_RESPONSE]:
            reply.body["schemas"] = [urn]

    on_response(provider, relabel, status=200)


# --- the status -------------------------------------------------------------------------------------------------------


def _restatus(provider: Provider, status: int, before: int, endpoint: str | tuple[str, ...] | None = None) -> None:
    """Give replies another status, in the body as well."""

    def relabel(request: Request, reply: Reply) -> None:
        reply.status = status
        if isinstance(reply.body, dict):
            reply.body["status"] = str(status)

    on_response(provider, relabel, status=before, endpoint=endpoint)


@deviation(
    "malformed-json-422",
    breaks=["RFC7644-3.12-08", "RFC7644-3.12-21"],
    also=["RFC7644-3.3-13", "RFC7644-3.7-03", "RFC7644-3.5.2-08"],
    text="JSON that cannot be read is answered with 422.",
)
def malformed_json_422(provider: Provider) -> None:
    def read(original: Any, ctx: Context) -> JSON:
        try:
            body: JSON = original(ctx)
        except InvalidSyntax as error:
            raise ScimError(error.detail, status=422, scim_type="invalidSyntax") from error
        return body

    wrap(provider, "read_body", read)


@deviation(
    "malformed-json-without-keyword",
    breaks=["RFC7644-3.12-21"],
    also=["RFC7644-3.4.3-13"],
    text="JSON that cannot be read is answered without scimType.",
)
def malformed_json_without_keyword(provider: Provider) -> None:
    def read(original: Any, ctx: Context) -> JSON:
        try:
            body: JSON = original(ctx)
        except InvalidSyntax as error:
            raise ScimError(error.detail) from error
        return body

    wrap(provider, "read_body", read)


@deviation(
    "crash-on-bytes",
    breaks=["RFC7644-3.12-08", "RFC7644-3.12-15"],
    text="A body that is not UTF-8 is answered with 500.",
)
def crash_on_bytes(provider: Provider) -> None:
    def read(original: Any, ctx: Context) -> JSON:
        try:
            ctx.request.body.decode("utf-8")
        except UnicodeDecodeError as error:
            raise ScimError("internal error", status=500) from error
        body: JSON = original(ctx)
        return body

    wrap(provider, "read_body", read)


@deviation(
    "unknown-endpoint-400", breaks=["RFC7644-3.12-11"], text="An endpoint that does not exist is answered with 400."
)
def unknown_endpoint_400(provider: Provider) -> None:
    def relabel(request: Request, reply: Reply) -> None:
        if reply.context.shape is None and reply.context.target is None:
            reply.status = 400
            reply.body["status"] = "400"

    on_response(provider, relabel, status=404)


@deviation(
    "duplicates-422",
    breaks=["RFC7644-3.12-12", "RFC7644-3.12-19"],
    also=[
        "ENTRA-2.2-12",
        "ENTRA-2.2-13",
        "ENTRA-2.2-14",
        "RFC7644-3.3-09",
        "RFC7643-4.1.1-03",
        "RFC7644-3.5.1-11",
        "RFC7644-3.5.2-25",
        "RFC7643-7-38",
        "RFC7643-7-40",
    ],
    text="Names in use are answered with 422.",
)
def duplicates_422(provider: Provider) -> None:
    _restatus(provider, 422, 409)


@deviation(
    "duplicates-without-keyword",
    breaks=["RFC7644-3.12-19"],
    also=["RFC7644-3.3-09", "RFC7644-3.5.1-11", "RFC7644-3.5.2-25", "RFC7643-7-40"],
    text="Names in use are answered without scimType.",
)
def duplicates_without_keyword(provider: Provider) -> None:
    def forget(original: Any, ctx: Context, error: ScimError) -> JSONObject:
        body: JSONObject = original(ctx, error)
        if isinstance(error, Uniqueness):
            body.pop("scimType", None)
        return body

    wrap(provider, "error_body", forget)


@deviation(
    "outdated-version-400",
    breaks=["RFC7644-3.12-13"],
    also=[
        "RFC7644-3.14-06",
        "RFC9110-15.5.13-01",
        "RFC9110-13.1.2-04",
        "RFC9110-13.1.1-01",
        "RFC9110-13.2.2-01",
        "RFC9110-13.1.1-04",
        "RFC7644-3.7-08",
    ],
    text="An outdated version is answered with 400.",
)
def outdated_version_400(provider: Provider) -> None:
    _restatus(provider, 400, 412)


@deviation(
    "too-many-operations-400",
    breaks=["RFC7644-3.12-14"],
    also=["RFC7644-3.7.4-01", "RFC7644-3.7.4-02", "RFC7644-3.7.4-03", "RFC7644-3.7.4-04"],
    text="A bulk request that is too large is answered with 400.",
)
def too_many_operations_400(provider: Provider) -> None:
    _restatus(provider, 400, 413, "/Bulk")


@deviation(
    "unsupported-operation-400",
    breaks=["RFC7644-3.12-16"],
    also=["RFC7644-3.11-01"],
    text="/Me is not supported, which is answered with 400.",
    settings={"me_supported": False},
)
def unsupported_operation_400(provider: Provider) -> None:
    _restatus(provider, 400, 501, "/Me")


@deviation(
    "redirect-changes-the-method",
    breaks=["RFC7644-3.12-07"],
    also=["ENTRA-8.3-01"],
    text="/Users/ redirects to /Users with 302.",
)
def redirect_changes_the_method(provider: Provider) -> None:
    _redirect(provider, 302)


def _redirect(provider: Provider, status: int) -> None:
    def lead(request: Request, reply: Reply) -> None:
        if request.path.endswith("/"):
            reply.status, reply.body = status, None
            reply.headers["Location"] = provider.url(request.path.rstrip("/"))
            reply.headers.pop("Content-Type", None)

    on_response(provider, lead, endpoint=("/Users", "/Groups"))


# --- legal choices ----------------------------------------------------------------------------------------------------


@variant(
    "errors-without-detail",
    reading="RFC7644-3.12-06",
    text="Errors say nothing but what they have to; there is no bulk, which has to say more.",
    settings={"bulk_supported": False},
)
def errors_without_detail(provider: Provider) -> None:
    _without(provider, "detail")


@variant("errors-without-keyword", reading="RFC7644-3.12-21", text="Malformed bodies and types have no scimType.")
def errors_without_keyword(provider: Provider) -> None:
    def forget(original: Any, ctx: Context, error: ScimError) -> JSONObject:
        body: JSONObject = original(ctx, error)
        if isinstance(error, InvalidSyntax):
            body.pop("scimType", None)
        return body

    wrap(provider, "error_body", forget)


@variant("gateway-answers-for-size", reading="RFC7644-3.12-01", text="A gateway answers 413 with a page of its own.")
def gateway_answers_for_size(provider: Provider) -> None:
    def page(request: Request, reply: Reply) -> None:
        reply.raw = b"<html><body>Request Entity Too Large</body></html>"
        reply.headers["Content-Type"] = "text/html"

    on_response(provider, page, status=413)


@variant("trailing-slash-redirects", reading="RFC7644-3.12-07", text="/Users/ redirects to /Users with 308.")
def trailing_slash_redirects(provider: Provider) -> None:
    _redirect(provider, 308)
