"""Deviations of media types, methods and header fields (RFC 7644 §3.2, §3.8, §3.13; RFC 9110)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from scimcheck.core.errors import ScimError
from scimcheck.core.http import Request, Response
from scimcheck.core.urns import MEDIA_TYPE
from scimcheck.provider.app import Provider
from scimcheck.provider.context import Context, Reply
from scimcheck.provider.faults.registry import (
    change_settings,
    deviation,
    on_request,
    on_resource,
    on_response,
    variant,
    wrap,
)

_RESOURCES = ("/Users", "/Groups")


def _finished(provider: Provider, change: Callable[[Request, Response], Response]) -> None:
    """Let ``change`` replace responses after they were serialised."""
    handle = provider.handle
    vars(provider)["handle"] = lambda request: change(request, handle(request))


def _relabel(provider: Provider, media_type: str) -> None:
    def relabel(request: Request, reply: Reply) -> None:
        if "Content-Type" in reply.headers:
            reply.headers["Content-Type"] = media_type

    on_response(provider, relabel)


def _refuse_accept(provider: Provider, refused: Callable[[str | None], bool]) -> None:
    def negotiate(original: Any, ctx: Context) -> str:
        if refused(ctx.header("accept")):
            raise ScimError("that format is not offered", status=406)
        media_type: str = original(ctx)
        return media_type

    wrap(provider, "negotiate", negotiate)


def _refuse_content(provider: Provider, refused: Callable[[str], bool], status: int = 415) -> None:
    def read(original: Any, ctx: Context) -> Any:
        if refused(ctx.header("content-type") or ""):
            raise ScimError("that format is not understood", status=status)
        return original(ctx)

    wrap(provider, "read_body", read)


# --- media types ------------------------------------------------------------------------------------------------------


@deviation(
    "plain-json-always",
    breaks=["RFC7644-3.1-01"],
    also=["RFC7644-3.8-02", "RFC7644-3.8-04", "RFC7644-8.1-01", "ENTRA-1.3-01"],
    text="Every response is application/json.",
)
def plain_json_always(provider: Provider) -> None:
    _relabel(provider, "application/json")


@deviation(
    "text-always",
    breaks=["RFC7644-3.1-01", "RFC7644-3.8-02", "RFC7644-3.8-04", "ENTRA-1.3-01"],
    also=["RFC7644-3.8-03", "RFC9110-12.5.1-01"],
    text="Every response is text/plain.",
)
def text_always(provider: Provider) -> None:
    _relabel(provider, "text/plain; charset=utf-8")


@deviation("media-type-with-version", breaks=["RFC7644-8.1-01"], text="The media type has a parameter version.")
def media_type_with_version(provider: Provider) -> None:
    _relabel(provider, f"{MEDIA_TYPE}; version=2.0")


@deviation(
    "without-media-type",
    breaks=["RFC9110-8.3-01"],
    also=["RFC7644-3.1-01", "RFC7644-3.8-02", "RFC7644-3.8-03", "RFC7644-3.8-04", "RFC9110-12.5.1-01", "ENTRA-1.3-01"],
    text="Responses have no Content-Type.",
)
def without_media_type(provider: Provider) -> None:
    on_response(provider, lambda request, reply: reply.headers.pop("Content-Type", None))


@deviation("plain-json-refused", breaks=["RFC7644-3.8-03"], text="Accept: application/json is answered with 406.")
def plain_json_refused(provider: Provider) -> None:
    _refuse_accept(provider, lambda accept: accept == "application/json")


@deviation("scim-json-refused", breaks=["RFC7644-3.8-02"], text="Accept: application/scim+json is answered with 406.")
def scim_json_refused(provider: Provider) -> None:
    _refuse_accept(provider, lambda accept: accept == MEDIA_TYPE)


@deviation(
    "accept-header-demanded",
    breaks=["RFC9110-12.4.1-01", "RFC7644-3.8-04"],
    also=["ENTRA-1.3-03"],
    text="A request without Accept is answered with 406.",
)
def accept_demanded(provider: Provider) -> None:
    _refuse_accept(provider, lambda accept: accept is None)


@deviation(
    "wildcards-refused",
    breaks=["RFC9110-12.5.1-01"],
    also=["ENTRA-1.3-03", "RFC7644-3.8-04"],
    text="Accept with a wildcard is answered with 406.",
)
def wildcards_refused(provider: Provider) -> None:
    _refuse_accept(provider, lambda accept: "*" in (accept or ""))


@deviation(
    "charset-refused",
    breaks=["RFC7644-3.8-06"],
    also=["ENTRA-1.3-02", "RFC9110-8.3.1-01"],
    text="Content-Type may have no charset.",
)
def charset_refused(provider: Provider) -> None:
    _refuse_content(provider, lambda label: "charset" in label.lower())


@deviation("media-type-case-exact", breaks=["RFC9110-8.3.1-01"], text="Content-Type is compared with case.")
def media_type_case_exact(provider: Provider) -> None:
    _refuse_content(provider, lambda label: label.split(";")[0] != label.split(";")[0].lower())


@deviation("foreign-content-404", breaks=["RFC9110-15.5.16-01"], text="Content of another type is answered with 404.")
def foreign_content_404(provider: Provider) -> None:
    _refuse_content(provider, lambda label: "json" not in label.lower(), 404)


@deviation(
    "latin-1-served",
    breaks=["RFC7644-3.8-01"],
    also=[
        "ENTRA-2.2-04",
        "ENTRA-2.2-08",
        "RFC7644-3.4.2.2-34",
        "RFC7644-3.5.2.3-02",
        "RFC7644-3.2-08",
        "RFC7643-2.3.1-01",
        "RFC7643-4.1.1-05",
    ],
    text="Letters beyond ASCII become question marks.",
)
def latin_1_served(provider: Provider) -> None:
    def serialise(original: Any, ctx: Context, value: Any) -> bytes:
        text: bytes = original(ctx, value)
        return text.decode("utf-8").encode("ascii", "replace")

    wrap(provider, "serialise", serialise)


@deviation(
    "suffix-crashes",
    breaks=["RFC7644-3.8-07"],
    also=["RFC7644-3.12-15"],
    text="An address with .scim at its end is answered with 500.",
)
def suffix_crashes(provider: Provider) -> None:
    def crash(request: Request, reply: Reply) -> None:
        if request.path.endswith(".scim"):
            reply.status, reply.body = 500, ScimError("internal error", status=500).body()

    on_response(provider, crash)


@deviation(
    "single-address-as-object",
    breaks=["RFC7644-3.8-08"],
    also=["RFC7643-2.4-01", "RFC7643-4.1.2-01", "RFC7644-3.1-04", "RFC7643-2.4-02"],
    text="Arrays of ims are shown as their first element.",
)
def single_address_as_object(provider: Provider) -> None:
    def unwrap(resource: dict[str, Any], stored: dict[str, Any]) -> None:
        if isinstance(resource.get("ims"), list) and resource["ims"]:
            resource["ims"] = resource["ims"][0]

    on_resource(provider, unwrap)


# --- methods and header fields ----------------------------------------------------------------------------------------


@deviation(
    "collection-can-be-replaced",
    breaks=["RFC7644-3.2-07", "RFC9110-9.1-03"],
    text="PUT on a collection answers 200 and does nothing.",
)
def collection_can_be_replaced(provider: Provider) -> None:
    def succeed(request: Request, reply: Reply) -> None:
        reply.status, reply.body = 200, {}

    on_response(provider, succeed, method="PUT", endpoint=_RESOURCES, status=405)


@deviation("refused-method-400", breaks=["RFC9110-9.1-03"], text="Methods that are not offered are answered with 400.")
def refused_method_400(provider: Provider) -> None:
    def relabel(request: Request, reply: Reply) -> None:
        reply.status = 400
        reply.body["status"] = "400"

    on_response(provider, relabel, status=405)


@deviation("unknown-method-as-get", breaks=["RFC9110-9.1-02"], text="An unknown method is carried out as GET.")
def unknown_method_as_get(provider: Provider) -> None:
    def replace(request: Request) -> Request | None:
        if request.method.upper() == "SCIMCHECK":
            return Request("GET", request.path, request.query, request.headers)
        return None

    on_request(provider, replace)


@deviation("without-allow", breaks=["RFC9110-10.2.1-01"], text="405 has no Allow.")
def without_allow(provider: Provider) -> None:
    on_response(provider, lambda request, reply: reply.headers.pop("Allow", None), status=405)


@deviation("allow-names-the-refused", breaks=["RFC9110-10.2.1-01"], text="Allow of a 405 names every method.")
def allow_names_the_refused(provider: Provider) -> None:
    every = "GET, POST, PUT, PATCH, DELETE"
    on_response(provider, lambda request, reply: reply.headers.update(Allow=every), status=405)


@deviation(
    "location-quoted",
    breaks=["RFC9110-10.2.2-01"],
    also=["RFC7644-3.3-03", "RFC7644-3.3-04", "RFC7644-1.2-01"],
    text="Location has quotation marks.",
)
def location_quoted(provider: Provider) -> None:
    def quote(request: Request, reply: Reply) -> None:
        if "Location" in reply.headers:
            reply.headers["Location"] = f'"{reply.headers["Location"]}"'

    on_response(provider, quote, method="POST", status=201)


@deviation("length-of-nothing", breaks=["RFC9110-8.6-01"], text="204 has a Content-Length of 2.")
def length_of_nothing(provider: Provider) -> None:
    on_response(provider, lambda request, reply: reply.headers.update({"Content-Length": "2"}), status=204)


@deviation(
    "content-of-nothing",
    breaks=["RFC9110-15.3.5-01"],
    also=["ENTRA-2.1-07", "RFC7644-3.5.2-22", "RFC9110-8.6-01", "RFC7644-3.6-01", "ENTRA-1.3-01"],
    text="204 has content.",
)
def content_of_nothing(provider: Provider) -> None:
    def fill(request: Request, response: Response) -> Response:
        return Response(204, response.headers, b"{}") if response.status == 204 else response

    _finished(provider, fill)


@deviation(
    "content-location-elsewhere",
    breaks=["RFC9110-8.7-01"],
    also=["RFC7643-3.1-26"],
    text="Content-Location leads nowhere.",
)
def content_location_elsewhere(provider: Provider) -> None:
    change_settings(provider, content_location=True)

    def mislead(request: Request, reply: Reply) -> None:
        if "Content-Location" in reply.headers:
            reply.headers["Content-Location"] += "-gone"

    on_response(provider, mislead)


@deviation(
    "head-crashes", breaks=["RFC9110-9.1-01"], also=["RFC7644-3.12-15", "RFC9110-9.3.2-02"], text="HEAD answers 500."
)
def head_crashes(provider: Provider) -> None:
    on_response(provider, lambda request, reply: setattr(reply, "status", 500), method="HEAD")


@deviation("head-without-type", breaks=["RFC9110-9.3.2-02"], text="HEAD has no Content-Type.")
def head_without_type(provider: Provider) -> None:
    on_response(provider, lambda request, reply: reply.headers.pop("Content-Type", None), method="HEAD")


@deviation(
    "version-in-the-middle",
    breaks=["RFC7644-3.13-01"],
    also=["RFC7643-3.1-25", "RFC7644-3.3-04", "RFC7643-2.3.7-05", "RFC7643-2.3.7-02", "RFC7644-3.3-05"],
    text="Locations have a version between endpoint and id.",
)
def version_in_the_middle(provider: Provider) -> None:
    def location(original: Any, ctx: Context, type_name: str, record_id: str) -> str:
        head, _, tail = str(original(ctx, type_name, record_id)).rpartition("/")
        return f"{head}/v2/{tail}"

    def forget(request: Request) -> Request | None:
        if "/v2/" not in request.path:
            return None
        path = request.path.replace("/v2/", "/", 1)
        return Request(request.method, path, request.query, request.headers, request.body)

    wrap(provider, "location", location)
    on_request(provider, forget)


# --- legal choices ----------------------------------------------------------------------------------------------------

variant(
    "plain-json-never",
    reading="RFC7644-3.8-03",
    text="Whoever asks for application/json gets application/scim+json.",
    settings={"plain_json_when_asked": False},
)
variant(
    "accept-ignored",
    reading="RFC9110-12.4.1-02",
    text="An Accept header that cannot be met is ignored.",
    settings={"unacceptable": "ignore"},
)
variant(
    "content-type-demanded",
    reading="RFC9110-15.5.16-01",
    text="Content without Content-Type is refused.",
    settings={"missing_content_type": "refuse"},
)
variant(
    "content-location-sent",
    reading="RFC9110-8.7-01",
    text="Responses have a Content-Location.",
    settings={"content_location": True},
)
variant(
    "version-in-the-base",
    reading="RFC7644-3.13-01",
    text="The base URL ends with a version.",
    settings={"base_url": "https://scim.example.test/scim/v2"},
)
variant(
    "version-before-the-tenant",
    reading="RFC7644-3.13-01",
    text="The base URL has a version and then the tenant.",
    settings={"base_url": "https://scim.example.test/scim/v2/tenant"},
)


@variant("head-not-offered", reading="RFC9110-9.1-01", text="HEAD is answered with 405.")
def head_not_offered(provider: Provider) -> None:
    def refuse(request: Request, reply: Reply) -> None:
        reply.status, reply.body = 405, ScimError("HEAD is not offered", status=405).body()
        reply.headers["Allow"] = "GET"

    on_response(provider, refuse, method="HEAD")


@variant("length-zero", reading="RFC9110-8.6-01", text="204 has a Content-Length of 0.")
def length_zero(provider: Provider) -> None:
    on_response(provider, lambda request, reply: reply.headers.update({"Content-Length": "0"}), status=204)


@variant("plain-json-habit", reading="RFC7644-3.1-01", text="Every response is application/json, as in older servers.")
def plain_json_habit(provider: Provider) -> None:
    _relabel(provider, "application/json")


@variant("labels-ignored", reading="RFC9110-15.5.16-01", text="Bodies are read as JSON whatever their Content-Type.")
def labels_ignored(provider: Provider) -> None:
    def relabel(request: Request) -> Request | None:
        endpoint = provider.settings.token_endpoint
        if endpoint and request.path.endswith(endpoint):
            return None  # that one is OAuth's, and takes forms
        headers = {**request.headers, "content-type": MEDIA_TYPE}
        return Request(request.method, request.path, request.query, headers, request.body)

    on_request(provider, relabel)


@variant("other-methods-501", reading="RFC7644-3.2-07", text="Methods that are not offered are answered with 501.")
def other_methods_501(provider: Provider) -> None:
    def relabel(request: Request, reply: Reply) -> None:
        reply.status = 501
        reply.headers.pop("Allow", None)
        if isinstance(reply.body, dict):
            reply.body["status"] = "501"

    on_response(provider, relabel, status=405)
