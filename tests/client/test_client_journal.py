"""The journal."""

from __future__ import annotations

import pytest
from client_sessions import Script, answer, session_on

from scimcheck.client.exchange import Exchange
from scimcheck.client.journal import Journal


def test_order_lookup_and_listeners() -> None:
    """Exchanges in order, by id, from a mark on, and told to whoever listens."""
    journal = Journal()
    heard: list[Exchange] = []
    journal.listeners.append(heard.append)
    with session_on(Script(answer(200), answer(201)), journal=journal) as session:
        first = session.get("/a")
        mark = len(journal)
        second = session.get("/b")
    assert list(journal) == heard == [first, second]
    assert journal.since(mark) == [second]
    assert journal.by_id(second.id) is second
    assert journal.by_id("none") is None


def test_an_id_is_used_once() -> None:
    """Findings refer to exchanges by id."""
    journal = Journal()
    with session_on(Script(answer())) as session:
        exchange = session.get("/a")
    journal.append(exchange)
    with pytest.raises(ValueError, match="already"):
        journal.append(exchange)


def test_an_empty_journal_given_to_a_session_is_used() -> None:
    """An empty journal is false as a container, and still the one to write to."""
    journal = Journal()
    with session_on(Script(answer()), journal=journal) as session:
        session.get("/a")
    assert session.journal is journal
    assert len(journal) == 1
