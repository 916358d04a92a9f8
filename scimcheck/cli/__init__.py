"""The command ``scimcheck``: for people who do not live in pytest. Exit codes are pytest's; 4 is wrong usage."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence

from scimcheck._version import __version__
from scimcheck.core.errors import UsageError

#: Exit code of wrong usage, as pytest has it.
USAGE = 4


def parser() -> argparse.ArgumentParser:
    """The command line; each command's module adds its own part."""
    from scimcheck.cli import check_app, clean, explain, listing, report, run, serve

    top = argparse.ArgumentParser(
        prog="scimcheck", description="SCIM 2.0 conformance and Microsoft Entra ID compatibility."
    )
    top.add_argument("--version", action="version", version=f"scimcheck {__version__}")
    commands = top.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for module in (run, serve, explain, report, listing, check_app, clean):
        module.add_to(commands)
    return top


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; every error of the user's is one line on standard error."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    options, rest = parser().parse_known_args(given)
    if rest and options.command != "run":
        print(f"scimcheck {options.command}: unknown argument {rest[0]}", file=sys.stderr)
        return USAGE
    options.rest = rest
    try:
        return int(options.run(options))
    except UsageError as error:
        print(f"scimcheck {options.command}: {error}", file=sys.stderr)
        return USAGE
    except KeyboardInterrupt:
        return 2
    except BrokenPipeError:
        # The reader of a pipe has had enough; nothing is wrong. Keep Python from complaining at its own exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
