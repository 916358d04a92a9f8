"""From the configuration to a target: transport, credentials, redaction, session, discovery."""

from __future__ import annotations

import time
from pathlib import Path

import httpx

from scimcheck.client.auth import Basic, BearerToken, Credentials, CustomHeader, NoAuth
from scimcheck.client.discovery import discover
from scimcheck.client.journal import Journal
from scimcheck.client.oauth import ClientCredentials
from scimcheck.client.redact import Redactor
from scimcheck.client.session import Session
from scimcheck.client.transport import HandlerTransport, network_transport
from scimcheck.client.url import BaseUrl
from scimcheck.core.errors import UsageError
from scimcheck.core.schema import ResourceModel
from scimcheck.harness.ledger import Ledger
from scimcheck.harness.payloads import Payloads
from scimcheck.harness.target import Identities, OAuthClient, Target
from scimcheck.plugin import gallery
from scimcheck.plugin.options import RunConfig
from scimcheck.provider.definitions import standard_definitions
from scimcheck.provider.tokens import EXPIRED_TOKEN, MAIN_TOKEN, READ_ONLY_TOKEN, SECOND_TENANT_TOKEN

#: Shortest path segment that ``--scim-redact-path`` takes for a secret, in characters.
SECRET_SEGMENT = 8


def credentials(config: RunConfig, transport: httpx.BaseTransport) -> Credentials:
    """The credentials the run was given; raises UsageError when a part of them is missing."""
    secret = config.secrets
    if config.in_process:
        return BearerToken(MAIN_TOKEN)
    if config.auth == "bearer":
        if not secret.token:
            raise UsageError("--scim-auth bearer: no token; set SCIM_TOKEN or --scim-token-file")
        return BearerToken(secret.token)
    if config.auth == "basic":
        if not config.user:
            raise UsageError("--scim-auth basic: no user name; set --scim-user, and SCIM_PASSWORD for the password")
        return Basic(config.user, secret.password)
    if config.auth == "header":
        if not secret.auth_header:
            raise UsageError("--scim-auth header: no header; set SCIM_AUTH_HEADER to NAME: VALUE")
        name, _, value = secret.auth_header.partition(":")
        return CustomHeader(name.strip(), value.strip())
    if config.auth == "oauth-client-credentials":
        for option, value in (
            ("--scim-oauth-token-url", config.oauth_token_url),
            ("--scim-oauth-client-id", config.oauth_client_id),
        ):
            if not value:
                raise UsageError(f"--scim-auth oauth-client-credentials: {option} is missing")
        return ClientCredentials(
            config.oauth_token_url,
            config.oauth_client_id,
            secret.client_secret,
            transport=transport,
            scope=config.oauth_scope,
            placement=config.oauth_placement,
        )
    return NoAuth()


def redactor(config: RunConfig, base: BaseUrl) -> Redactor:
    """A redactor that knows every secret of the run; with ``redact_path`` the base URL's long segments, too."""
    made = Redactor()
    secret = config.secrets
    for value, label in (
        (secret.token, "token"),
        (secret.password, "password"),
        (secret.auth_header, "authorization"),
        (secret.client_secret, "client-secret"),
        (secret.second_token, "second-token"),
        (secret.expired_token, "expired-token"),
    ):
        made.add_secret(value, label)
    if config.in_process:
        for value in (MAIN_TOKEN, SECOND_TENANT_TOKEN, EXPIRED_TOKEN, READ_ONLY_TOKEN):
            made.add_secret(value, "token")
    if config.redact_path or _secret_path(config):
        for segment in base.path.split("/"):
            if len(segment) >= SECRET_SEGMENT:
                made.add_path_secret(segment)
    return made


def _secret_path(config: RunConfig) -> bool:
    """Whether a profile of the in-process provider says that its path holds a secret."""
    if not config.in_process or not config.profile:
        return False
    from scimcheck.provider import profiles_among

    return any(profile.secret_path for profile in profiles_among(config.profile))


def session(config: RunConfig, worker: str = "") -> Session:
    """A session with the target; nothing is sent yet."""
    if config.in_process:
        from scimcheck.provider import build_provider

        provider = build_provider(*config.profile)
        base = BaseUrl.parse(provider.settings.base_url)
        transport: httpx.BaseTransport = HandlerTransport(provider.handle, base.path)
    else:
        base = BaseUrl.parse(config.url)
        transport = network_transport(config.url, ca=config.ca or None, proxy=config.proxy or None)
    return Session(
        base,
        credentials(config, transport),
        transport,
        journal=Journal(),
        redactor=redactor(config, base),
        timeout=config.timeout,
        rate=config.rate,
        retries=config.retries,
        headers=config.headers,
        id_prefix=f"{worker}-" if worker else "",
    )


def identities(config: RunConfig, made: Session) -> Identities:
    """The further credentials the run was given, as Authorization header values."""
    if config.in_process:
        return _bundled_identities(config, made.base)
    secret = config.secrets
    return Identities(
        valid=made.credentials.header(time.time()) if config.auth not in ("none", "header") else None,
        second_tenant=f"Bearer {secret.second_token}" if secret.second_token else None,
        expired=f"Bearer {secret.expired_token}" if secret.expired_token else None,
        oauth=OAuthClient(config.oauth_token_url, config.oauth_client_id, secret.client_secret)
        if config.oauth_token_url and config.oauth_client_id
        else None,
    )


def _bundled_identities(config: RunConfig, base: BaseUrl) -> Identities:
    """The credentials that the in-process provider knows; none of them when it is open to everybody."""
    from scimcheck.provider import settings_of

    settings = settings_of(config.profile)
    known = {token.value for token in settings.tokens} if settings.authentication == "bearer" else set()
    given = {
        name: f"Bearer {value}"
        for name, value in (
            ("valid", MAIN_TOKEN),
            ("second_tenant", SECOND_TENANT_TOKEN),
            ("expired", EXPIRED_TOKEN),
            ("limited", READ_ONLY_TOKEN),
        )
        if value in known
    }
    return Identities(**given, oauth=_bundled_client(config, base))


def _bundled_client(config: RunConfig, base: BaseUrl) -> OAuthClient | None:
    """The client credentials that the in-process provider knows; ``None`` when its profile issues no tokens."""
    from scimcheck.provider import settings_of

    settings = settings_of(config.profile)
    if not settings.token_endpoint or not settings.oauth_clients:
        return None
    name, secret = next(iter(settings.oauth_clients.items()))
    return OAuthClient(f"{base.url}{settings.token_endpoint}", name, secret)


def target(config: RunConfig, prefix: str, *, worker: str = "", ledger_file: Path | None = None) -> Target:
    """The discovered target, its session guarded and watched."""
    made = session(config, worker)
    with made.purpose("discovery"):
        found = discover(made, standard=standard())
    ledger = Ledger((model.endpoint for model in found.models), None if config.in_process else ledger_file)
    made.journal.listeners.append(ledger.watch)
    made.before_send.append(ledger.guard)
    if config.read_only:
        made.before_send.append(refuse_writes)
    payloads = Payloads(prefix, config.seed + sum(worker.encode()))
    target = Target(
        made, found, payloads, ledger, identities(config, made), config.dialects, depth=config.depth, seed=config.seed
    )
    gallery.give(target, config)
    return target


def refuse_writes(method: str, path: str) -> None:
    """Under ``--scim-read-only`` nothing that could write leaves this process."""
    if method in ("POST", "PUT", "PATCH", "DELETE") and not path.endswith("/.search"):
        raise RuntimeError(f"a read-only run tried to send {method} {path}")


def standard() -> tuple[ResourceModel, ...]:
    """The standard's own resource types, for targets that do not publish theirs."""
    return standard_definitions().models()
