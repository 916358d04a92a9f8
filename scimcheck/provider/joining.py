"""Responses sent in one go: uvicorn writes head and body one after the other, which wakes the client twice."""

from __future__ import annotations

import asyncio
from typing import Any


class JoinedWrites:
    """A transport that sends what is written in one step of the event loop as one piece."""

    def __init__(self, transport: Any) -> None:
        self._transport = transport
        self._held: list[bytes] = []
        self._loop = asyncio.get_running_loop()
        self.is_closing = transport.is_closing  # asked for every response

    def write(self, data: bytes) -> None:
        """Send the bytes together with what else this step writes."""
        if not self._held:
            self._loop.call_soon(self._flush)
        self._held.append(data)

    def close(self) -> None:
        """Close the connection after everything that was written."""
        self._flush()
        self._transport.close()

    def _flush(self) -> None:
        held, self._held = self._held, []
        if held and not self.is_closing():
            self._transport.write(b"".join(held))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)


def joining(protocol: Any) -> Any:
    """The protocol of a server, such as uvicorn's for HTTP, with the writes of its responses joined."""

    def connection_made(self: Any, transport: Any) -> None:
        protocol.connection_made(self, JoinedWrites(transport))

    return type(f"Joining{protocol.__name__}", (protocol,), {"connection_made": connection_made})
