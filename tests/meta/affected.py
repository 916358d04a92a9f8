"""Which checks have a say in a requirement beyond those marked with it: what a deviation's proof runs."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from pathlib import Path

from scimcheck.checks.rules import rules
from scimcheck.harness.inventory import checks
from scimcheck.resources import bundled

#: What runs for requirements that only exchange rules judge: a bit of everything, so that there are exchanges to judge.
EVERYDAY = (
    "rfc6750/test_s3_challenge.py",
    "rfc7644/test_s3_3_create.py",
    "rfc7644/test_s3_4_1_retrieve.py",
    "rfc7644/test_s3_4_2_5_projection.py",
    "rfc7644/test_s3_9_operations.py",
    "rfc7644/test_s3_12_odd_requests.py",
    "rfc7644/test_s3_6_delete.py",
)


@cache
def judged_by_rules() -> frozenset[str]:
    """The requirements that exchange rules judge."""
    return frozenset(requirement for rule in rules() for requirement in rule.requirements)


@cache
def _files_by_requirement() -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for item in checks():
        for requirement in item.info.requirements:
            found.setdefault(requirement, set()).add(item.name.partition("::")[0])
    return {requirement: frozenset(files) for requirement, files in found.items()}


def affected_files(requirements: Iterable[str]) -> list[Path]:
    """The suite files that judge any of the requirements; the everyday ones when rules judge one of them."""
    wanted: set[str] = set()
    for requirement in requirements:
        wanted |= _files_by_requirement().get(requirement, frozenset())
        if requirement in judged_by_rules():
            wanted |= set(EVERYDAY)
    root = bundled("suites")
    return sorted(file for name in wanted if (file := root / name).exists())
