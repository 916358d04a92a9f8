"""Head and body of a response go out in one piece, and nothing that was written is held back or lost."""

import asyncio
from collections.abc import Awaitable, Callable

from scimcheck.provider.joining import JoinedWrites, joining


class Wire:
    """A transport that notes what is sent in one piece."""

    def __init__(self) -> None:
        self.sent: list[bytes] = []
        self.closed = False

    def write(self, data: bytes) -> None:
        self.sent.append(data)

    def close(self) -> None:
        self.closed = True

    def is_closing(self) -> bool:
        return self.closed


class Protocol:
    """A server's protocol that keeps its transport."""

    def connection_made(self, transport: JoinedWrites) -> None:
        self.transport = transport


def _after(steps: Callable[[JoinedWrites], Awaitable[None]]) -> Wire:
    """The wire after a protocol wrote to it."""
    wire = Wire()

    async def run() -> None:
        protocol = joining(Protocol)()
        protocol.connection_made(wire)
        await steps(protocol.transport)
        await asyncio.sleep(0)

    asyncio.run(run())
    return wire


def test_writes_of_one_step_are_sent_as_one() -> None:
    async def respond(transport: JoinedWrites) -> None:
        transport.write(b"head ")
        transport.write(b"body")

    assert _after(respond).sent == [b"head body"]


def test_what_was_written_goes_out_before_the_next_step() -> None:
    """A response that is slow to end has its beginning on the way."""

    async def respond(transport: JoinedWrites) -> None:
        transport.write(b"head ")
        await asyncio.sleep(0)
        transport.write(b"body")

    assert _after(respond).sent == [b"head ", b"body"]


def test_closing_sends_what_was_written_first() -> None:
    async def respond(transport: JoinedWrites) -> None:
        transport.write(b"end")
        transport.close()
        assert transport.is_closing()

    wire = _after(respond)
    assert (wire.sent, wire.closed) == ([b"end"], True)


def test_nothing_is_written_to_a_connection_that_was_lost() -> None:
    wire = Wire()

    async def respond() -> None:
        transport = JoinedWrites(wire)
        transport.write(b"late")
        wire.close()
        await asyncio.sleep(0)

    asyncio.run(respond())
    assert wire.sent == []
