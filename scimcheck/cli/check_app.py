"""``scimcheck check-app``: what an Entra app maps, what is wrong with it, and what it sends."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from scimcheck.core.json import JSON

if TYPE_CHECKING:
    from scimcheck.entra.apps import App
    from scimcheck.entra.mapping import AttributeMapping

#: The users whose change ``--requests`` shows come from this seed, so that two calls can be compared.
_SEED = 7


def add_to(commands: Any) -> None:
    """Declare the command."""
    command = commands.add_parser(
        "check-app",
        help="check the attribute mappings of an Entra app",
        description="Print what an app maps and what is wrong or doubtful with it. Exit code 1 when it cannot be used.",
    )
    command.add_argument("app", help="name of an app (scimcheck list apps), or file of a synchronization schema")
    command.add_argument("--requests", action="store_true", help="print what it sends of a made-up user and group")
    command.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Print the app; exit code 1 when a problem makes it unusable."""
    from scimcheck.entra.apps.load import examine

    app, problems = examine(options.app)
    lines = [*_about(app), *_tables(app)]
    lines += [f"{'error' if problem.error else 'warning'}: {text}" for problem, text in problems]
    if not problems:
        lines.append("No problem found.")
    broken = any(problem.error for problem, _ in problems)
    if options.requests and not broken:
        lines += _requests(app)
    print("\n".join(lines))
    return int(broken)


def _about(app: App) -> Iterator[str]:
    yield f"{app.name}: {app.title}" if app.title else app.name
    for label, text in (("Tenant URL", app.tenant_url), ("Flag", app.flag), ("Credentials", app.credentials)):
        if text:
            yield f"{label + ':':<13}{text}"
    yield from (f"Note:        {note}" for note in app.notes)


def _tables(app: App) -> Iterator[str]:
    for kind in ("User", "Group"):
        mapping = app.mapping(kind)
        if mapping is None:
            yield f"{kind}s are not provisioned."
            continue
        yield f"{kind}s: {len(mapping.mappings)} mappings, matched by {', then '.join(mapping.matching) or 'nothing'}"
        required = {name.lower() for name in app.required(kind)}
        yield from (f"  {_line(line, line.target.lower() in required)}" for line in mapping.mappings)


def _line(line: AttributeMapping, required: bool) -> str:
    parts = [f"{line.target} ← {line.expression or '(none)'}"]
    parts += [f"default {line.default!r}"] if line.default else []
    parts += [f"matching {line.matching}"] if line.matching else []
    parts += ["only at creation"] if line.only_at_creation else []
    parts += ["required"] if required else []
    return ", ".join(parts)


def _requests(app: App) -> Iterator[str]:
    from scimcheck.entra.apps.bodies import creation_body, matching_values, update_body, wanted
    from scimcheck.entra.dialect import Dialect
    from scimcheck.entra.directory import DirectoryObject, generate
    from scimcheck.entra.queries import matching_query

    made = generate(_SEED, users=2, groups=2)
    for kind, (before, other) in (("User", made.users), ("Group", made.groups)):
        if app.mapping(kind) is None:
            continue
        for attribute, value in matching_values(app, wanted(app, before), kind):
            yield f"GET /{kind}s?{matching_query(attribute, value, group=kind == 'Group')}"
        yield f"POST /{kind}s"
        yield _shown(creation_body(app, before))
        after = DirectoryObject(kind, before.id, {**before.attributes, **other.attributes})
        for dialect in Dialect:
            yield f"PATCH /{kind}s/{{id}}, {dialect.value}"
            yield _shown(update_body(app, before, after, dialect=dialect))


def _shown(body: JSON) -> str:
    return json.dumps(body, indent=2, ensure_ascii=False)
