"""How fast the reference provider answers, and what its answers cost as it fills up.

Run by ``make bench``, or alone: ``python benchmarks/bench_provider.py [USERS] [MEMBERS]``, 100000 and 50000 by default.
Times are processor time of this one thread, so that other work on the machine does not count.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Callable
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


def rate(work: Callable[[int], object], count: int = 600, rounds: int = 7) -> float:
    """Calls of ``work(0)``, ``work(1)``, … per second of processor time; the median of several rounds."""
    rates = []
    for round_number in range(rounds):
        began = time.process_time()
        for number in range(count):
            work(round_number * count + number)
        rates.append(count / (time.process_time() - began))
    return median(rates)


def probe(provider: Provider, users: int) -> float:
    """``userName eq`` queries a second, each for another one of the users."""

    def work(number: int) -> None:
        name = quote_plus(f'userName eq "user{number * 7919 % users}@example.org"')
        response = provider.handle(Request("GET", "/Users", "filter=" + name, HEADERS))
        if b'"totalResults":1' not in response.body:
            raise SystemExit("a user was not found")

    return rate(work)


def bench_users(total: int) -> Provider:
    """Fill a provider; print the rate of probes when small and when full, and the memory that it took."""
    provider = build_provider()
    small = min(100, total)
    for number in range(small):
        ask(provider, "POST", "/Users", body=enterprise_user(number))
    at_small = probe(provider, small)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    began = time.process_time()
    for number in range(small, total):
        ask(provider, "POST", "/Users", body=enterprise_user(number))
    creating = (total - small) / max(time.process_time() - began, 1e-9)
    mebibytes = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    at_total = probe(provider, total)
    print(f"userName eq with {small:>7,} users   {at_small:8,.0f} /s")
    print(f"userName eq with {total:>7,} users   {at_total:8,.0f} /s   cost x {at_small / at_total:.2f}")
    print(f"POST /Users                     {creating:8,.0f} /s")
    print(f"memory for {total:,} users       {mebibytes:8,.0f} MiB")
    return provider


def membership(provider: Provider, group: str, outsiders: list[str]) -> float:
    """One-member PATCHes a second: somebody joins, and leaves again."""

    def work(number: int) -> None:
        member = outsiders[number // 2 % len(outsiders)]
        joins = {"op": "Add", "path": "members", "value": [{"value": member}]}
        leaves = {"op": "Remove", "path": f'members[value eq "{member}"]'}
        body = {"schemas": [urns.PATCH_OP], "Operations": [leaves if number % 2 else joins]}
        ask(provider, "PATCH", "/Groups/" + group, body=body)

    return rate(work)


def bench_groups(provider: Provider, size: int) -> None:
    """Print the rate of one-member PATCHes in a small and in a large group."""
    ids = [record.id for record in provider.store.tenant("main").snapshot("User")]
    outsiders, insiders = ids[:100], ids[100 : 100 + size]
    rates = []
    for members in (insiders[:100], insiders):
        body = {
            "schemas": [urns.GROUP],
            "displayName": f"Group of {len(members)}",
            "members": [{"value": member} for member in members],
        }
        group = ask(provider, "POST", "/Groups", "attributes=displayName", body)["id"]
        rates.append(membership(provider, group, outsiders))
        print(
            f"one-member PATCH of {len(members):>6,} members {rates[-1]:6,.0f} /s   cost x {rates[0] / rates[-1]:.2f}"
        )


if __name__ == "__main__":
    users, members = (int(text) for text in (sys.argv[1:] + ["100000", "50000"][len(sys.argv) - 1 :]))
    bench_groups(bench_users(users), min(members, max(users - 100, 0)))
