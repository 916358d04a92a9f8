"""What Entra makes of an endpoint's answer: its error code, the portal's words, and what the engine does next.

The rules stand in ``fixtures/entra/error_codes.json``; of those for a situation, the first that applies counts.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from scimcheck.client.exchange import Exchange
from scimcheck.core import urns
from scimcheck.core.json import JSONObject
from scimcheck.entra.data import table


class Reaction(str, Enum):
    """What the provisioning engine does next."""

    CONTINUE = "continue"
    #: The whole job stops but for one attempt a day.
    QUARANTINE = "quarantine"
    #: The object is set aside and tried again with growing delay.
    ESCROW = "escrow"
    #: The object is tried again in the next cycle.
    RETRY = "retry"
    #: The link to the resource is stale until provisioning is restarted.
    RESTART = "restart"
    #: No request is sent.
    SKIP = "skip"


@dataclass(frozen=True, slots=True)
class EntraReaction:
    """How Entra sees an answer.

    ``code`` and ``message`` are Entra's own words, empty where it has none; ``next_step`` says what the engine does
    and ``fix`` what the vendor changes, each in one sentence without a full stop; ``fix`` is empty when nothing is
    wrong. ``confidence`` has the words documented, code, field, inferred, unknown.
    """

    code: str
    message: str
    reaction: Reaction
    next_step: str
    fix: str
    confidence: tuple[str, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether Entra goes on as if all were well."""
        return self.reaction is Reaction.CONTINUE


@dataclass(frozen=True, slots=True)
class ErrorCode:
    """One of Entra's error codes; ``http`` names in words the answers that lead to it."""

    code: str
    stage: str
    http: str
    meaning: str
    reaction: Reaction
    next_step: str
    fix: str
    message: str = ""


@lru_cache(maxsize=1)
def error_codes() -> Mapping[str, ErrorCode]:
    """Every known error code by its name."""
    codes: dict[str, ErrorCode] = {}
    for entry in table("error_codes")["codes"]:
        common = {key: entry[key] for key in ("stage", "http", "meaning", "next_step", "fix")}
        for code in entry["codes"]:
            codes[code] = ErrorCode(
                code=code, reaction=Reaction(entry["reaction"]), message=entry.get("message", ""), **common
            )
    return MappingProxyType(codes)


def explain_probe(
    status: int | None, media_type: str = "", body_ok: bool = True, error: str | None = None
) -> EntraReaction:
    """How Entra sees the answer to its connection check.

    ``status`` is ``None`` and ``error`` says why (``tls``, ``timeout``, ``unreachable`` …) when there was no HTTP
    answer; ``body_ok`` means that the body is a ListResponse.
    """
    failure = error if error or status is not None else "unreachable"
    facts = {"status": status, "media_type": media_type.lower(), "body_ok": body_ok, "error": failure}
    return _first("probe", facts)


def explain_operation(
    method: str, status: int | None, scim_type: str | None = None, *, search: bool = False, body_ok: bool = True
) -> EntraReaction:
    """How Entra sees the answer to a request on a resource.

    ``status`` is ``None`` when none came; ``search`` tells a query from a read; ``body_ok`` is false for a
    successful answer whose body has the wrong shape.
    """
    facts = {"method": method.upper(), "status": status, "scim_type": scim_type, "search": search, "body_ok": body_ok}
    return _first("operation", facts)


def explain_probe_exchange(exchange: Exchange) -> EntraReaction:
    """How Entra sees a recorded answer to the connection check."""
    return explain_probe(exchange.status, exchange.media_type, is_list_response(exchange.body))


def explain_operation_exchange(exchange: Exchange) -> EntraReaction:
    """How Entra sees a recorded answer to a request on a resource or to a search.

    A body it needs is one that creation, read and search return; PATCH and DELETE may come without.
    """
    search = exchange.method == "GET" and "filter=" in exchange.query
    body_ok = True
    if exchange.ok and search:
        body_ok = is_list_response(exchange.body)
    elif exchange.ok and exchange.method in ("GET", "POST"):
        body_ok = isinstance(exchange.body.get("id"), str)
    return explain_operation(exchange.method, exchange.status, exchange.scim_type, search=search, body_ok=body_ok)


def is_list_response(body: JSONObject) -> bool:
    """Whether Entra can read the body as a search result: the schema, a number of results, and an array of them."""
    schemas, total, resources = body.get("schemas"), body.get("totalResults"), body.get("Resources", [])
    return (
        isinstance(schemas, list)
        and urns.LIST_RESPONSE in schemas
        and isinstance(total, int)
        and not isinstance(total, bool)
        and isinstance(resources, list)
    )


def _first(kind: str, facts: Mapping[str, Any]) -> EntraReaction:
    rule = next(rule for rule in table("error_codes")[kind] if _applies(rule["when"], facts))
    words = {key: rule[key] for key in ("code", "message", "next_step", "fix")}
    return EntraReaction(reaction=Reaction(rule["reaction"]), confidence=tuple(rule["confidence"]), **words)


def _applies(when: JSONObject, facts: Mapping[str, Any]) -> bool:
    return all(_CONDITIONS[name](wanted, facts) for name, wanted in when.items())


def _status(wanted: list[str], facts: Mapping[str, Any]) -> bool:
    status = "none" if facts["status"] is None else str(facts["status"])
    return any(status == pattern or (pattern.endswith("xx") and status[0] == pattern[0]) for pattern in wanted)


def _json(wanted: bool, facts: Mapping[str, Any]) -> bool:
    # Without a media type there is nothing that speaks against JSON.
    media_type = facts["media_type"]
    return (not media_type or "json" in media_type) is wanted


_CONDITIONS: dict[str, Callable[[Any, Mapping[str, Any]], bool]] = {
    "status": _status,
    "json": _json,
    "method": lambda wanted, facts: facts["method"] in wanted,
    "scim_type": lambda wanted, facts: facts["scim_type"] in wanted,
    "search": lambda wanted, facts: facts["search"] is wanted,
    "body_ok": lambda wanted, facts: facts["body_ok"] is wanted,
    "media_type": lambda wanted, facts: re.search(wanted, facts["media_type"]) is not None,
    "error": lambda wanted, facts: re.search(wanted, (facts["error"] or "").lower()) is not None,
}
