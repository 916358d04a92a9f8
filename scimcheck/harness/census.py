"""What was there before the run and after it: the proof that nothing is left and nothing else was touched."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from scimcheck.client.errors import TargetError
from scimcheck.client.session import Session
from scimcheck.core.json import JSONObject

#: Most requests one count spends on one endpoint; a larger stock is counted in part, and said to be.
REQUESTS = 20
PAGE = 100


@dataclass(frozen=True, slots=True)
class Count:
    """What one endpoint lists: versions by id. ``complete`` is false when the listing was cut or unusable."""

    versions: dict[str, str] = field(default_factory=dict)
    total: int | None = None
    complete: bool = True
    requests: int = 0


def take(session: Session, endpoints: Iterable[str]) -> dict[str, Count]:
    """List every endpoint within a bounded number of requests."""
    with session.purpose("census"):
        return {endpoint: _count(session, endpoint) for endpoint in endpoints}


def _count(session: Session, endpoint: str) -> Count:
    versions: dict[str, str] = {}
    total: int | None = None
    for number in range(1, REQUESTS + 1):
        try:
            exchange = session.get(endpoint, params={"startIndex": str(len(versions) + 1), "count": str(PAGE)})
        except TargetError:
            return Count(versions, total, False, number)
        listed = exchange.body.get("totalResults")
        if exchange.status != 200 or not isinstance(listed, int):
            return Count(versions, total, False, number)
        total = listed
        fresh = {str(item.get("id", "")): version_of(item) for item in exchange.resources}
        new = fresh.keys() - versions.keys()
        versions.update(fresh)
        if len(versions) >= listed or not new:
            return Count(versions, total, len(versions) >= listed, number)
    return Count(versions, total, False, REQUESTS)


def version_of(resource: JSONObject) -> str:
    """What tells one state of a resource from another: meta.version, else meta.lastModified, else nothing."""
    meta = resource.get("meta")
    if not isinstance(meta, dict):
        return ""
    return str(meta.get("version") or meta.get("lastModified") or "")
