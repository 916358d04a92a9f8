"""The load that Entra puts on an endpoint, what it is told when that is too much, and how long answers take."""

from __future__ import annotations

import contextvars
import time
import uuid
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor

from scimcheck.client.exchange import Exchange
from scimcheck.entra.queries import connection_probe, matching_query
from scimcheck.harness import check
from scimcheck.harness.entra_search import users
from scimcheck.harness.judge import Judge
from scimcheck.harness.target import Resource, Target

#: Requests a second that an endpoint has to serve for one tenant, and how many are sent at a time here.
RATE, AT_A_TIME = 25, 5
#: How long the requests of one provisioning on demand may take together, in seconds.
ON_DEMAND = 30.0
#: Statuses beside 429 that say that a limit was reached, rather than that something broke.
_OTHERWISE_THROTTLED = (403, 420, 503, 509)


def _burst(scim: Target, user: Resource, seconds: int) -> tuple[list[Exchange], float]:
    """Read the user ``RATE`` times for each of the seconds; the answers, and the time it took.

    Over a network the reads are spread evenly: an endpoint may refuse a second's worth that comes at once. Nothing is
    sent again: a refusal is what the burst is about.
    """
    session, began = scim.session.derive(retries=0), time.monotonic()
    answers = []
    with ThreadPoolExecutor(AT_A_TIME) as pool:
        for number in range(RATE * seconds):
            if scim.over_network:
                time.sleep(max(0.0, began + number / RATE - time.monotonic()))
            answers.append(pool.submit(contextvars.copy_context().run, session.get, user.path))
        return [answer.result() for answer in answers], time.monotonic() - began


def _refused(answers: Iterable[Exchange]) -> list[Exchange]:
    return [
        exchange for exchange in answers if exchange.status in (429, *_OTHERWISE_THROTTLED) or exchange.status >= 500
    ]


def _judge_burst(scim: Target, judge: Judge, seconds: int) -> None:
    user = scim.shared(users(scim, judge))[0]
    answers, taken = _burst(scim, user, seconds)
    refused = _refused(answers)
    _judge_refusals(judge, refused)
    if not refused and taken > 2 * seconds:
        judge.skip("ENTRA-2.3-01", f"{len(answers) / taken:.0f} requests a second are the most this run can send")
        return
    judge.expect(
        "ENTRA-2.3-01",
        not refused,
        expected=f"{RATE} reads a second without 429 or 5xx",
        observed=f"{len(refused)} of {len(answers)} reads refused"
        + (f", the first with {refused[0].summary()}" if refused else ""),
        at=refused[:3] or answers[:1],
    )


def _judge_refusals(judge: Judge, refused: Sequence[Exchange]) -> None:
    """Refusals for the rate are told as such; an internal error may have another reason."""
    throttled = [exchange for exchange in refused if exchange.status in (429, *_OTHERWISE_THROTTLED)]
    if not throttled:
        judge.skip("ENTRA-2.3-02", "no read of the burst was refused for its rate")
        return
    others = [exchange for exchange in throttled if exchange.status != 429]
    judge.expect(
        "ENTRA-2.3-02",
        not others,
        expected="429 for each read that is refused for the rate",
        observed=f"{others[0].summary() if others else '429'} for {len(others)} of {len(throttled)} refused reads",
        at=others[:3] or throttled[:1],
    )


@check("ENTRA-2.3-01", "ENTRA-2.3-02", needs=("User", "read"))
def test_a_second_at_entras_rate(scim: Target, judge: Judge) -> None:
    """Twenty-five reads in a second are all served; those who cannot serve them say so with 429."""
    if scim.remote:
        judge.not_applicable("other people's networks meet this load in deep runs only")
    _judge_burst(scim, judge, 1)


@check("ENTRA-2.3-01", "ENTRA-2.3-02", needs=("User", "read"), depth="deep")
def test_several_seconds_at_entras_rate(scim: Target, judge: Judge) -> None:
    """Entra's rate is served for longer than a moment, too."""
    _judge_burst(scim, judge, 3)


@check("ENTRA-2.3-05", needs=("User", "read", "patch", "delete"))
def test_a_user_is_provisioned_on_demand_in_time(scim: Target, judge: Judge) -> None:
    """Probe, search, creation, read, change and deletion of one user are answered within half a minute together."""
    model = users(scim, judge)
    probe = scim.get(model.endpoint, params=connection_probe("userName", str(uuid.uuid4())))
    user = scim.create(model)
    search = scim.get(model.endpoint, params=matching_query("userName", user.name))
    change = scim.patch(user.path, {"op": "replace", "path": "userName", "value": scim.payloads.user_name("timed")})
    steps = (probe, search, user.exchange, scim.read(user), change, scim.delete(user.path))
    judge_time(judge, steps)


def judge_time(judge: Judge, steps: Sequence[Exchange]) -> None:
    """Judge how long the answers took together."""
    total, slowest = sum(step.elapsed for step in steps), max(steps, key=lambda step: step.elapsed)
    judge.expect(
        "ENTRA-2.3-05",
        total <= ON_DEMAND,
        expected=f"{len(steps)} answers within {ON_DEMAND:.0f} s together",
        observed=f"{total:.1f} s, of which {slowest.elapsed:.1f} s for {slowest.method} {slowest.path}",
        at=steps,
    )
