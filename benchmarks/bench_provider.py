"""How fast the reference provider answers, and what its answers cost as it fills up.

Run by ``make bench``, or alone: ``python benchmarks/bench_provider.py [USERS] [MEMBERS]``, 100000 and 50000 by default.
Times are processor time of this one thread, so that other work on the machine does not count.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Callable, Sequence
from statistics import median
from urllib.parse import quote_plus

from scimcheck.core import urns
from scimcheck.core.http import Request
from scimcheck.core.json import JSONObject
from scimcheck.provider import Provider, build_provider
from scimcheck.provider.tokens import MAIN_TOKEN

HEADERS = {"authorization": f"Bearer {MAIN_TOKEN}", "content-type": urns.MEDIA_TYPE}


def enterprise_user(number: int) -> JSONObject:
    """A user with everything that Entra's default mappings provision."""
    return {
        "schemas": [urns.USER, urns.ENTERPRISE_USER],
        "externalId": f"00000000-0000-4000-8000-{number:012d}",
        "userName": f"user{number}@example.org",
        "displayName": f"Given{number} Family{number % 5000}",
        "name": {"formatted": f"Given{number} Family", "givenName": f"Given{number}", "familyName": "Family"},
        "title": f"Engineer {number % 90}",
        "active": True,
        "preferredLanguage": "en-GB",
        "emails": [{"type": "work", "value": f"user{number}@example.org", "primary": True}],
        "phoneNumbers": [{"type": kind, "value": f"+44 20 {number:07d}"} for kind in ("work", "mobile", "fax")],
        "addresses": [
            {"type": "work", "formatted": f"{number} Long Road", "streetAddress": f"{number} Long Road",
             "locality": "London", "region": "Greater London", "postalCode": "N1 9GU", "country": "GB"}
        ],
        urns.ENTERPRISE_USER: {
            "employeeNumber": str(number), "department": f"Department {number % 200}", "costCenter": "CC 12",
            "organization": "Example", "division": "Research", "manager": {"value": "no one"},
        },
    }  # fmt: skip


def ask(provider: Provider, method: str, path: str, query: str = "", body: object = None) -> JSONObject:
    """The JSON body of the answer; stops the benchmark when the request is refused."""
    content = b"" if body is None else json.dumps(body).encode()
    response = provider.handle(Request(method, path, query, HEADERS, content))
    if response.status >= 300:
        raise SystemExit(f"{method} {path}: {response.status} {response.body!r}")
    answer: JSONObject = json.loads(response.body) if response.body else {}
    return answer


def rates(works: Sequence[Callable[[int], object]], count: int = 600, rounds: int = 7) -> list[float]:
    """Calls of ``work(0)``, ``work(1)``, … per second of processor time, for each of the works.

    They take turns, so that a change of the machine's pace hits all alike; the medians of several rounds.
    """
    found: list[list[float]] = [[] for _ in works]
    for round_number in range(rounds):
        for work, results in zip(works, found, strict=True):
            began = time.process_time()
            for number in range(count):
                work(round_number * count + number)
            results.append(count / (time.process_time() - began))
    return [median(results) for results in found]


def probe(provider: Provider, users: int) -> Callable[[int], object]:
    """A ``userName eq`` query, each time for another one of the users."""

    def work(number: int) -> None:
        name = quote_plus(f'userName eq "user{number * 7919 % users}@example.org"')
        response = provider.handle(Request("GET", "/Users", "filter=" + name, HEADERS))
        if b'"totalResults":1' not in response.body:
            raise SystemExit("a user was not found")

    return work


def retrieval(provider: Provider) -> Callable[[int], object]:
    """A GET by id, each time of another one of the users."""
    ids = [record.id for record in provider.store.tenant("main").snapshot("User")]

    def work(number: int) -> None:
        response = provider.handle(Request("GET", "/Users/" + ids[number * 7919 % len(ids)], "", HEADERS))
        if response.status != 200:
            raise SystemExit("a user was not found")

    return work


def filled(users: int) -> Provider:
    """A provider with that many users."""
    provider = build_provider()
    for number in range(users):
        ask(provider, "POST", "/Users", body=enterprise_user(number))
    return provider


def bench_users(total: int) -> Provider:
    """Fill a provider; print the rates of reading from it beside those of a small one, and the memory that it took."""
    few = min(100, total)
    small = filled(few)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    began = time.process_time()
    full = filled(total)
    creating = total / (time.process_time() - began)
    mebibytes = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    for name, pair in {
        "userName eq": rates([probe(small, few), probe(full, total)]),
        "GET by id": rates([retrieval(small), retrieval(full)]),
    }.items():
        print(f"{name:11} with {few:>7,} users   {pair[0]:8,.0f} /s")
        print(f"{name:11} with {total:>7,} users   {pair[1]:8,.0f} /s   cost x {pair[0] / pair[1]:.2f}")
    print(f"POST /Users                     {creating:8,.0f} /s")
    print(f"memory for {total:,} users       {mebibytes:8,.0f} MiB")
    return full


def membership(provider: Provider, group: str, outsiders: list[str]) -> Callable[[int], object]:
    """One-member PATCHes: somebody joins, and leaves again."""

    def work(number: int) -> None:
        member = outsiders[number // 2 % len(outsiders)]
        joins = {"op": "Add", "path": "members", "value": [{"value": member}]}
        leaves = {"op": "Remove", "path": f'members[value eq "{member}"]'}
        body = {"schemas": [urns.PATCH_OP], "Operations": [leaves if number % 2 else joins]}
        ask(provider, "PATCH", "/Groups/" + group, body=body)

    return work


def bench_groups(provider: Provider, size: int) -> None:
    """Print the rate of one-member PATCHes in a small and in a large group."""
    ids = [record.id for record in provider.store.tenant("main").snapshot("User")]
    outsiders, insiders = ids[:100], ids[100 : 100 + size]
    works = []
    for members in (insiders[:100], insiders):
        body = {
            "schemas": [urns.GROUP],
            "displayName": f"Group of {len(members)}",
            "members": [{"value": member} for member in members],
        }
        group = ask(provider, "POST", "/Groups", "attributes=displayName", body)["id"]
        works.append(membership(provider, group, outsiders))
    small, large = rates(works)
    print(f"one-member PATCH of {min(100, size):>6,} members {small:6,.0f} /s")
    print(f"one-member PATCH of {len(insiders):>6,} members {large:6,.0f} /s   cost x {small / large:.2f}")


if __name__ == "__main__":
    users, members = (int(text) for text in (sys.argv[1:] + ["100000", "50000"][len(sys.argv) - 1 :]))
    bench_groups(bench_users(users), min(members, max(users - 100, 0)))
