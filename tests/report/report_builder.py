"""Synthetic catalogues, exchanges and records for the tests of the report room."""

from __future__ import annotations

import json
from typing import Any

from scimcheck.checks.findings import Finding, Verdict
from scimcheck.client.exchange import Exchange
from scimcheck.report.model import Capability, Census, RuleSummary, RunInfo, RunRecord
from scimcheck.requirements.model import Level, Requirement

BASE = "https://api.example.test/scim/v2"


def requirement(name: str, level: Level = Level.MUST, **values: Any) -> Requirement:
    """A requirement whose document and URL follow from its id."""
    entra = name.startswith("ENTRA")
    section = name.split("-")[1]
    defaults: dict[str, Any] = {
        "section": section,
        "level": Level.ENTRA if entra and level is Level.MUST else level,
        "area": "create",
        "text": f"What {name} demands holds.",
        "check": "Look.",
        "testable": True,
        "needs": (),
        "url": "https://learn.microsoft.com/entra/scim" if entra else f"https://www.rfc-editor.org/rfc/x#{section}",
        "document": "entra" if entra else name.split("-")[0].lower(),
    }
    return Requirement(id=name, **{**defaults, **values})


def catalogue(*requirements: Requirement) -> dict[str, Requirement]:
    """A catalogue of these, in this order."""
    return {item.id: item for item in requirements}


def exchange(
    name: str = "x1",
    method: str = "POST",
    path: str = "/Users",
    query: str = "",
    status: int = 201,
    sent: Any = None,
    answer: Any = None,
    **values: Any,
) -> Exchange:
    """An exchange; ``sent`` and ``answer`` are bytes, or JSON values to encode."""
    defaults: dict[str, Any] = {
        "url": f"{BASE}{path}" + (f"?{query}" if query else ""),
        "request_headers": (
            ("host", "api.example.test"),
            ("accept", "application/scim+json"),
            ("authorization", "Bearer [redacted]"),
            ("content-type", "application/scim+json"),
        ),
        "reason": "Created",
        "response_headers": (("content-type", "application/scim+json"),),
        "started": "2026-01-02T03:04:05.678Z",
        "elapsed": 0.0123,
    }
    bodies = {"request_body": _bytes(sent), "response_body": _bytes(answer)}
    return Exchange(id=name, method=method, path=path, query=query, status=status, **{**defaults, **bodies, **values})


def _bytes(value: Any) -> bytes:
    if value is None:
        return b""
    return value if isinstance(value, bytes) else json.dumps(value, separators=(",", ":")).encode()


def finding(name: str, verdict: Verdict = Verdict.PASSED, **values: Any) -> Finding:
    """A finding of one check named ``test_x.py::test_it``."""
    return Finding(name, verdict, **{"check": "test_x.py::test_it", **values})


def info(**values: Any) -> RunInfo:
    """Facts of a run against a network target."""
    defaults: dict[str, Any] = {
        "version": "0.1.0",
        "python": "3.11.7",
        "started": "2026-01-02T03:04:05Z",
        "finished": "2026-01-02T03:04:14Z",
        "duration": 9.25,
        "target": BASE,
        "seed": 7,
    }
    return RunInfo(**{**defaults, **values})


def record(*findings: Finding, exchanges: tuple[Exchange, ...] = (), **values: Any) -> RunRecord:
    """A record of these findings."""
    defaults: dict[str, Any] = {"info": info(), "exchange_count": len(exchanges)}
    return RunRecord(findings=findings, exchanges={e.id: e for e in exchanges}, **{**defaults, **values})


def full_record() -> RunRecord:
    """A record with something in every field."""
    return record(
        finding("RFC7644-3.3-01", Verdict.FAILED, exchanges=("x1",), expected="201", observed="200", count=3),
        finding("RFC7644-3.3-02", Verdict.BLOCKED, blocked_by="RFC7644-3.3-01", observed="no user"),
        exchanges=(exchange("x1", sent={"userName": "zoë"}, answer=b"\xff\xfe"),),
        exchange_count=12,
        capabilities=(Capability("patch", "works", True), Capability("bulk", "broken", None, "it answers 500")),
        rules=(RuleSummary("media type", ("RFC7644-3.8-04",), 12, 1),),
        census=Census(before={"/Users": 3}, after={"/Users": 4}, created=2, deleted=1, left=(f"{BASE}/Users/9",)),
        notes=("The target answers slowly.",),
    )
