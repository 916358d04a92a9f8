"""When requests are repeated, and how they are spaced."""

from __future__ import annotations

from email.utils import formatdate
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scimcheck.client.retry import LONGEST_WAIT, Pace, retry_after, wait_after_answer, wait_after_failure
from scimcheck.client.wire import Answer, WireFailure


@pytest.mark.parametrize(
    ("value", "wait"),
    [
        ("5", 5.0),
        (" 0 ", 0.0),
        ("99999", LONGEST_WAIT),
        ("9" * 400, LONGEST_WAIT),
        (formatdate(1_000_007, usegmt=True), 7.0),
        (formatdate(999_000, usegmt=True), 0.0),
        (formatdate(9_000_000, usegmt=True), LONGEST_WAIT),
        (None, None),
        ("", None),
        ("soon", None),
        ("-1", None),
        ("1.5", None),
    ],
)
def test_retry_after_in_seconds_or_as_a_date(value: str | None, wait: float | None) -> None:
    """Both forms of RFC 9110, bounded; anything else counts as absent."""
    assert retry_after(value, 1_000_000) == wait


@given(st.text(max_size=40))
def test_retry_after_never_crashes(value: str) -> None:
    """Any header value is a bounded wait or none."""
    wait = retry_after(value, 0)
    assert wait is None or 0 <= wait <= LONGEST_WAIT


@pytest.mark.parametrize(
    ("status", "header", "wait"),
    [(429, "3", 3.0), (503, "3", 3.0), (429, None, 4.0), (503, None, None), (500, "3", None), (200, "3", None)],
)
def test_which_answers_ask_for_another_attempt(status: int, header: str | None, wait: float | None) -> None:
    """429 always, with a growing wait of its own; 503 only when it names a time."""
    headers = (("retry-after", header),) if header else ()
    assert wait_after_answer(Answer(status, "", headers, b"", 0.0), 2, 0.0) == wait


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS", "PUT", "DELETE", "POST", "PATCH"])
@pytest.mark.parametrize("sent", [False, True])
def test_only_harmless_requests_are_repeated_on_broken_connections(method: str, sent: bool) -> None:
    """POST and PATCH never; DELETE and PUT only if the first attempt cannot have arrived."""
    wait = wait_after_failure(method, WireFailure("unreachable", "", sent=sent), 0)
    harmless = method in ("GET", "HEAD", "OPTIONS") or (method in ("PUT", "DELETE") and not sent)
    assert (wait is not None) is harmless


@pytest.mark.parametrize("kind", ["tls", "timeout", "protocol", "too-large"])
def test_other_failures_are_final(kind: str) -> None:
    """Certificates do not change, and a hanging server would hang again."""
    assert wait_after_failure("GET", WireFailure(kind, "", sent=False), 0) is None


@given(st.lists(st.floats(0, 3), min_size=1, max_size=20), st.floats(0.5, 50))
def test_the_pace_never_exceeds_the_rate(pauses: list[float], rate: float) -> None:
    """However unevenly requests come, their turns are at least 1/rate apart."""
    now = [100.0]
    turns = []

    def sleep(seconds: float) -> None:
        now[0] += seconds

    pace = Pace(rate, sleep=sleep, clock=lambda: now[0])
    for pause in pauses:
        now[0] += pause
        pace.wait()
        turns.append(now[0])
    assert all(later - earlier >= 1 / rate - 1e-6 for earlier, later in pairwise(turns))


def test_without_a_rate_nothing_waits() -> None:
    """The default."""
    Pace(None, sleep=lambda seconds: pytest.fail("slept")).wait()
