"""Command line, ini keys and environment, read once into a frozen RunConfig; options win over ini, ini over all."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, TypeVar

import pytest

from scimcheck.core.errors import UsageError
from scimcheck.entra.apps import DEFAULT, load_app
from scimcheck.entra.mapping.check import problems
from scimcheck.harness.gallery_input import GalleryInput
from scimcheck.plugin import gallery
from scimcheck.pytest_plugin import OPTIONS

_T = TypeVar("_T")

#: Largest seed, so that a printed one is short enough to type.
_SEEDS = 1_000_000


@dataclass(frozen=True, slots=True)
class Secrets:
    """What must appear in no output."""

    token: str = ""
    password: str = ""
    auth_header: str = ""
    client_secret: str = ""
    second_token: str = ""
    expired_token: str = ""


@dataclass(frozen=True, slots=True)
class RunConfig:
    """Everything a run was asked for. Times are in seconds; ``url`` is empty for the in-process provider."""

    url: str = ""
    auth: str = "bearer"
    user: str = ""
    oauth_token_url: str = ""
    oauth_client_id: str = ""
    oauth_scope: str = ""
    oauth_placement: str = "header"
    secrets: Secrets = Secrets()
    profile: tuple[str, ...] = ()
    app: str = ""
    flag: str = "both"
    select: tuple[str, ...] = ()
    deselect: tuple[str, ...] = ()
    strict: bool = False
    read_only: bool = False
    redact_path: bool = False
    depth: str = "standard"
    seed: int = 0
    timeout: float = 30.0
    rate: float | None = None
    retries: int = 3
    ca: str = ""
    proxy: str = ""
    headers: tuple[tuple[str, str], ...] = ()
    report: str = ""
    json: str = ""
    gallery: str = ""
    gallery_input: GalleryInput = field(default_factory=GalleryInput)
    warnings: tuple[str, ...] = ()
    #: Sentences for people about what was asked for, which go into the report.
    notes: tuple[str, ...] = ()

    @property
    def in_process(self) -> bool:
        """Whether the target is the reference provider in this process."""
        return not self.url

    @property
    def dialects(self) -> tuple[str, ...]:
        """The Entra dialects to replay: ``legacy`` (flag off), ``compliant`` (flag on)."""
        return {"off": ("legacy",), "on": ("compliant",)}.get(self.flag, ("legacy", "compliant"))

    def described(self) -> dict[str, Any]:
        """The options for the record, without anything secret."""
        shown = (
            "auth",
            "app",
            "flag",
            "select",
            "deselect",
            "strict",
            "read_only",
            "depth",
            "timeout",
            "rate",
            "retries",
            "profile",
        )
        return {name: getattr(self, name) for name in shown}


class Reader:
    """Looks an option up: command line, then ini, then environment, then the default."""

    def __init__(self, config: pytest.Config, environment: Mapping[str, str]) -> None:
        self._config = config
        self._environment = environment
        self._sources = {name: (ini, variable) for name, ini, variable, _ in OPTIONS}

    def text(self, name: str, default: str = "") -> str:
        """The option as text."""
        given = self._config.getoption(name.lstrip("-").replace("-", "_"))
        if given is not None:
            return str(given)
        ini, variable = self._sources[name]
        if ini and self._config.getini(ini):
            return str(self._config.getini(ini)).strip()
        return self._environment.get(variable, default) if variable else default

    def on_command_line(self, name: str) -> bool:
        """Whether the option was given on the command line."""
        return self._config.getoption(name.lstrip("-").replace("-", "_")) is not None

    def flag(self, name: str) -> bool:
        """A switch, from the command line or its ini key."""
        key = name.lstrip("-").replace("-", "_")
        return bool(self._config.getoption(key) or self._config.getini(key))

    def number(self, name: str, kind: Callable[[str], _T], default: _T, least: float) -> _T:
        """A number not below ``least``; raises UsageError naming the option."""
        text = self.text(name)
        if not text:
            return default
        try:
            value = kind(text)
        except ValueError:
            raise UsageError(f"{name}: {text!r} is not a number") from None
        if not float(value) >= least:  # type: ignore[arg-type]
            raise UsageError(f"{name}: {text} is below {least:g}")
        return value

    def words(self, name: str) -> tuple[str, ...]:
        """A comma-separated list."""
        return tuple(word.strip() for word in self.text(name).split(",") if word.strip())

    def one_of(self, name: str, choices: tuple[str, ...], default: str) -> str:
        """A closed vocabulary; ini and environment are checked as the command line is."""
        value = self.text(name, default)
        if value not in choices:
            raise UsageError(f"{name}: {value!r} is none of {', '.join(choices)}")
        return value


def read(config: pytest.Config, environment: Mapping[str, str] = os.environ) -> RunConfig:
    """Read the whole configuration; raises UsageError for anything that cannot be used, in one line."""
    reader = Reader(config, environment)
    warnings: list[str] = []
    if config.getoption("scim") and config.getoption("scim_url"):
        raise UsageError("--scim and --scim-url: name one target, not two")
    url = "" if config.getoption("scim") else reader.text("--scim-url")
    if not url and not config.getoption("scim"):
        raise UsageError("--scim-url: empty; name a base URL, or use --scim for the in-process provider")
    if url and reader.words("--scim-profile"):
        raise UsageError("--scim-profile: shapes the in-process provider; it cannot be combined with --scim-url")
    if reader.on_command_line("--scim-token"):
        warnings.append(
            "a token on the command line is visible to others on this machine; SCIM_TOKEN or --scim-token-file is not"
        )
    flagged = "aadoptscim062020" in url.lower()
    app = load_app(reader.text("--scim-app") or DEFAULT)
    return RunConfig(
        url=url,
        auth=reader.one_of(
            "--scim-auth", ("bearer", "basic", "oauth-client-credentials", "header", "none"), _default_auth(reader, url)
        ),
        user=reader.text("--scim-user"),
        oauth_token_url=reader.text("--scim-oauth-token-url"),
        oauth_client_id=reader.text("--scim-oauth-client-id"),
        oauth_scope=reader.text("--scim-oauth-scope"),
        oauth_placement=reader.one_of("--scim-oauth-placement", ("header", "body"), "header"),
        secrets=_secrets(reader, environment),
        profile=reader.words("--scim-profile"),
        app=reader.text("--scim-app"),
        flag=reader.one_of("--scim-flag", ("off", "on", "both"), "on" if flagged else app.flag or "both"),
        select=reader.words("--scim-select"),
        deselect=reader.words("--scim-deselect"),
        strict=reader.flag("--scim-strict"),
        read_only=reader.flag("--scim-read-only"),
        redact_path=reader.flag("--scim-redact-path"),
        depth=reader.one_of("--scim-depth", ("quick", "standard", "deep"), "standard"),
        seed=reader.number("--scim-seed", int, secrets.randbelow(_SEEDS), 0),
        timeout=reader.number("--scim-timeout", float, 30.0, 0.001),
        rate=reader.number("--scim-rate", float, None, 0.001),
        retries=reader.number("--scim-retries", int, 3, 0),
        ca=reader.text("--scim-ca"),
        proxy=reader.text("--scim-proxy"),
        headers=_headers(config),
        report=reader.text("--scim-report"),
        json=reader.text("--scim-json"),
        gallery=reader.text("--scim-gallery"),
        gallery_input=gallery.read_input(reader, environment),
        warnings=tuple(warnings),
        notes=tuple(f"app {app.name}: {problem.text}" for problem in problems(app.schema)),
    )


def _default_auth(reader: Reader, url: str) -> str:
    named = reader.text("--scim-token") or reader.text("--scim-token-file")
    return "bearer" if named or not url else "none"


def _secrets(reader: Reader, environment: Mapping[str, str]) -> Secrets:
    from scimcheck.client.auth import read_token_file

    def token(option: str) -> str:
        file = reader.text(option)
        return read_token_file(Path(file)) if file else ""

    direct = reader.on_command_line("--scim-token")
    given = reader.text("--scim-token") if direct else token("--scim-token-file") or reader.text("--scim-token")
    return Secrets(
        token=given.strip(),
        password=environment.get("SCIM_PASSWORD", ""),
        auth_header=reader.text("--scim-auth-header"),
        client_secret=environment.get("SCIM_OAUTH_CLIENT_SECRET", ""),
        second_token=token("--scim-second-token-file"),
        expired_token=token("--scim-expired-token-file"),
    )


def _headers(config: pytest.Config) -> tuple[tuple[str, str], ...]:
    lines = config.getoption("scim_header") or config.getini("scim_header") or []
    headers: list[tuple[str, str]] = []
    for line in lines:
        name, colon, value = line.partition(":")
        if not colon or not name.strip() or any(ord(c) <= 32 or ord(c) > 126 for c in name.strip()):
            raise UsageError(f"--scim-header: {line.split(':')[0]!r} is not of the form NAME:VALUE")
        headers.append((name.strip(), value.strip()))
    return tuple(headers)


def with_seed(run: RunConfig, seed: int) -> RunConfig:
    """The configuration with the seed that the controller drew."""
    return replace(run, seed=seed)
