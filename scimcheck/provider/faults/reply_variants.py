"""Variants of replies: how JSON is written, what a gateway adds or refuses, where resources are, who else writes."""

from __future__ import annotations

import dataclasses
import json
from typing import Any
from urllib.parse import parse_qs

from scimcheck.core.errors import ScimError
from scimcheck.core.http import Request
from scimcheck.core.json import JSONObject
from scimcheck.core.urns import USER
from scimcheck.provider.app import Provider
from scimcheck.provider.context import Context, Reply
from scimcheck.provider.faults.registry import on_request, on_resource, on_response, variant, wrap

# --- JSON -------------------------------------------------------------------------------------------------------------


@variant(
    "slashes-escaped",
    reading="RFC7643-3.1-27",
    text=r"JSON is written with \/ for a slash and \u for all beyond ASCII, as some libraries do.",
)
def slashes_escaped(provider: Provider) -> None:
    def serialise(original: Any, ctx: Context, value: Any) -> bytes:
        return json.dumps(value).replace("/", r"\/").encode()

    wrap(provider, "serialise", serialise)


@variant(
    "indented-json",
    reading="RFC7644-3.1-02",
    text="JSON is indented, members stand in alphabetical order, lines end with CR LF.",
)
def indented_json(provider: Provider) -> None:
    def serialise(original: Any, ctx: Context, value: Any) -> bytes:
        text = json.dumps(value, ensure_ascii=False, indent=4, sort_keys=True)
        return (text.replace("\n", "\r\n") + "\r\n").encode()

    wrap(provider, "serialise", serialise)


@variant(
    "schemas-in-another-order",
    reading="RFC7643-3-01",
    text="schemas names extensions first.",
)
def schemas_in_another_order(provider: Provider) -> None:
    def show(resource: JSONObject, stored: JSONObject) -> None:
        if isinstance(resource.get("schemas"), list):
            resource["schemas"] = resource["schemas"][::-1]

    on_resource(provider, show)


# --- headers ----------------------------------------------------------------------------------------------------------


@variant(
    "gateway-headers",
    reading="RFC9110-8.3-01",
    text="A gateway adds header fields of its own to every answer.",
)
def gateway_headers(provider: Provider) -> None:
    added = {
        "Via": "1.1 gateway.example.test",
        "X-Request-Id": "7f0c1d3e-2b77-4c39-9a55-0d3f6f0f5f11",
        "X-RateLimit-Limit": "1000",
        "X-RateLimit-Remaining": "999",
        "Strict-Transport-Security": "max-age=31536000; includeSubDomains",
        "Cache-Control": "no-store, no-cache, max-age=0, must-revalidate",
        "Pragma": "no-cache",
        "Vary": "Accept-Encoding, Origin",
        "Server": "nginx",
        "Date": "Sun, 22 Nov 2026 08:00:00 GMT",
        "X-Content-Type-Options": "nosniff",
    }
    on_response(provider, lambda request, reply: [reply.headers.setdefault(*pair) for pair in added.items()])


# --- endpoints --------------------------------------------------------------------------------------------------------


@variant(
    "plural-endpoint-served",
    reading="RFC7644-3.2-06",
    text="/ServiceProviderConfigs is served as in SCIM 1.1, besides /ServiceProviderConfig.",
)
def plural_endpoint_served(provider: Provider) -> None:
    def turn(request: Request) -> Request | None:
        if request.path.rstrip("/") != "/ServiceProviderConfigs":
            return None
        return dataclasses.replace(request, path="/ServiceProviderConfig")

    on_request(provider, turn)


variant(
    "discovery-needs-credentials",
    reading="RFC7644-3.2-06",
    text="Discovery endpoints, too, are answered to clients with credentials alone.",
    settings={"public_endpoints": ()},
)
variant(
    "discovery-is-public",
    reading="RFC7644-3.2-06",
    text="All discovery endpoints are answered without credentials.",
    settings={"public_endpoints": ("/ServiceProviderConfig", "/ResourceTypes", "/Schemas")},
)
variant(
    "unsupported-is-403",
    reading="RFC7644-3.12-16",
    text="What is not supported is answered with 403.",
    settings={
        "bulk_supported": False,
        "sort_supported": False,
        "search_supported": False,
        "root_query_supported": False,
        "me_supported": False,
        "unsupported_status": 403,
    },
)


@variant(
    "format-suffix-understood",
    reading="RFC7644-3.8-07",
    text="A URI of a resource may end with .scim.",
)
def format_suffix_understood(provider: Provider) -> None:
    def find(original: Any, ctx: Context, identifier: str) -> Any:
        return original(ctx, identifier.removesuffix(".scim"))

    wrap(provider, "find_record", find)


@variant(
    "unknown-versions-refused",
    reading="RFC7644-3.12-25",
    text="A version that is not supported is answered with 400 and invalidVers.",
)
def unknown_versions_refused(provider: Provider) -> None:
    def tell(request: Request, reply: Reply) -> None:
        if request.path.startswith("/v") and request.path[2:3].isdigit() and isinstance(reply.body, dict):
            reply.status = 400
            reply.body.update(ScimError("this version is not supported", scim_type="invalidVers").body())

    on_response(provider, tell, status=404)


@variant(
    "discovery-honours-projections",
    reading="RFC7644-4-07",
    text="attributes and excludedAttributes select from the discovery documents, too.",
)
def discovery_honours_projections(provider: Provider) -> None:
    def cut(request: Request, reply: Reply) -> None:
        wanted = parse_qs(request.query).get("attributes")
        if not wanted or not isinstance(reply.body, dict):
            return
        names = {"schemas", "id", *wanted[0].split(",")}
        for item in reply.body.get("Resources", [reply.body]):
            for name in [name for name in item if name not in names]:
                del item[name]

    on_response(provider, cut, method="GET", endpoint=("/Schemas", "/ResourceTypes"), status=200)


# --- a gateway in front of the service --------------------------------------------------------------------------------


@variant(
    "gateway-authenticates",
    reading="RFC7644-3.12-01",
    text="A gateway checks the tokens and refuses with a page of its own.",
    costs=["ENTRA-1.4-02"],
)
def gateway_authenticates(provider: Provider) -> None:
    def page(request: Request, reply: Reply) -> None:
        reply.raw = b"<html><body>401 Authorization Required</body></html>"
        reply.headers["Content-Type"] = "text/html"

    on_response(provider, page, status=401)


@variant(
    "gateway-refuses-methods",
    reading="RFC9110-9.1-02",
    text="A gateway refuses methods that it does not know with 403.",
)
def gateway_refuses_methods(provider: Provider) -> None:
    known = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")

    def refuse(request: Request, reply: Reply) -> None:
        if request.method.upper() not in known:
            reply.status = 403
            reply.headers.pop("Allow", None)
            if isinstance(reply.body, dict):
                reply.body["status"] = "403"

    on_response(provider, refuse)


@variant(
    "locations-name-the-version", reading="RFC7643-3.1-25", text="Locations name the version, and requests need not."
)
def locations_name_the_version(provider: Provider) -> None:
    base = provider.settings.base_url
    wrap(provider, "location", lambda original, ctx, *of: original(ctx, *of).replace(base, f"{base}/v2", 1))

    def turn(request: Request) -> Request | None:
        return dataclasses.replace(request, path=request.path[3:]) if request.path.startswith("/v2/") else None

    on_request(provider, turn)


@variant("me-is-moved-for-now", reading="RFC7644-3.11-02", text="/Me redirects with 307.")
def me_is_moved(provider: Provider) -> None:
    on_response(provider, lambda request, reply: setattr(reply, "status", 307), endpoint="/Me", status=308)


# --- now and then -----------------------------------------------------------------------------------------------------


def _throttled(provider: Provider, every: int, headers: JSONObject, status: int = 429) -> None:
    """Refuse one request out of ``every`` for its rate, and serve it when it comes again."""
    seen = 0

    def authenticate(original: Any, ctx: Context) -> Any:
        nonlocal seen
        seen += 1
        if seen % every == 0:
            raise ScimError("too many requests", status=status)
        token: Any = original(ctx)
        return token

    wrap(provider, "authenticate", authenticate)
    on_response(provider, lambda request, reply: reply.headers.update(headers), status=status)


@variant(
    "throttled-now-and-then",
    reading="RFC9110-10.2.3-01",
    text="One request in forty is refused with 429 and Retry-After.",
    costs=["ENTRA-2.3-01"],
)
def throttled_now_and_then(provider: Provider) -> None:
    _throttled(provider, 40, {"Retry-After": "0"})


@variant(
    "throttled-without-a-time",
    reading="ENTRA-2.3-02",
    text="One request in forty is refused with 429, without Retry-After.",
    costs=["ENTRA-2.3-01"],
)
def throttled_without_a_time(provider: Provider) -> None:
    _throttled(provider, 40, {})


@variant(
    "others-write-meanwhile",
    reading="RFC7644-3.4.2-03",
    text="Other clients create users all the time.",
    settings={"cursor_supported": True},
)
def others_write_meanwhile(provider: Provider) -> None:
    numbers = iter(range(1, 1_000_000))
    busy = False

    def write(original: Any, ctx: Context) -> Any:
        nonlocal busy
        token: Any = original(ctx)
        number = next(numbers)
        if token is not None and not busy and number % 5 == 0:
            busy = True
            body = json.dumps({"schemas": [USER], "userName": f"else-{number}"})
            headers = {
                "authorization": ctx.header("authorization") or "",
                "content-type": "application/scim+json",
            }
            provider.handle(Request("POST", "/Users", "", headers, body.encode()))
            busy = False
        return token

    wrap(provider, "authenticate", write)
