"""``scimcheck run``: the suites, as pytest runs them."""

from __future__ import annotations

import argparse
from typing import Any

import pytest


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
    target = ["--scim-url", options.url] if options.url else ["--scim"]
    return int(pytest.main(["-q", *target, *options.rest]))
