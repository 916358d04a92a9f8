"""Requests per second over loopback, beside those of scim2-server: same machine, same client, same mix.

Run by ``make bench``, or alone: ``python benchmarks/bench_against_scim2_server.py [USERS [ROUNDS]]``. The mix is what a
provisioning client does with a user: look for the name, create, read, patch, look again. Both servers are asked in
turns, so that other work on the machine hits both; times are of the clock, from the first byte sent to the last one
received, medians of the rounds. The client makes its JSON before and reads the answer's after that time. The last line
is by the processor time of the servers, which other work on the machine does not lengthen.
"""

from __future__ import annotations

import importlib.util
import json
import sys
import time
from contextlib import ExitStack
from statistics import median
from urllib.parse import quote

from served import SCIM2_SERVER, SCIMCHECK, Client, processor_seconds, served

from scimcheck.core import urns
from scimcheck.core.json import JSONObject

#: Lives of users that are measured at a time.
_LIVES = 25


def person(name: str) -> JSONObject:
    """A user as provisioning clients create it, with the enterprise extension."""
    return {
        "schemas": [urns.USER, urns.ENTERPRISE_USER],
        "userName": name,
        "displayName": f"{name} Family",
        "name": {"givenName": name, "familyName": "Family"},
        "active": True,
        "emails": [{"type": "work", "value": f"{name}@example.org", "primary": True}],
        "phoneNumbers": [{"type": "work", "value": "+44 20 7946 0000"}],
        urns.ENTERPRISE_USER: {"employeeNumber": "7", "department": "Research"},
    }


def lives(client: Client, first: int, spent: dict[str, list[float]]) -> None:
    """The lives of some users; adds the seconds that each request took, by its name."""

    def timed(kind: str, method: str, path: str, body: JSONObject | None = None) -> JSONObject:
        request = client.request(method, path, body)
        began = time.perf_counter()
        answer = client.send(request)
        spent.setdefault(kind, []).append(time.perf_counter() - began)
        read: JSONObject = json.loads(answer or b"{}")
        return read

    def probe(name: str, matches: int) -> None:
        found = timed("probe", "GET", "/Users?filter=" + quote(f'userName eq "{name}"'))
        if found["totalResults"] != matches:
            raise RuntimeError(f"{client.url}: {found['totalResults']} users of the name {name}")

    for number in range(first, first + _LIVES):
        name = f"measured{number}"
        change = {"op": "replace", "path": "displayName", "value": f"Other {number}"}
        probe(name, 0)
        path = "/Users/" + timed("create", "POST", "/Users", person(name))["id"]
        timed("get", "GET", path)
        timed("patch", "PATCH", path, {"schemas": [urns.PATCH_OP], "Operations": [change]})
        probe(name, 1)


def main(users: int, rounds: int) -> None:
    """Fill both servers, ask them in turns, print the rates."""
    with ExitStack() as stack:
        clients = {
            "scimcheck": stack.enter_context(served(SCIMCHECK, "/scim")),
            "scim2-server": stack.enter_context(served(SCIM2_SERVER, "/v2")),
        }
        spent: dict[str, dict[str, list[float]]] = {name: {} for name in clients}
        busy = dict.fromkeys(clients, 0.0)
        for client in clients.values():
            for number in range(users):
                client.ask("POST", "/Users", person(f"present{number}"))
        for turn in range(rounds):
            for name, client in clients.items():
                before = processor_seconds(client.pid)
                lives(client, turn * _LIVES, spent[name])
                busy[name] += processor_seconds(client.pid) - before
    show(users, spent)
    requests = sum(map(len, spent["scimcheck"].values()))
    show_rates("the mix, processor time", *(requests / max(seconds, 0.01) for seconds in busy.values()))


def show(users: int, spent: dict[str, dict[str, list[float]]]) -> None:
    """Print requests per second by kind of request and for the mix, and how many times more the first server does."""
    print(f"requests/s with {users} users   {'':8}{'   '.join(spent)}   ratio")
    ours, theirs = spent.values()
    for kind in (*ours, "the mix"):
        show_rates(kind, _rate(ours, kind), _rate(theirs, kind))


def show_rates(kind: str, ours: float, theirs: float) -> None:
    """Print one line of the table."""
    print(f"{kind:28} {ours:10,.0f} {theirs:14,.0f}   {ours / theirs:5.1f}")


def _rate(times: dict[str, list[float]], kind: str) -> float:
    """Requests per second at the median time of a kind of request, or of one life."""
    if kind in times:
        return 1 / median(times[kind])
    return sum(map(len, times.values())) / sum(median(values) * len(values) for values in times.values())


if __name__ == "__main__":
    if importlib.util.find_spec("scim2_server") is None:
        raise SystemExit("scim2-server is not installed")
    given = [int(text) for text in sys.argv[1:]]
    main(*(given + [200, 8][len(given) :]))
