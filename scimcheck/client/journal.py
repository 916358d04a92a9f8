"""The record of all exchanges of a run, in the order in which their answers came."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable, Iterator

from scimcheck.client.exchange import Exchange


class Journal:
    """A list of exchanges that several threads may append to.

    ``listeners`` are called with each exchange after it was added, in the thread that sent the request.
    """

    def __init__(self) -> None:
        self.listeners: list[Callable[[Exchange], None]] = []
        self._exchanges: list[Exchange] = []
        self._by_id: dict[str, Exchange] = {}
        self._numbers = itertools.count(1)
        self._lock = threading.Lock()

    def next_id(self, prefix: str = "") -> str:
        """An id that no other exchange of this journal has: the prefix and a number counted from 1."""
        with self._lock:
            return f"{prefix}{next(self._numbers)}"

    def append(self, exchange: Exchange) -> None:
        """Add an exchange and tell the listeners; ValueError when its id was used before."""
        with self._lock:
            if exchange.id in self._by_id:
                raise ValueError(f"exchange {exchange.id} is in the journal already")
            self._by_id[exchange.id] = exchange
            self._exchanges.append(exchange)
        for listener in tuple(self.listeners):
            listener(exchange)

    def by_id(self, exchange_id: str) -> Exchange | None:
        """The exchange with that id, or ``None``."""
        return self._by_id.get(exchange_id)

    def since(self, mark: int) -> list[Exchange]:
        """The exchanges after the first ``mark`` ones; ``len(journal)`` is the mark of now."""
        with self._lock:
            return self._exchanges[mark:]

    def __iter__(self) -> Iterator[Exchange]:
        return iter(self.since(0))

    def __len__(self) -> int:
        return len(self._exchanges)
