"""Header fields and content of responses (RFC 9110), and redirects (RFC 7644 §3.12)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from email.utils import parsedate_to_datetime

from scimcheck.checks.rules import Problem, RuleContext, rule
from scimcheck.client.exchange import Exchange

_URI_REFERENCE = re.compile(r"(?:[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=]|%[0-9A-Fa-f]{2})+")
_METHOD = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")


def _below_base(exchange: Exchange) -> bool:
    return exchange.path.startswith("/") or exchange.path == ""


def _has_content(exchange: Exchange) -> bool:
    """Whether the response has content and may have it."""
    return bool(exchange.response_body) and exchange.status not in (204, 304)


@rule("content-type", "RFC9110-8.3-01", when=lambda e, c: _has_content(e) and _below_base(e))
def content_type(exchange: Exchange, context: RuleContext) -> Iterator[Problem]:
    """A response with content says what it is."""
    if not exchange.media_type:
        yield Problem("RFC9110-8.3-01", "a Content-Type header", f"none on {exchange.summary()}")


@rule("no-content", "RFC9110-15.3.5-01", "RFC9110-8.6-01", when=lambda e, c: e.status == 204)
def no_content(exchange: Exchange, context: RuleContext) -> Iterator[Problem]:
    """204 has no content, and says nothing of its length; a length of zero is tolerated."""
    if exchange.response_body:
        seen = f"{len(exchange.response_body)} bytes on {exchange.summary()}"
        yield Problem("RFC9110-15.3.5-01", "no content", seen)
    length = exchange.header("content-length")
    if length is not None:
        seen = f"Content-Length: {length} on {exchange.summary()}"
        yield Problem("RFC9110-8.6-01", "no Content-Length", seen, advisory=length.strip() == "0")


@rule("allow", "RFC9110-10.2.1-01", when=lambda e, c: e.status == 405 and _below_base(e))
def allow(exchange: Exchange, context: RuleContext) -> Iterator[Problem]:
    """405 names the methods that are offered, and the refused one is not among them."""
    headers = exchange.headers("allow")
    methods = [word.strip() for header in headers for word in header.split(",") if word.strip()]
    if not headers:
        yield Problem("RFC9110-10.2.1-01", "an Allow header", f"none on {exchange.summary()}")
    elif exchange.method in methods:
        seen = f"Allow: {', '.join(headers)} on {exchange.summary()}"
        yield Problem("RFC9110-10.2.1-01", f"methods other than {exchange.method}", seen)
    elif not all(_METHOD.fullmatch(method) for method in methods):
        yield Problem("RFC9110-10.2.1-01", "a list of methods", f"Allow: {', '.join(headers)}")


@rule("location-form", "RFC9110-10.2.2-01", when=lambda e, c: e.header("location") is not None)
def location_form(exchange: Exchange, context: RuleContext) -> Iterator[Problem]:
    """Location is one URI reference, without quotation marks and blanks."""
    values = exchange.headers("location")
    if len(values) > 1:
        yield Problem("RFC9110-10.2.2-01", "one Location", f"{len(values)} of them on {exchange.summary()}")
    elif not _URI_REFERENCE.fullmatch(values[0].strip()):
        yield Problem("RFC9110-10.2.2-01", "a URI reference", f"Location: {values[0]} on {exchange.summary()}")


@rule("retry-after", "RFC9110-10.2.3-01", when=lambda e, c: e.header("retry-after") is not None)
def retry_after(exchange: Exchange, context: RuleContext) -> Iterator[Problem]:
    """Retry-After is a number of seconds or an HTTP date."""
    value = (exchange.header("retry-after") or "").strip()
    if not (value.isascii() and value.isdigit()) and not _is_date(value):
        seen = f"Retry-After: {value} on {exchange.summary()}"
        yield Problem("RFC9110-10.2.3-01", "a number of seconds or an HTTP date", seen)


def _is_date(text: str) -> bool:
    try:
        return parsedate_to_datetime(text) is not None
    except (ValueError, TypeError, IndexError):
        return False


@rule("redirect", "RFC7644-3.12-07", when=lambda e, c: e.status in (301, 302, 303, 307, 308))
def redirect(exchange: Exchange, context: RuleContext) -> Iterator[Problem]:
    """Redirects keep the method, and say where to go."""
    if exchange.status not in (307, 308):
        yield Problem("RFC7644-3.12-07", "307 or 308, which keep the method", exchange.summary())
    elif not exchange.header("location"):
        yield Problem("RFC7644-3.12-07", "a Location header", f"none on {exchange.summary()}")
