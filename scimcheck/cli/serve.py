"""``scimcheck serve``: the reference provider over HTTP."""

from __future__ import annotations

import argparse
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

from scimcheck.core.errors import UsageError

if TYPE_CHECKING:
    from scimcheck.provider import Token


#: Options for tokens beside the main one, and what each may do.
_OTHER_TOKENS = {
    "--second-tenant-token": "it opens the data of another tenant",
    "--read-only-token": "it reads and never writes",
    "--expired-token": "its time is over",
}


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
    for option, meaning in _OTHER_TOKENS.items():
        command.add_argument(option, metavar="TOKEN", help=f"another token to accept: {meaning}")
    command.add_argument(
        "--oauth-client",
        metavar="ID:SECRET",
        help="client that gets tokens from the OAuth 2.0 token endpoint, /oauth/token below the base URL",
    )
    command.add_argument(
        "--oauth-lifetime",
        type=int,
        default=3600,
        metavar="SECONDS",
        help="how long such a token is good for (default: %(default)s)",
    )
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

    from scimcheck.provider import Settings, build_provider
    from scimcheck.provider.serve import serve

    if not 0 <= options.port <= 65535:
        raise UsageError(f"--port: {options.port} is not between 0 and 65535")
    token = options.token or secrets.token_urlsafe(24)
    settings = Settings(
        base_url=f"http://{options.host}:{options.port}/scim",
        tokens=_tokens(options, token),
        oauth_clients=_oauth_clients(options.oauth_client),
        token_lifetime=_lifetime(options.oauth_lifetime),
        definition_files=tuple(options.schema),
    )
    provider = build_provider(*options.profile, *options.deviation, *options.variant, settings=settings)
    serve(provider, options.host, options.port, ready=lambda url: _greet(url, "" if options.token else token))
    return 0


def _tokens(options: argparse.Namespace, main: str) -> tuple[Token, ...]:
    """The main token and those of the options, in the roles that they name."""
    from scimcheck.provider import Token

    past = datetime(2020, 1, 1, tzinfo=timezone.utc)
    others = (
        options.second_tenant_token and Token(options.second_tenant_token, tenant="second"),
        options.read_only_token and Token(options.read_only_token, read_only=True),
        options.expired_token and Token(options.expired_token, expires=past),
    )
    tokens = (Token(main), *filter(None, others))
    if len({token.value for token in tokens}) < len(tokens):
        raise UsageError("two of the tokens are the same")
    return tokens


def _oauth_clients(text: str | None) -> dict[str, str]:
    """The client of ``ID:SECRET``; without one there is nobody whom the token endpoint knows."""
    if text is None:
        return {}
    identifier, colon, secret = text.partition(":")
    if not (identifier and colon and secret):
        raise UsageError("--oauth-client: give the client's id and secret as ID:SECRET")
    return {identifier: secret}


def _lifetime(seconds: int) -> int:
    if seconds < 1:
        raise UsageError(f"--oauth-lifetime: {seconds} is no number of seconds from 1 on")
    return seconds


def _greet(url: str, token: str) -> None:
    """Say how to use it; a token that was given is not repeated."""
    print(f"SCIM base URL: {url}", flush=True)
    if token:
        print(f"Bearer token:  {token}", flush=True)
    print("Stop with Ctrl-C.", flush=True)
