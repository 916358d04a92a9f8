"""Deleting what the run created, whatever happened on the way."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from urllib.parse import quote

from scimcheck.client.errors import TargetError
from scimcheck.client.session import Session
from scimcheck.core import urns
from scimcheck.core.schema import ResourceModel
from scimcheck.harness import attributes
from scimcheck.harness.bulking import results, status_of
from scimcheck.harness.ledger import Ledger

#: Pages searched for resources that a refused creation left behind.
PAGES = 10
#: Most operations in one job, however many the target says it takes: a job has to end before the run's patience does.
JOB = 100
#: What a deletion may be answered with when the resource is gone afterwards.
_GONE = (200, 204, 404, 410)


def clean_up(
    session: Session, ledger: Ledger, models: Iterable[ResourceModel], prefix: str, *, job: int = 0
) -> list[str]:
    """Delete every resource of the run, youngest first; returns a line for each that could not be deleted.

    ``job`` is the number of deletions that a bulk request may hold; 0 when the target is not known to carry out any.
    """
    with session.purpose("clean-up"):
        for path in find_strays(session, models, prefix):
            ledger.adopt(path)
        while job and len(ledger.alive) > 1 and _deleted_together(session, ledger, ledger.alive[: min(job, JOB)]):
            pass
        problems = [line for path in ledger.alive if (line := _delete(session, ledger, path))]
    ledger.close()
    return problems


def _deleted_together(session: Session, ledger: Ledger, paths: Sequence[str]) -> bool:
    """Delete these in one bulk job (RFC 7644 §3.7); false, and nothing is taken for gone, when there is any doubt."""
    operations = [{"method": "DELETE", "path": quote(path, safe="/")} for path in paths]
    try:
        exchange = session.post("/Bulk", json={"schemas": [urns.BULK_REQUEST], "Operations": operations})
        told = [status_of(result) for result in results(exchange)]
        if len(told) != len(paths) or not set(told) <= set(_GONE):
            return False
        if session.get(operations[-1]["path"]).status not in (404, 410):
            return False
    except TargetError:
        return False
    for path in paths:
        ledger.gone(path)
    return True


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
