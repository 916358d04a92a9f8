"""``scimcheck explain``: what an Entra error, quarantine message or provisioning-log entry means."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from scimcheck.core.errors import UsageError


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
    for number, item in enumerate(found):
        if number:
            print()
        for label, text in (
            ("Cause", item.cause),
            ("Entra code", item.code),
            ("Entra next", item.next_step),
            ("Fix", item.fix),
            ("Checks", ", ".join(item.requirements)),
            ("Seen in", item.evidence),
        ):
            if text:
                print(f"{label + ':':<12}{text}")
    return 0


def _text(name: str | None) -> str:
    if name is None or name == "-":
        return sys.stdin.read()
    try:
        return Path(name).read_text(encoding="utf-8", errors="replace")
    except OSError as error:
        raise UsageError(f"{name}: {error.strerror or error}") from None
