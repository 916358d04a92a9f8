"""Deleting what the run created, whatever happened on the way."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import quote

from scimcheck.client.errors import TargetError
from scimcheck.client.session import Session
from scimcheck.core.schema import ResourceModel
from scimcheck.harness import attributes
from scimcheck.harness.ledger import Ledger

#: Pages searched for resources that a refused creation left behind.
PAGES = 10


def clean_up(session: Session, ledger: Ledger, models: Iterable[ResourceModel], prefix: str) -> list[str]:
    """Delete every resource of the run, youngest first; returns a line for each that could not be deleted."""
    with session.purpose("clean-up"):
        for path in find_strays(session, models, prefix):
            ledger.adopt(path)
        problems = [line for path in ledger.alive if (line := _delete(session, ledger, path))]
    ledger.close()
    return problems


def delete_paths(session: Session, ledger: Ledger, paths: Iterable[str]) -> list[str]:
    """Delete the resources an interrupted run left behind; returns a line for each that could not be deleted."""
    with session.purpose("clean-up"):
        for path in reversed(list(paths)):
            ledger.adopt(path)
        return [line for path in ledger.alive if (line := _delete(session, ledger, path))]


def _delete(session: Session, ledger: Ledger, path: str) -> str:
    try:
        exchange = session.delete(quote(path, safe="/"))
    except TargetError as error:
        return f"{path}: {error}"
    if exchange.ok or exchange.status in (404, 410):
        ledger.gone(path)
        return ""
    return f"{path}: {exchange.summary()}"


def find_strays(session: Session, models: Iterable[ResourceModel], prefix: str) -> list[str]:
    """Paths of listed resources whose names carry the run's prefix: a refused creation may have left them behind."""
    found: list[str] = []
    for model in models:
        seen: set[str] = set()
        for _ in range(PAGES):
            fresh = _page(session, model, len(seen) + 1)
            if fresh is None or not (fresh.keys() - seen):
                break
            found += [f"{model.endpoint}/{key}" for key, name in fresh.items() if key not in seen and prefix in name]
            seen |= fresh.keys()
    return found


def _page(session: Session, model: ResourceModel, start: int) -> dict[str, str] | None:
    naming = attributes.naming(model)
    try:
        exchange = session.get(model.endpoint, params={"startIndex": str(start), "count": "100"})
    except TargetError:
        return None
    if exchange.status != 200:
        return None
    return {
        str(item["id"]): f"{item.get(naming, '')} {item.get('externalId', '')}"
        for item in exchange.resources
        if item.get("id")
    }
