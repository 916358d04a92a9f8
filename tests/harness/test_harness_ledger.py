"""The ledger: what the run created, what it may write to, what a crash leaves on disk."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from scimcheck.client.exchange import Exchange
from scimcheck.harness.ledger import ForeignWrite, Ledger, identifier_of, read_ledger


def exchange(method: str, path: str, status: int, body: Any = None, location: str = "") -> Exchange:
    """A recorded exchange with a JSON answer."""
    headers = (("location", location),) if location else ()
    raw = b"" if body is None else json.dumps(body).encode()
    return Exchange("1", method, f"https://x.example{path}", path, "", (), b"", status, "", headers, raw, "", 0.0)


def ledger(file: Path | None = None) -> Ledger:
    """A ledger of users and groups."""
    return Ledger(["/Users", "/Groups"], file)


def test_created_resources_are_alive_until_deleted() -> None:
    """The youngest comes first, so that groups go before their members."""
    book = ledger()
    book.watch(exchange("POST", "/Users", 201, {"id": "u1"}))
    book.watch(exchange("POST", "/Groups", 200, {"id": "g1"}))
    assert book.alive == ["/Groups/g1", "/Users/u1"]
    book.watch(exchange("DELETE", "/Users/u1", 204))
    assert book.alive == ["/Groups/g1"]
    assert (book.created, book.deleted) == (2, 1)


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (exchange("POST", "/Users", 201, {"id": 42}), "42"),
        (exchange("POST", "/Users", 201, {"Resources": [{"id": "w"}]}), "w"),
        (exchange("POST", "/Users", 201, None, "https://x.example/scim/Users/a%20b"), "a b"),
        (exchange("POST", "/Users", 201, {"id": True}), ""),
        (exchange("POST", "/Users", 201), ""),
    ],
)
def test_the_id_is_found_wherever_it_stands(answer: Exchange, expected: str) -> None:
    """In the body, in a wrapped body, in Location."""
    assert identifier_of(answer) == expected


@pytest.mark.parametrize("path", ["/Users/.search", "/Other", "/Users/u1/x"])
def test_other_posts_create_nothing(path: str) -> None:
    """A search is no creation, nor is a POST elsewhere."""
    book = ledger()
    book.watch(exchange("POST", path, 200, {"id": "u9"}))
    assert book.alive == []


def test_bulk_creations_are_noted() -> None:
    """Every POST of a bulk response that has a location."""
    book = ledger()
    operations = [
        {"method": "POST", "location": "https://x.example/scim/Users/b1", "status": "201"},
        {"method": "PUT", "location": "https://x.example/scim/Users/b2", "status": "200"},
        {"method": "POST", "status": "400"},
    ]
    book.watch(exchange("POST", "/Bulk", 200, {"Operations": operations}))
    assert book.alive == ["/Users/b1"]


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
def test_foreign_resources_are_guarded(method: str) -> None:
    """Only what the run created or minted may be written to; also once it is deleted."""
    book = ledger()
    with pytest.raises(ForeignWrite, match="did not create"):
        book.guard(method, "/Users/theirs")
    book.watch(exchange("POST", "/Users", 201, {"id": "a b"}))
    book.guard(method, "/Users/a%20b")
    book.watch(exchange("DELETE", "/Users/a%20b", 204))
    book.guard(method, "/Users/a%20b")
    book.guard(method, book.mint("/Groups", "nobody"))
    book.guard("GET", "/Users/theirs")
    book.guard(method, "/Users")


def test_the_file_tells_what_an_interrupted_run_left(tmp_path: Path) -> None:
    """One line for each event, read back youngest first; gone with the last resource."""
    file = tmp_path / "ledgers" / "run.jsonl"
    book = ledger(file)
    for name in ("u1", "u2"):
        book.watch(exchange("POST", "/Users", 201, {"id": name}))
    book.watch(exchange("DELETE", "/Users/u1", 204))
    assert read_ledger(file) == ["/Users/u2"]
    book.close()
    assert file.exists()
    book.gone("/Users/u2")
    book.close()
    assert not file.exists()
