"""Requests that no client means to send: what any answer to them must not be."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

from scimcheck.client.exchange import Exchange
from scimcheck.harness.judge import Judge

_Item = TypeVar("_Item")

#: Statuses from 500 on that are no breakdown of the service: a method it lacks, or a gateway's own.
_NO_BREAKDOWN = frozenset({501, 502, 503, 504})


def broke_down(exchange: Exchange) -> bool:
    """Whether the answer is an internal error, rather than a refusal or what a gateway says."""
    return exchange.status >= 500 and exchange.status not in _NO_BREAKDOWN


def endures(
    judge: Judge, requirement: str, exchange: Exchange | None, words: str, also: Iterable[Exchange] = ()
) -> bool:
    """Expect an answer or a refusal, whatever its form, and no internal error; a closed connection is a refusal."""
    if exchange is None:
        return judge.expect(requirement, True, expected="", observed="")
    return judge.expect(
        requirement,
        not broke_down(exchange),
        expected=f"an answer, or a refusal with a status of 4xx, for {words}",
        observed=exchange.summary(),
        at=(*also, exchange),
    )


def endure_together(
    judge: Judge,
    requirement: str,
    send: Callable[[Sequence[_Item]], Exchange | None],
    items: Sequence[tuple[str, _Item]],
) -> None:
    """Expect the same of several things that fit into one request; ``items`` are words and what ``send`` is given.

    Where the one request does not succeed each is sent by itself, so that no refusal hides what another would do.
    """
    together = send([item for _, item in items])
    if together is not None and together.ok:
        endures(judge, requirement, together, "all of them together")
        return
    for words, item in items:
        endures(judge, requirement, send([item]), words)
