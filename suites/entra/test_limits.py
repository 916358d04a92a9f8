"""The load that Entra puts on an endpoint."""

from __future__ import annotations

import contextvars
import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor

from scimcheck.client.exchange import Exchange
from scimcheck.harness import check
from scimcheck.harness.entra_search import users
from scimcheck.harness.judge import Judge
from scimcheck.harness.target import Resource, Target

#: Requests a second that an endpoint has to serve for one tenant, and how many are sent at a time here.
RATE, AT_A_TIME = 25, 5


def _burst(scim: Target, user: Resource, seconds: int) -> tuple[list[Exchange], float]:
    """Read the user ``RATE`` times for each of the seconds, as fast as it goes; all answers, and the time it took."""
    mark, began = len(scim.session.journal), time.monotonic()
    with ThreadPoolExecutor(AT_A_TIME) as pool:
        contexts = [contextvars.copy_context() for _ in range(RATE * seconds)]
        for done in [pool.submit(context.run, scim.read, user) for context in contexts]:
            done.result()
    answers = [item for item in scim.session.journal.since(mark) if item.path == user.path]
    return answers, time.monotonic() - began


def _refused(answers: Iterable[Exchange]) -> list[Exchange]:
    return [exchange for exchange in answers if exchange.status == 429 or exchange.status >= 500]


def _judge_burst(scim: Target, judge: Judge, seconds: int) -> None:
    user = scim.shared(users(scim, judge))[0]
    answers, taken = _burst(scim, user, seconds)
    refused = _refused(answers)
    if not refused and taken > 2 * seconds:
        judge.not_applicable(f"{len(answers) / taken:.0f} requests a second are the most that this run can send")
    judge.expect(
        "ENTRA-2.3-01",
        not refused,
        expected=f"{RATE} reads a second without 429 or 5xx",
        observed=f"{len(refused)} of {len(answers)} reads refused"
        + (f", the first with {refused[0].summary()}" if refused else ""),
        at=refused[:3] or answers[:1],
    )


@check("ENTRA-2.3-01", needs=("User", "read"))
def test_a_second_at_entras_rate(scim: Target, judge: Judge) -> None:
    """Twenty-five reads in a second are all served."""
    _judge_burst(scim, judge, 1)


@check("ENTRA-2.3-01", needs=("User", "read"), depth="deep")
def test_several_seconds_at_entras_rate(scim: Target, judge: Judge) -> None:
    """Entra's rate is served for longer than a moment, too."""
    _judge_burst(scim, judge, 3)
