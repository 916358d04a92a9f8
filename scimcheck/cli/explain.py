"""``scimcheck explain``: what an Entra error, quarantine message or provisioning-log entry means."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scimcheck.core.errors import UsageError

if TYPE_CHECKING:
    from scimcheck.entra.explain import Explanation


def add_to(commands: Any) -> None:
    """Declare the command."""
    command = commands.add_parser(
        "explain",
        help="explain an Entra error text",
        description="Explain the text of an Entra error, quarantine message or provisioning-log entry.",
    )
    command.add_argument("file", nargs="?", help="file with the text (default: standard input)")
    command.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Print what the text means; exit code 1 when nothing in it is known."""
    from scimcheck.entra.explain import explain

    found = explain(_text(options.file))
    if not found:
        print("Nothing in this text is a known sign of a provisioning problem.")
        return 1
    print("\n\n".join("\n".join(_lines(item)) for item in found))
    return 0


def _lines(item: Explanation) -> Iterator[str]:
    """One cause as labelled lines, those without content left out."""
    yield from _labelled("Cause", item.cause)
    yield from _labelled("Entries", str(item.entries) if item.entries > 1 else "")
    yield from _labelled("Entra code", item.code)
    yield from _labelled("Entra next", item.next_step)
    yield from _labelled("Fix", item.fix)
    yield from _labelled("Checks", *_checks(item.requirements))
    if item.requirements:
        yield from _labelled("Run", f"pytest --scim-url URL --scim-select {','.join(item.requirements)}")
    yield from _labelled("Known as", ", ".join(item.failures))
    yield from _labelled("Seen in", item.evidence)


def _labelled(label: str, *texts: str) -> Iterator[str]:
    """The label beside the first text, the others below it."""
    for number, text in enumerate(filter(None, texts)):
        yield f"{'' if number else label + ':':<12}{text}"


def _checks(requirements: Iterable[str]) -> Iterator[str]:
    """Each requirement with its sentence."""
    from scimcheck.requirements.catalogue import load

    catalogue = load()
    for name in requirements:
        yield f"{name} {catalogue[name].text}" if name in catalogue else name


def _text(name: str | None) -> str:
    if name is None or name == "-":
        return sys.stdin.read()
    try:
        return Path(name).read_text(encoding="utf-8", errors="replace")
    except OSError as error:
        raise UsageError(f"{name}: {error.strerror or error}") from None
