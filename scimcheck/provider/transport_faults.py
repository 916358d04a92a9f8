"""Ways in which the carrier of responses misbehaves: slow, cut off, garbled, endless.

These are no deviations: no clause of SCIM speaks of them, and whoever tests with them wants to see how a client copes.
A :class:`TransportFault` changes the ASGI messages of a response; :func:`faulty` wraps an application with one.
"""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from scimcheck.core.errors import UsageError
from scimcheck.provider.asgi import Receive, Scope, Send

Application: TypeAlias = Callable[[Scope, Receive, Send], Awaitable[None]]
Start: TypeAlias = Mapping[str, Any]
#: From the start message and the body of a response to the messages that are sent in their place.
Change: TypeAlias = Callable[[Start, bytes], AsyncIterator[Mapping[str, Any]]]


class CutOff(Exception):
    """Ends a response in the middle: the server closes the connection."""


@dataclass(frozen=True, slots=True)
class TransportFault:
    """One way of misbehaving. ``every`` says which responses are affected: each one, or each second, third, …"""

    name: str
    text: str
    change: Change
    every: int = 1


def _body(content: bytes, more: bool = False) -> dict[str, Any]:
    return {"type": "http.response.body", "body": content, "more_body": more}


def _without_length(start: Start) -> dict[str, Any]:
    headers = [(name, value) for name, value in start["headers"] if name != b"content-length"]
    return {**start, "headers": headers}


def slow(seconds: float = 5.0) -> Change:
    """Wait before the response begins."""

    async def change(start: Start, content: bytes) -> AsyncIterator[Mapping[str, Any]]:
        await asyncio.sleep(seconds)
        yield start
        yield _body(content)

    return change


def dribble(seconds: float = 1.0) -> Change:
    """Send the body byte by byte, with a pause after each."""

    async def change(start: Start, content: bytes) -> AsyncIterator[Mapping[str, Any]]:
        yield start
        for position in range(len(content)):
            yield _body(content[position : position + 1], more=True)
            await asyncio.sleep(seconds)
        yield _body(b"")

    return change


async def cut(start: Start, content: bytes) -> AsyncIterator[Mapping[str, Any]]:
    """Close the connection in the middle of the body."""
    yield start
    yield _body(content[: len(content) // 2], more=True)
    raise CutOff("the response is cut off on purpose")


async def garbage(start: Start, content: bytes) -> AsyncIterator[Mapping[str, Any]]:
    """Send bytes that are neither JSON nor UTF-8, under the header fields of the true response."""
    noise = bytes((position * 131 + 200) % 256 for position in range(len(content)))
    yield start
    yield _body(noise)


def huge(size: int = 64 * 1024 * 1024) -> Change:
    """Let the body be followed by blanks, ``size`` bytes in all."""

    async def change(start: Start, content: bytes) -> AsyncIterator[Mapping[str, Any]]:
        yield _without_length(start)
        yield _body(content, more=True)
        block = b" " * 65536
        for _ in range(max(size - len(content), 0) // len(block)):
            yield _body(block, more=True)
        yield _body(b"")

    return change


async def unavailable(start: Start, content: bytes) -> AsyncIterator[Mapping[str, Any]]:
    """Answer 503 with Retry-After in place of the response."""
    headers = [(b"retry-after", b"1"), (b"content-length", b"0")]
    yield {"type": "http.response.start", "status": 503, "headers": headers}
    yield _body(b"")


async def throttled(start: Start, content: bytes) -> AsyncIterator[Mapping[str, Any]]:
    """Answer 429 with Retry-After in place of the response."""
    headers = [(b"retry-after", b"1"), (b"content-length", b"0")]
    yield {"type": "http.response.start", "status": 429, "headers": headers}
    yield _body(b"")


FAULTS: Mapping[str, TransportFault] = {
    fault.name: fault
    for fault in (
        TransportFault("slow", "Every response begins after five seconds.", slow()),
        TransportFault("dribble", "Bodies arrive at one byte a second.", dribble()),
        TransportFault("cut", "Every third response is cut off in the middle of its body.", cut, every=3),
        TransportFault("garbage", "Every third response is noise.", garbage, every=3),
        TransportFault("huge", "Every third response is 64 MiB long.", huge(), every=3),
        TransportFault("unavailable", "Every third request is answered with 503.", unavailable, every=3),
        TransportFault("throttled", "Every third request is answered with 429.", throttled, every=3),
    )
}


def transport_fault(name: str) -> TransportFault:
    """The fault of that name; UsageError names those that there are."""
    if name not in FAULTS:
        raise UsageError(f"there is no transport fault {name!r}; there are {', '.join(FAULTS)}")
    return FAULTS[name]


def faulty(application: Application, fault: TransportFault) -> Application:
    """The application with a fault in its responses. The requests themselves are carried out."""
    counter = itertools.count(1)

    async def changed(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or next(counter) % fault.every:
            await application(scope, receive, send)
            return
        kept: list[Any] = []

        async def keep(message: Any) -> None:
            kept.append(message)

        await application(scope, receive, keep)
        content = b"".join(message.get("body", b"") for message in kept[1:])
        async for message in fault.change(kept[0], content):
            await send(dict(message))

    return changed
