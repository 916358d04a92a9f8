"""When a request is sent again, after how long, and how fast requests may follow each other."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from email.utils import parsedate_to_datetime

from scimcheck.client.wire import Answer, WireFailure

#: The longest wait in seconds that one Retry-After is followed for.
LONGEST_WAIT = 60.0

#: Methods whose repetition leaves the same state (RFC 9110 §9.2.2).
_IDEMPOTENT = frozenset(("GET", "HEAD", "OPTIONS", "PUT", "DELETE"))


def retry_after(value: str | None, now: float) -> float | None:
    """Seconds that a Retry-After header asks for (RFC 9110 §10.2.3), from 0 to the longest wait; ``None`` without one.

    ``now`` is in seconds since the epoch. A malformed value counts as none.
    """
    text = (value or "").strip()
    if text.isascii() and text.isdigit():
        return min(float(text), LONGEST_WAIT)
    try:
        wait = parsedate_to_datetime(text).timestamp() - now
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return min(max(wait, 0.0), LONGEST_WAIT)


def wait_after_answer(answer: Answer, attempt: int, now: float) -> float | None:
    """Seconds to wait before repeating an answered request; ``None`` when the answer stands.

    429 and 503 say that nothing was done. A 503 counts only with Retry-After: without it, it may be a plain failure.
    """
    if answer.status not in (429, 503):
        return None
    wait = retry_after(answer.header("retry-after"), now)
    if wait is None and answer.status == 429:
        return float(2**attempt)
    return wait


def wait_after_failure(method: str, failure: WireFailure, attempt: int) -> float | None:
    """Seconds to wait before repeating a request that got no answer; ``None`` when it must not be repeated.

    Repeated are idempotent methods on broken connections. DELETE and PUT only if nothing was sent: done twice, they
    would be answered 404 or 412, and the target be blamed for it.
    """
    if failure.kind != "unreachable" or method not in _IDEMPOTENT:
        return None
    if failure.sent and method in ("DELETE", "PUT"):
        return None
    return 0.2 * float(2**attempt)


class Pace:
    """Spaces requests evenly, for all threads together: at most ``rate`` a second, no limit when it is ``None``."""

    def __init__(
        self,
        rate: float | None,
        *,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._interval = 1.0 / rate if rate else 0.0
        self._sleep = sleep
        self._clock = clock
        self._next = 0.0
        self._lock = threading.Lock()

    def wait(self) -> None:
        """Wait for this request's turn."""
        if not self._interval:
            return
        with self._lock:
            now = self._clock()
            turn = max(now, self._next)
            self._next = turn + self._interval
        if turn > now:
            self._sleep(turn - now)
