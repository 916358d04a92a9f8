"""``scimcheck run``: the suites, as pytest runs them."""

from __future__ import annotations

import argparse
from typing import Any


def add_to(commands: Any) -> None:
    """Declare the command."""
    command = commands.add_parser(
        "run",
        help="certify a service provider",
        description="Certify a service provider. Every further option is one of pytest's, such as --scim-token-file.",
    )
    command.add_argument("url", nargs="?", help="base URL; without one the in-process reference provider is tested")
    command.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Hand over to pytest."""
    import pytest  # no other command needs it, and it takes longer to load than a server takes to start

    target = ["--scim-url", options.url] if options.url else ["--scim"]
    return int(pytest.main(["-q", *target, *options.rest]))
