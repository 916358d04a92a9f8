"""``scimcheck list``: requirements, checks, deviations, variants, profiles, apps."""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from typing import Any

from scimcheck.core.errors import UsageError

_LEVELS = ("MUST", "MUST NOT", "SHOULD", "SHOULD NOT", "MAY", "ENTRA")


def add_to(commands: Any) -> None:
    """Declare the command."""
    command = commands.add_parser("list", help="list requirements, checks, deviations, variants, profiles or apps")
    command.add_argument("what", choices=("requirements", "checks", "deviations", "variants", "profiles", "apps"))
    command.add_argument("--uncovered", action="store_true", help="requirements without a check")
    command.add_argument("--level", choices=_LEVELS, help="requirements of that level")
    command.add_argument("--document", help="requirements of that document, such as rfc7644 or entra")
    command.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Print the list."""
    makers = {
        "requirements": _requirements,
        "checks": _checks,
        "deviations": _deviations,
        "variants": _variants,
        "profiles": _profiles,
        "apps": _apps,
    }
    print("\n".join(makers[options.what](options)))
    return 0


def _requirements(options: argparse.Namespace) -> Iterable[str]:
    from scimcheck.harness.inventory import coverage
    from scimcheck.requirements.catalogue import load
    from scimcheck.requirements.listing import requirement_lines

    catalogue = load()
    if options.document and options.document not in catalogue.documents:
        raise UsageError(f"--document: {options.document!r} is none of {', '.join(catalogue.documents)}")
    return requirement_lines(
        catalogue, coverage(), uncovered=options.uncovered, level=options.level, document=options.document
    )


def _checks(options: argparse.Namespace) -> Iterable[str]:
    from scimcheck.checks.rules import rules
    from scimcheck.harness.costs import load_costs
    from scimcheck.harness.inventory import checks

    listed, costs = list(checks()), load_costs()
    for item in listed:
        writes = "writes" if item.info.writes else "reads"
        yield f"{item.name}  [{item.info.depth}, {writes}, {costs.told(item.name)}]  {' '.join(item.info.requirements)}"
        yield f"    {item.text}"
    for rule in rules():
        yield f"rule:{rule.name}  [every response]  {' '.join(rule.requirements)}"
    yield f"{len(listed)} checks, {len(rules())} exchange rules"
    runs = ", ".join(f"{count} in a {depth} one" for depth, count in costs.totals.items())
    yield f"requests of a run against the reference provider: {runs}"


def _deviations(options: argparse.Namespace) -> Iterable[str]:
    from scimcheck.provider import deviations

    for item in deviations().values():
        also = f" (and {' '.join(item.also)})" if item.also else ""
        yield f"{item.name}  breaks {' '.join(item.breaks)}{also}"
        yield f"    {item.text}"
    yield f"{len(deviations())} deviations"


def _variants(options: argparse.Namespace) -> Iterable[str]:
    from scimcheck.provider import variants

    for item in variants().values():
        yield f"{item.name}  reading of {item.reading}"
        yield f"    {item.text}"
    yield f"{len(variants())} variants"


def _apps(options: argparse.Namespace) -> Iterable[str]:
    from scimcheck.entra.apps import app_names, load_app, mapped_targets

    for name in app_names():
        app = load_app(name)
        counts = [f"{len(mapped_targets(app, kind))} {kind.lower()} mappings" for kind in ("User", "Group")]
        yield f"{name}  [flag {app.flag}]  {', '.join(counts)}"
        yield f"    {app.title}; users are matched by {', then '.join(app.matching('User'))}"
    yield f"{len(app_names())} apps"


def _profiles(options: argparse.Namespace) -> Iterable[str]:
    from scimcheck.provider import profiles

    for name, item in profiles().items():
        yield f"{name}  {item.title}"
        yield f"    {item.description}"
        for expected in item.expected:
            yield f"    finds: {expected.finding} ({' '.join(expected.requirements)})"
    yield f"{len(profiles())} profiles"
