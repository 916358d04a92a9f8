"""Write docs/field-failures.md and docs/microsoft-tests.md from the tables under fixtures/entra.

Run it from the checkout as ``python tools/make_entra_pages.py``; a test compares the pages with what it would write.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from scimcheck.entra.data import table

DOCS = Path(__file__).resolve().parents[1] / "docs"

_AREAS = {
    "http": "Connection and HTTP",
    "auth": "Credentials",
    "search": "Searches",
    "create": "Creating users",
    "representation": "What the endpoint returns",
    "update": "Changing users",
    "patch-op": "PATCH: operations",
    "patch-path": "PATCH: paths",
    "patch-value": "PATCH: values",
    "filter": "Filters",
    "boolean": "Booleans as text",
    "disable": "Disabling users",
    "delete": "Deleting users",
    "manager": "Managers",
    "roles": "Roles",
    "groups": "Groups",
    "members": "Members of groups",
    "engine": "Entra's own side",
}

_FAILURES_HEAD = """# Failures from the field

What people reported in public when Microsoft Entra ID provisioned to an endpoint: {count} failures, each with the
requirements whose checks find it and the deviations of the reference provider that reproduce it. An error text of your
own goes to `scimcheck explain`: see [What Entra says](explain.md).

Whether your endpoint has one of them: `pytest --scim-url URL --scim-select` with the ids in the column *found by*. How
it looks when it is there: `pytest --scim --scim-profile` with a name in the column *reproduced by*.
"""

_TESTS_HEAD = """# Microsoft's own tests

Each test of Microsoft's tools for SCIM endpoints, and the requirements whose checks ask the same here, mostly more
thoroughly: {covered} of {count} tests have one. The others have the reason why scimcheck does not repeat them.

Beside that, deep runs replay the request shapes that are known of Entra and of these tools, 63 of them in each dialect,
and judge each by its effect: what a read by id and a search by name show afterwards.
"""
_TESTS_COLUMNS = "| | test | request | asserts | requirements |\n|---|---|---|---|---|\n"
_FAILURES_COLUMNS = "| | symptom | cause | fix | found by | reproduced by |\n|---|---|---|---|---|---|\n"


def field_failures() -> str:
    """The page about failures from the field."""
    failures = table("field_failures")["failures"]
    found = {entry["area"] for entry in failures}
    parts = [_FAILURES_HEAD.format(count=len(failures))]
    for area, title in _AREAS.items():
        if area in found:
            rows = [_failure(entry) for entry in failures if entry["area"] == area]
            parts.append(f"\n## {title}\n\n{_FAILURES_COLUMNS}")
            parts += rows
    return "".join(parts)


def _failure(entry: Mapping[str, Any]) -> str:
    named = _code(entry["requirements"]) or "–"
    reproduced = _code(entry["deviations"])
    reason = entry.get("reason")
    cells = (
        f"[{entry['id']}]({entry['links'][0]})",
        entry["symptom"],
        entry["cause"],
        entry["fix"],
        named,
        "; ".join(filter(None, (reproduced, reason))),
    )
    return _row(cells)


def microsoft_tests() -> str:
    """The page about the tests of Microsoft's tools."""
    tools = table("validator_tests")["tools"]
    tests = [test for tool in tools for test in tool["tests"]]
    covered = sum(bool(test["requirements"]) for test in tests)
    parts = [_TESTS_HEAD.format(count=len(tests), covered=covered)]
    for tool in tools:
        parts.append(f"\n## {tool['title']}\n\n{tool['text']}\n\n{_TESTS_COLUMNS}")
        parts += [
            _row((test["id"], test["title"], test["request"], test["asserts"], _judged(test))) for test in tool["tests"]
        ]
    return "".join(parts)


def _judged(test: Mapping[str, Any]) -> str:
    return "; ".join(filter(None, (_code(test["requirements"]), test.get("reason"))))


def _code(names: Iterable[str]) -> str:
    return " ".join(f"`{name}`" for name in names)


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cell.replace('|', '&#124;') for cell in cells)} |\n"


#: The pages by their file names, each with what writes it.
PAGES = {"field-failures.md": field_failures, "microsoft-tests.md": microsoft_tests}

if __name__ == "__main__":
    for name, page in PAGES.items():
        (DOCS / name).write_text(page(), encoding="utf-8")
