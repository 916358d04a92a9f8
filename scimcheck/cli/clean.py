"""``scimcheck clean``: finish the clean-up of an interrupted run."""

from __future__ import annotations

import argparse
import dataclasses
import os
from pathlib import Path
from typing import Any


def add_to(commands: Any) -> None:
    """Declare the command."""
    command = commands.add_parser(
        "clean",
        help="delete what an interrupted run left behind",
        description="Delete what interrupted runs left behind (see .scimcheck). The token comes from SCIM_TOKEN.",
    )
    command.add_argument("url", help="base URL of the target, as it was given to the run")
    command.add_argument("--token-file", metavar="FILE", help="file whose only line is the bearer token")
    command.add_argument("--ca", default="", metavar="FILE", help="CA bundle to trust besides the system's")
    command.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Delete the resources that the ledgers name; exit code 1 when some could not be deleted."""
    from scimcheck.client.auth import read_token_file
    from scimcheck.harness.cleanup import delete_paths
    from scimcheck.harness.ledger import read_ledger
    from scimcheck.plugin import build
    from scimcheck.plugin.options import RunConfig, Secrets
    from scimcheck.plugin.session import LEDGERS

    files = sorted(LEDGERS.glob("*.jsonl")) if LEDGERS.is_dir() else []
    if not files:
        print("No interrupted run left anything behind here.")
        return 0
    token = read_token_file(Path(options.token_file)) if options.token_file else os.environ.get("SCIM_TOKEN", "")
    config = RunConfig(url=options.url, auth="bearer" if token else "none", ca=options.ca)
    target = build.target(dataclasses.replace(config, secrets=Secrets(token=token)), "scimcheck")
    problems: list[str] = []
    for file in files:
        paths = read_ledger(file)
        left = delete_paths(target.session, target.ledger, paths)
        print(f"{file.name}: {len(paths) - len(left)} of {len(paths)} resources deleted")
        problems += left
        if not left:
            file.unlink()
    if not any(LEDGERS.iterdir()):
        LEDGERS.rmdir()
    for line in problems:
        print(f"left: {line}")
    if problems:
        return 1
    return 0
