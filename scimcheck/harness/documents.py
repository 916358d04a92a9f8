"""The discovery documents as they stand, read once for all checks, and how checks judge flaws in them.

Reading is tolerant: a bare array counts as a list, several pages as one. Only what cannot be read at all blocks what
needs it, by the clause on the endpoint (RFC7644-3.2-06) or on its form (RFC7644-4-01, -02, -04).
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

from scimcheck.checks.flaws import Flaw, objects
from scimcheck.client.exchange import Exchange
from scimcheck.core.json import JSON, JSONObject
from scimcheck.harness.judge import Judge
from scimcheck.harness.target import Target
from scimcheck.resources import bundled

CONFIG, TYPES, SCHEMAS = "/ServiceProviderConfig", "/ResourceTypes", "/Schemas"
ENDPOINTS = (CONFIG, TYPES, SCHEMAS)
#: The clause on the form of each document.
FORM = {CONFIG: "RFC7644-4-01", SCHEMAS: "RFC7644-4-02", TYPES: "RFC7644-4-04"}
#: Most pages that are read of a list which should not have pages at all.
PAGES = 20
#: Most flaws that one finding names.
NAMED = 6


@dataclass(frozen=True, slots=True)
class Document:
    """A discovery endpoint's entries (for the configuration: one) with the exchanges that showed them."""

    entries: tuple[JSONObject, ...]
    exchanges: tuple[Exchange, ...]

    @property
    def first(self) -> Exchange:
        """The plain GET of the endpoint."""
        return self.exchanges[0]

    @property
    def ids(self) -> frozenset[str]:
        """The ids of the entries in lower case, as URNs compare."""
        return frozenset(str(entry["id"]).lower() for entry in self.entries if entry.get("id"))

    def entry(self, identifier: str) -> JSONObject | None:
        """The entry with that id, in any letter case."""
        wanted = identifier.lower()
        return next((entry for entry in self.entries if str(entry.get("id")).lower() == wanted), None)


def answer(scim: Target, endpoint: str) -> Exchange:
    """The plain GET of a discovery endpoint, sent once in a run."""
    key = ("discovery", endpoint)
    if key not in scim.cache:
        scim.cache[key] = scim.get(endpoint)
    found: Exchange = scim.cache[key]
    return found


def document(scim: Target, judge: Judge, endpoint: str) -> Document:
    """What the endpoint holds; ends the check as blocked when that cannot be told."""
    first = answer(scim, endpoint)
    if first.status != 200:
        judge.blocked("RFC7644-3.2-06", f"{endpoint} could not be read: {first.summary()}")
    entries = _entries(first, endpoint)
    if not entries:
        judge.blocked(FORM[endpoint], f"{endpoint} holds nothing usable")
    exchanges = [first]
    while endpoint != CONFIG and _announced(first) > len(entries) and len(exchanges) < PAGES:
        exchanges.append(scim.get(endpoint, params={"startIndex": str(len(entries) + 1)}))
        fresh = [entry for entry in _entries(exchanges[-1], endpoint) if entry not in entries]
        if not fresh:
            break
        entries += fresh
    return Document(tuple(entries), tuple(exchanges))


def configuration(scim: Target, judge: Judge) -> tuple[JSONObject, Exchange]:
    """The ServiceProviderConfig and its exchange; ends the check as blocked when there is none."""
    found = document(scim, judge, CONFIG)
    return found.entries[0], found.first


def _entries(exchange: Exchange, endpoint: str) -> list[JSONObject]:
    """The objects of an answer: of a ListResponse, a bare array, or the single object."""
    value: Any = exchange.json
    if isinstance(value, dict):
        listed = value.get("Resources", [value] if endpoint == CONFIG or "id" in value else [])
        return objects(listed)
    return objects(value)


def _announced(exchange: Exchange) -> int:
    value = exchange.body.get("totalResults")
    return value if isinstance(value, int) else 0


def judge_flaws(judge: Judge, requirement: str, flaws: Iterable[Flaw], at: Exchange | Iterable[Exchange]) -> None:
    """Judge one requirement by the flaws that were found: none passes it, tolerated ones alone are an advisory."""
    exchanges = (at,) if isinstance(at, Exchange) else tuple(at)
    found = list(flaws)
    hard = [flaw for flaw in found if not flaw.tolerated]
    judge.expect(
        requirement,
        not hard,
        expected=hard[0].expected if hard else "",
        observed=_told(hard),
        at=exchanges,
    )
    if found and not hard:
        judge.advise(requirement, expected=found[0].expected, observed=_told(found), at=exchanges)


def _told(flaws: list[Flaw]) -> str:
    text = "; ".join(str(flaw) for flaw in flaws[:NAMED])
    return text if len(flaws) <= NAMED else f"{text}; and {len(flaws) - NAMED} more"


def same_document(one: JSON, other: JSON) -> bool:
    """Whether two documents are equal, whatever the order of members and of list elements."""
    return _canonical(one) == _canonical(other)


def _canonical(value: JSON) -> str:
    return json.dumps(_sorted(value), sort_keys=True)


def _sorted(value: JSON) -> JSON:
    if isinstance(value, dict):
        return {name: _sorted(member) for name, member in value.items() if member is not None}
    if isinstance(value, list):
        return sorted((_sorted(entry) for entry in value), key=lambda entry: json.dumps(entry, sort_keys=True))
    return value


@cache
def standard_schemas() -> dict[str, JSONObject]:
    """The standard's schemas by URN in lower case."""
    found = [
        json.loads(file.read_text(encoding="utf-8"))
        for file in sorted((bundled("fixtures") / "schemas").glob("*.json"))
    ]
    return {str(schema["id"]).lower(): schema for schema in found}


@cache
def schema_variations() -> JSONObject:
    """The content of ``fixtures/requirements/schema_variations.json``."""
    text = (bundled("fixtures") / "requirements" / "schema_variations.json").read_text(encoding="utf-8")
    content: JSONObject = json.loads(text)
    return content
