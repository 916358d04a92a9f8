"""Exchanges as HTML: the request and the response as they went over the wire, and a curl line."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from scimcheck.client.exchange import Exchange
from scimcheck.report.curl import curl_line, curl_script
from scimcheck.report.markup import Html, details, element, link
from scimcheck.report.text import one_line, printable, request_text, response_text, shortened

#: Exchanges shown for one finding; the last are the telling ones.
SHOWN_EXCHANGES = 6

#: Size of all exchanges on a page, in characters, beyond which only the summary of each is given.
BUDGET = 8_000_000


class EvidenceBook:
    """Shows each exchange of a record once; where it is needed again, a link leads to the first place.

    A target that fails everywhere, or answers with huge bodies, must not make a page that no browser opens; so the book
    stops showing bodies when :data:`BUDGET` is used up.
    """

    def __init__(self, exchanges: Mapping[str, Exchange], budget: int = BUDGET) -> None:
        self._exchanges = exchanges
        self._left = budget
        self._shown: set[str] = set()

    def of(self, names: Sequence[str]) -> Html | None:
        """The named exchanges, in order, those that the record does not have left out; None without any."""
        found = [self._exchanges[name] for name in names if name in self._exchanges]
        if not found:
            return None
        left_out = len(found) - SHOWN_EXCHANGES
        more = element("p", f"{left_out} earlier ones are in the JSON record.", class_="note") if left_out > 0 else None
        shown = [self._one(exchange) for exchange in found[-SHOWN_EXCHANGES:]]
        return element("div", more, *shown, self._script(found), class_="evidence")

    def _one(self, exchange: Exchange) -> Html:
        name = "x-" + re.sub(r"[^\w.-]", "_", exchange.id)
        title = [element("code", shortened(one_line(exchange.summary()), 300)), " ", _facts(exchange)]
        if exchange.id in self._shown:
            return element("p", link(f"#{name}", *title), " (shown elsewhere on this page)", class_="exchange again")
        if self._left <= 0:
            return element("p", *title, " (in the JSON record)", class_="exchange again")
        self._shown.add(exchange.id)
        shown = details(title, _wire(exchange), _curl(curl_line(exchange)), class_="exchange", id=name)
        self._left -= len(shown)
        return shown

    def _script(self, exchanges: Sequence[Exchange]) -> Html | None:
        if len(exchanges) < 2 or self._left <= 0:
            return None
        script = curl_script(exchanges)
        self._left -= len(script)
        return details(f"All {len(exchanges)} steps as a shell script", _curl(script), class_="exchange")


def _facts(exchange: Exchange) -> Html:
    retried = f", {exchange.retries} retries" if exchange.retries else ""
    return element("span", f"{exchange.elapsed * 1000:.0f} ms{retried}", class_="note")


def _wire(exchange: Exchange) -> Html:
    body, note = request_text(exchange)
    request = _half("Request", f"{exchange.method} {exchange.url}", exchange.request_headers, body, note)
    body, note = response_text(exchange)
    status = f"HTTP {exchange.status} {exchange.reason}"
    return element("div", request, _half("Response", status, exchange.response_headers, body, note), class_="wire")


def _half(title: str, first: str, headers: Sequence[tuple[str, str]], body: str, note: str) -> Html:
    head = [one_line(first), *(one_line(f"{name}: {value}") for name, value in headers)]
    text = "\n".join(head) + (f"\n\n{body}" if body else "")
    return element(
        "div",
        element("h4", title),
        element("pre", text, tabindex="0"),
        element("p", note, class_="note") if note else None,
    )


def _curl(command: str) -> Html:
    """A command to copy: the button needs script, the text alone does not."""
    return element(
        "div",
        element("pre", element("code", printable(command)), tabindex="0"),
        element("button", "Copy", type="button", class_="copy", hidden=True),
        class_="curl",
    )
