"""``scimcheck serve``: the reference provider over HTTP."""

from __future__ import annotations

import argparse
from typing import Any

from scimcheck.core.errors import UsageError


def add_to(commands: Any) -> None:
    """Declare the command."""
    command = commands.add_parser(
        "serve",
        help="serve the reference provider over HTTP",
        description="Serve the reference provider until interrupted.",
    )
    command.add_argument("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
    command.add_argument("--port", type=int, default=8090, help="port; 0 for a free one (default: %(default)s)")
    command.add_argument("--token", help="bearer token to accept (default: one made up for this run)")
    command.add_argument(
        "--deviation",
        action="append",
        default=[],
        metavar="ID",
        help="break one clause; repeatable (scimcheck list deviations)",
    )
    command.add_argument(
        "--variant",
        action="append",
        default=[],
        metavar="ID",
        help="take another legal reading; repeatable (scimcheck list variants)",
    )
    command.add_argument(
        "--profile",
        action="append",
        default=[],
        metavar="NAME|FILE",
        help="behave as a documented service provider does (scimcheck list profiles), or as a file of yours says",
    )
    command.add_argument(
        "--schema",
        action="append",
        default=[],
        metavar="FILE",
        help="further schemas and resource types as JSON; repeatable",
    )
    command.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Serve until interrupted."""
    import secrets

    from scimcheck.provider import Settings, Token, build_provider
    from scimcheck.provider.serve import serve

    if not 0 <= options.port <= 65535:
        raise UsageError(f"--port: {options.port} is not between 0 and 65535")
    token = options.token or secrets.token_urlsafe(24)
    settings = Settings(
        base_url=f"http://{options.host}:{options.port}/scim",
        tokens=(Token(token, tenant="main"),),
        definition_files=tuple(options.schema),
    )
    provider = build_provider(*options.profile, *options.deviation, *options.variant, settings=settings)
    serve(provider, options.host, options.port, ready=lambda url: _greet(url, "" if options.token else token))
    return 0


def _greet(url: str, token: str) -> None:
    """Say how to use it; a token that was given is not repeated."""
    print(f"SCIM base URL: {url}", flush=True)
    if token:
        print(f"Bearer token:  {token}", flush=True)
    print("Stop with Ctrl-C.", flush=True)
