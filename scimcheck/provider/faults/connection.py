"""Deviations that Entra's connection test and its headers meet (Entra chapter 1)."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from scimcheck.core.errors import ScimError
from scimcheck.core.http import Request
from scimcheck.provider.app import Provider
from scimcheck.provider.context import Context, Reply
from scimcheck.provider.faults.registry import deviation, on_response, wrap

_GUID = re.compile(r"[0-9a-f]{8}(?:-|%2d)[0-9a-f]{4}", re.IGNORECASE)


def _probe_answer(provider: Provider, change: Callable[[Reply], None], endpoint: str, attribute: str) -> None:
    """Change the answer to searches without a hit for a GUID in that attribute."""

    def hook(request: Request, reply: Reply) -> None:
        asked = request.query.replace("+", " ")
        if attribute in asked and _GUID.search(asked) and reply.body and reply.body.get("totalResults") == 0:
            change(reply)

    on_response(provider, hook, method="GET", endpoint=endpoint, status=200)


def _as_error(status: int) -> Callable[[Reply], None]:
    def change(reply: Reply) -> None:
        reply.status = status
        reply.body = ScimError("no such user", status=status).body()

    return change


@deviation("probe-answers-404", breaks=["ENTRA-1.2-01"], text="A search for a GUID that nobody has answers 404.")
def probe_answers_404(provider: Provider) -> None:
    _probe_answer(provider, _as_error(404), "/Users", "filter=userName")


@deviation(
    "probe-crashes",
    breaks=["ENTRA-1.2-01"],
    also=["RFC7644-3.12-15"],
    text="A userName that is no e-mail address crashes a search.",
)
def probe_crashes(provider: Provider) -> None:
    _probe_answer(provider, _as_error(500), "/Users", "filter=userName")


@deviation("probe-without-total", breaks=["ENTRA-1.2-02"], also=["RFC7644-3.4.2-02", "RFC7644-3.4.2-07"],
           text="The answer to the probe has no totalResults.")  # fmt: skip
def probe_without_total(provider: Provider) -> None:
    _probe_answer(provider, lambda reply: reply.body.pop("totalResults", None), "/Users", "filter=userName")


@deviation(
    "probe-answers-401",
    breaks=["ENTRA-1.4-01"],
    also=["ENTRA-1.2-01", "RFC9110-11.6.1-01", "RFC7644-2-01"],
    text="A search for a GUID that nobody has answers 401, whatever the token.",
)
def probe_answers_401(provider: Provider) -> None:
    _probe_answer(provider, _as_error(401), "/Users", "filter=userName")


@deviation("external-id-probe-refused", breaks=["ENTRA-1.2-03"], text="A GUID as externalId is refused in a search.")
def external_id_probe_refused(provider: Provider) -> None:
    _probe_answer(provider, _as_error(400), "/Users", "filter=externalId")


@deviation("email-probe-refused", breaks=["ENTRA-1.2-04"], text="A work address that is no address is refused.")
def email_probe_refused(provider: Provider) -> None:
    _probe_answer(provider, _as_error(400), "/Users", "filter=emails")


@deviation("group-probe-answers-404", breaks=["ENTRA-1.2-05"], text="A search for a GUID as group name answers 404.")
def group_probe_answers_404(provider: Provider) -> None:
    _probe_answer(provider, _as_error(404), "/Groups", "filter=displayName")


def _refuses(provider: Provider, test: Callable[[Context], bool], status: int) -> None:
    """Refuse requests that pass the test before anything else looks at them."""

    def negotiate(original: Any, ctx: Context) -> str:
        if test(ctx):
            raise ScimError("this request cannot be served", status=status)
        media_type: str = original(ctx)
        return media_type

    wrap(provider, "negotiate", negotiate)


@deviation("accept-demanded", breaks=["ENTRA-1.3-03"], also=["RFC9110-12.4.1-01"], text="A search without Accept: 406.")
def accept_demanded(provider: Provider) -> None:
    _refuses(provider, lambda ctx: ctx.method == "GET" and not ctx.header("accept"), 406)


@deviation("unknown-header-refused", breaks=["ENTRA-1.3-04"], text="A header that it does not know is refused.")
def unknown_header_refused(provider: Provider) -> None:
    _refuses(provider, lambda ctx: ctx.header("adscimversion") is not None, 400)


@deviation(
    "charset-parameter-refused",
    breaks=["ENTRA-1.3-02"],
    also=["RFC9110-8.3.1-01", "RFC7644-3.8-04"],
    text="A media type with charset is refused.",
)
def charset_parameter_refused(provider: Provider) -> None:
    _refuses(provider, lambda ctx: "charset" in (ctx.header("content-type") or ""), 415)


@deviation("refusal-is-a-web-page", breaks=["ENTRA-1.4-02"], also=["RFC7644-3.12-01"], text="A wrong token: a page.")
def refusal_is_a_web_page(provider: Provider) -> None:
    def change(request: Request, reply: Reply) -> None:
        reply.raw = b"<html><body><h1>Not Authorized</h1></body></html>"
        reply.headers["Content-Type"] = "text/html"

    on_response(provider, change, status=401)
