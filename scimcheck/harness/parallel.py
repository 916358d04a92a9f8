"""Requests at the same time, from as many threads."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from threading import Barrier

from scimcheck.client.exchange import Exchange
from scimcheck.harness.target import Target


def parties(scim: Target, standard: int, deep: int) -> int:
    """How many requests are sent at the same time, by depth."""
    return deep if scim.depth == "deep" else standard


def at_once(requests: Sequence[Callable[[], Exchange]]) -> list[Exchange]:
    """The answers to requests that start together, in the order of the requests.

    The exchanges carry the check's name as always. Raises TargetError when one of them gets no usable answer.
    """
    barrier = Barrier(len(requests))

    def send(request: Callable[[], Exchange]) -> Exchange:
        barrier.wait()
        return request()

    with ThreadPoolExecutor(len(requests)) as pool:
        waiting = [pool.submit(copy_context().run, send, request) for request in requests]
        return [each.result() for each in waiting]
