"""Deviations of guards: addresses, header fields and ways that they do not know (RFC 6750 §3, RFC 7644 §2, §6.1)."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from typing import Any

from scimcheck.core.http import Request
from scimcheck.core.json import JSONObject
from scimcheck.provider.app import Provider
from scimcheck.provider.context import Context, Reply
from scimcheck.provider.faults.registry import deviation, on_request, on_response, wrap
from scimcheck.provider.store import Record
from scimcheck.provider.tokens import Token

_UNGUARDED = "x-passed-the-guard"
_POLICY, _TENANTS = "RFC7644-2-02", "RFC7644-6.1-01"


def _open(provider: Provider, test: Callable[[Request], bool], change: Callable[[str], str] = str) -> None:
    """Serve requests without asking who sends them when ``test`` is true of them; ``change`` mends their path."""

    def mark(request: Request) -> Request | None:
        if request.method != "GET" or "authorization" in request.headers or not test(request):
            return None
        return dataclasses.replace(request, path=change(request.path), headers={**request.headers, _UNGUARDED: "1"})

    on_request(provider, mark)
    for step in ("authenticate", "authorize"):
        wrap(provider, step, lambda original, ctx: None if _UNGUARDED in ctx.request.headers else original(ctx))


@deviation(
    "a-slash-opens-collections",
    breaks=["RFC6750-3-01"],
    text="The guard does not know the address of a collection that ends with a slash.",
)
def a_slash_opens_collections(provider: Provider) -> None:
    _open(provider, lambda request: request.path.endswith("/"))


@deviation(
    "claims-of-gateways-believed",
    breaks=["RFC6750-3-01"],
    text="Who sends X-Forwarded-User needs no token.",
)
def claims_of_gateways_believed(provider: Provider) -> None:
    _open(provider, lambda request: "x-forwarded-user" in request.headers)


@deviation(
    "unknown-ids-need-no-credentials",
    breaks=["RFC7644-3.12-09"],
    text="Whether a resource exists is looked up before the token is.",
)
def unknown_ids_need_no_credentials(provider: Provider) -> None:
    def tell(request: Request, reply: Reply) -> None:
        ctx: Context = reply.context
        if ctx.shape is None or ctx.target in (None, ".search") or ctx.token is not None:
            return
        if ctx.store.find(ctx.target) is None:
            reply.status = 404
            reply.body["status"] = "404"
            reply.headers.pop("WWW-Authenticate", None)

    on_response(provider, tell, status=401, method="GET")


# tenants and rights --------------------------------------------------------------------------------------------------


def _one_tenant(provider: Provider, test: Callable[[Request], bool]) -> None:
    """Take every token for one of the main tenant where ``test`` is true of the request."""

    def authenticate(original: Any, ctx: Context) -> Token | None:
        token: Token | None = original(ctx)
        return dataclasses.replace(token, tenant="main") if token is not None and test(ctx.request) else token

    wrap(provider, "authenticate", authenticate)


@deviation("tenants-share-put", breaks=[_POLICY], text="PUT reaches the resources of every tenant.")
def tenants_share_put(provider: Provider) -> None:
    _one_tenant(provider, lambda request: request.method == "PUT")


@deviation("tenants-share-bulk", breaks=[_POLICY], text="Bulk requests reach the resources of every tenant.")
def tenants_share_bulk(provider: Provider) -> None:
    _one_tenant(provider, lambda request: request.path == "/Bulk")


@deviation("tenants-share-searches", breaks=[_TENANTS], text="Searches with POST go through every tenant's resources.")
def tenants_share_searches(provider: Provider) -> None:
    _one_tenant(provider, lambda request: request.path.endswith("/.search"))


@deviation("totals-count-other-tenants", breaks=[_TENANTS], text="totalResults counts what other tenants have, too.")
def totals_count_other_tenants(provider: Provider) -> None:
    def listed(original: Any, ctx: Context, records: Sequence[Record]) -> JSONObject:
        body: JSONObject = original(ctx, records)
        if ctx.token is not None and ctx.token.tenant != "main":
            others = len(provider.store.tenant("main").snapshot("User"))
            body["totalResults"] = int(str(body["totalResults"])) + others
        return body

    wrap(provider, "list_body", listed)


def _all_rights(provider: Provider, test: Callable[[Context], bool]) -> None:
    """Ask for no rights where ``test`` is true of the request."""
    wrap(provider, "authorize", lambda original, ctx: None if test(ctx) else original(ctx))


@deviation("bulk-asks-for-no-rights", breaks=[_POLICY], text="Who may only read can delete by a bulk request.")
def bulk_asks_for_no_rights(provider: Provider) -> None:
    _all_rights(provider, lambda ctx: ctx.endpoint == "/Bulk")


@deviation("groups-ask-for-no-rights", breaks=[_POLICY], text="Who may only read can create groups.")
def groups_ask_for_no_rights(provider: Provider) -> None:
    _all_rights(provider, lambda ctx: ctx.endpoint == "/Groups")
