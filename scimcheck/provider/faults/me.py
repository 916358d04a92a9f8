"""Deviations of ``/Me`` (RFC 7644 §3.11)."""

from __future__ import annotations

import dataclasses
from typing import Any

from scimcheck.core.http import Request
from scimcheck.provider.app import Provider
from scimcheck.provider.context import Context, Reply
from scimcheck.provider.faults.registry import deviation, on_response, variant, wrap
from scimcheck.provider.tokens import Token


def _stand_for_a_user(provider: Provider) -> None:
    """Let the credentials stand for the oldest user that there is."""

    def authenticate(original: Any, ctx: Context) -> Token | None:
        token: Token | None = original(ctx)
        users = ctx.provider.store.tenant(token.tenant).snapshot("User") if token else []
        return dataclasses.replace(token, user=users[0].id) if token and users and ctx.endpoint == "/Me" else token

    wrap(provider, "authenticate", authenticate)


@deviation("me-is-not-found", breaks=["RFC7644-3.11-01"], also=["RFC7644-3.12-16"], text="/Me is answered with 404.")
def me_is_not_found(provider: Provider) -> None:
    def hide(request: Request, reply: Reply) -> None:
        reply.status, reply.raw = 404, None
        reply.headers.pop("ETag", None)
        reply.body = {"schemas": ["urn:ietf:params:scim:api:messages:2.0:Error"], "status": "404"}

    on_response(provider, hide, endpoint="/Me", status=(200, 501))


@deviation(
    "me-redirects-with-302",
    breaks=["RFC7644-3.11-02"],
    also=["RFC7644-3.12-16", "RFC7644-3.12-07"],
    settings={"me_answers": "redirect"},
    text="/Me is redirected with 302.",
)
def me_redirects_with_302(provider: Provider) -> None:
    _stand_for_a_user(provider)
    on_response(provider, lambda request, reply: setattr(reply, "status", 302), endpoint="/Me", status=308)


@deviation(
    "me-without-schemas",
    breaks=["RFC7644-3.11-03"],
    also=["RFC7644-3.11-05", "RFC7643-3-01"],
    text="GET /Me shows no schemas.",
)
def me_without_schemas(provider: Provider) -> None:
    _stand_for_a_user(provider)
    on_response(provider, lambda request, reply: reply.body.pop("schemas", None), endpoint="/Me", status=200)


@deviation("me-is-its-own-location", breaks=["RFC7644-3.11-04"], text="The Location of GET /Me is /Me.")
def me_is_its_own_location(provider: Provider) -> None:
    _stand_for_a_user(provider)

    def change(request: Request, reply: Reply) -> None:
        reply.headers["Location"] = reply.context.provider.url("/Me")

    on_response(provider, change, method="GET", endpoint="/Me", status=200)


@deviation(
    "me-is-abridged",
    breaks=["RFC7644-3.11-05"],
    also=["RFC7643-3.1-01"],
    text="GET /Me shows less than the resource has.",
)
def me_is_abridged(provider: Provider) -> None:
    _stand_for_a_user(provider)
    on_response(provider, lambda request, reply: reply.body.pop("meta", None), endpoint="/Me", status=200)


@deviation(
    "me-crashes-on-creation",
    breaks=["RFC7644-3.11-06"],
    also=["RFC7644-3.12-15"],
    text="POST to /Me is answered with 500.",
)
def me_crashes_on_creation(provider: Provider) -> None:
    _stand_for_a_user(provider)

    def crash(request: Request, reply: Reply) -> None:
        reply.status, reply.body["status"] = 500, "500"

    on_response(provider, crash, method="POST", endpoint="/Me")


variant("me-not-offered", reading="RFC7644-3.11-01", text="There is no /Me: 501.", settings={"me_supported": False})


@variant("me-is-a-user", reading="RFC7644-3.11-03", text="The credentials stand for a user, whom /Me shows.")
def me_is_a_user(provider: Provider) -> None:
    _stand_for_a_user(provider)


@variant(
    "me-is-redirected",
    reading="RFC7644-3.11-02",
    text="The credentials stand for a user, to whom /Me redirects.",
    settings={"me_answers": "redirect"},
)
def me_is_redirected(provider: Provider) -> None:
    _stand_for_a_user(provider)
