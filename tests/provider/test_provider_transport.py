import asyncio
from typing import Any

import pytest

from scimcheck.core.errors import UsageError
from scimcheck.core.http import Response
from scimcheck.provider.asgi import asgi_application
from scimcheck.provider.transport_faults import (
    FAULTS,
    Change,
    CutOff,
    TransportFault,
    cut,
    dribble,
    faulty,
    garbage,
    huge,
    slow,
    throttled,
    transport_fault,
    unavailable,
)

BODY = b'{"schemas":[]}'


def _responses(change: Change, count: int = 1, every: int = 1) -> list[tuple[int, bytes, dict[bytes, bytes]]]:
    """What ``count`` requests are answered with: status, body as far as it came, headers."""
    inner = asgi_application(lambda request: Response(200, {"Content-Length": str(len(BODY))}, BODY))
    application = faulty(inner, TransportFault("x", "x", change, every))
    return [asyncio.run(_ask(application)) for _ in range(count)]


async def _ask(application: Any) -> tuple[int, bytes, dict[bytes, bytes]]:
    messages: list[Any] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request"}

    async def send(message: Any) -> None:
        messages.append(message)

    scope = {"type": "http", "method": "GET", "raw_path": b"/Users", "query_string": b"", "headers": []}
    try:
        await application(scope, receive, send)
    except CutOff:
        messages.append({"cut": True})
    body = b"".join(message.get("body", b"") for message in messages[1:])
    return messages[0]["status"], body, dict(messages[0]["headers"])


@pytest.mark.parametrize("change", [slow(0.001), dribble(0.0)])
def test_slow_responses_arrive_in_the_end(change: Change) -> None:
    assert _responses(change)[0][:2] == (200, BODY)


def test_cut_response_ends_in_the_middle() -> None:
    assert _responses(cut)[0][1] == BODY[: len(BODY) // 2]


def test_garbage_is_no_text() -> None:
    body = _responses(garbage)[0][1]
    assert len(body) == len(BODY)
    with pytest.raises(UnicodeDecodeError):
        body.decode()


def test_huge_response_has_no_length_and_is_still_json() -> None:
    _, body, headers = _responses(huge(1024 * 1024))[0]
    assert len(body) > 900_000
    assert body.startswith(BODY)
    assert b"content-length" not in headers


@pytest.mark.parametrize(("change", "status"), [(unavailable, 503), (throttled, 429)])
def test_busy_answers_say_when_to_come_back(change: Change, status: int) -> None:
    found, body, headers = _responses(change)[0]
    assert (found, body, headers[b"retry-after"]) == (status, b"", b"1")


def test_only_every_third_response_is_affected() -> None:
    assert [status for status, _, _ in _responses(throttled, 6, every=3)] == [200, 200, 429] * 2


def test_faults_are_found_by_name() -> None:
    assert transport_fault("cut") is FAULTS["cut"]
    with pytest.raises(UsageError, match="there are slow, dribble"):
        transport_fault("nope")
