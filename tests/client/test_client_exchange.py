"""The recorded exchange: reading it, and its way to JSON and back."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scimcheck.client.exchange import Exchange


def exchange(body: bytes = b"", status: int = 200, content_type: str | None = None, request: bytes = b"") -> Exchange:
    headers = (("content-type", content_type),) if content_type else ()
    return Exchange(
        "1", "PATCH", "https://h.example/Users/42?a=b", "/Users/42", "a=b", (("accept", "*/*"),), request,
        status, "", headers, body, "2026-01-01T00:00:00.000+00:00", 0.25,
    )  # fmt: skip


@given(st.binary(max_size=40), st.binary(max_size=40))
def test_json_form_is_lossless(body: bytes, request: bytes) -> None:
    """Bodies of any bytes survive a report."""
    recorded = exchange(body, request=request)
    assert Exchange.from_json(json.loads(json.dumps(recorded.to_json()))) == recorded


@pytest.mark.parametrize(
    ("body", "is_json", "value"),
    [
        (b'{"a":1}', True, {"a": 1}),
        (b"null", True, None),
        (b"", False, None),
        (b"  \n", False, None),
        (b"<html>", False, None),
        (b'{"a":"\xff"}', False, None),
        (b"[" * 100_000, False, None),
    ],
    ids=["object", "null", "empty", "blank", "html", "not utf-8", "deep"],
)
def test_json_bodies(body: bytes, is_json: bool, value: object) -> None:
    """What is no JSON is no JSON, and an object is only what is one."""
    recorded = exchange(body)
    assert (recorded.is_json, recorded.json) == (is_json, value)
    assert recorded.body == (value if isinstance(value, dict) else {})


def test_summary_names_request_status_and_error() -> None:
    """One line for people."""
    recorded = exchange(b'{"scimType":"invalidPath"}', 400, "Application/SCIM+JSON; charset=utf-8")
    assert recorded.summary() == "PATCH /Users/42?a=b → 400 invalidPath"
    assert recorded.media_type == "application/scim+json"
    assert not recorded.ok
    assert exchange(b'{"scimType":1}').summary() == "PATCH /Users/42?a=b → 200"


def test_resources_are_the_objects_of_the_list() -> None:
    """Whatever else a target puts there."""
    assert exchange(b'{"Resources":[{"id":"1"},null,"x"]}').resources == [{"id": "1"}]
    assert exchange(b'{"Resources":{}}').resources == []
    assert exchange(request=b"[1]").request_json == [1]
    assert exchange().request_json is None
