"""Deviations of the token endpoint (Entra §1.4)."""

from __future__ import annotations

from typing import Any

from scimcheck.core.errors import ScimError
from scimcheck.core.http import Request
from scimcheck.provider.app import Provider
from scimcheck.provider.context import Reply
from scimcheck.provider.faults.registry import change_settings, deviation, on_response


def _refuse(provider: Provider, *, basic: bool) -> None:
    """Refuse credentials in one of their two places."""

    def change(request: Request, reply: Reply) -> None:
        if request.path.endswith(provider.settings.token_endpoint) and ("authorization" in request.headers) is basic:
            reply.status, reply.body = 400, ScimError("no credentials found").body()

    on_response(provider, change, method="POST")


def _answer(provider: Provider, change: Any) -> None:
    """Change the token response."""

    def hook(request: Request, reply: Reply) -> None:
        if request.path.endswith(provider.settings.token_endpoint) and reply.status == 200:
            change(reply.body)

    on_response(provider, hook, method="POST")


@deviation("token-needs-basic", breaks=["ENTRA-1.4-03"], text="Client credentials in the form are not understood.")
def token_needs_basic(provider: Provider) -> None:
    _refuse(provider, basic=False)


@deviation("token-needs-form", breaks=["ENTRA-1.4-04"], text="Client credentials in a Basic header are not understood.")
def token_needs_form(provider: Provider) -> None:
    _refuse(provider, basic=True)


@deviation("token-without-lifetime", breaks=["ENTRA-1.4-05"], text="The token response has no expires_in.")
def token_without_lifetime(provider: Provider) -> None:
    _answer(provider, lambda body: body.pop("expires_in", None))


@deviation("token-of-another-type", breaks=["ENTRA-1.4-05"], text="The token response calls the token a mac token.")
def token_of_another_type(provider: Provider) -> None:
    _answer(provider, lambda body: body.update(token_type="mac"))


@deviation("token-for-a-minute", breaks=["ENTRA-1.4-06"], text="A token lives for a minute.")
def token_for_a_minute(provider: Provider) -> None:
    change_settings(provider, token_lifetime=60)
