"""pytest entry point: options, ini keys, markers and the two hooks that decide whether scimcheck takes part.

Imports pytest and the standard library only: installed but unused, the plugin costs nothing.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

#: (option, ini key or None, environment variable or None, keyword arguments of ``addoption``)
OPTIONS: tuple[tuple[str, str | None, str | None, dict[str, object]], ...] = (
    (
        "--scim-url",
        "scim_url",
        "SCIM_URL",
        {"metavar": "URL", "help": "base URL of the service provider to certify; a query on it rides on every request"},
    ),
    (
        "--scim-token",
        None,
        "SCIM_TOKEN",
        {"metavar": "TOKEN", "help": "bearer token (better: SCIM_TOKEN or --scim-token-file)"},
    ),
    (
        "--scim-token-file",
        "scim_token_file",
        "SCIM_TOKEN_FILE",
        {"metavar": "FILE", "help": "file whose only line is the bearer token"},
    ),
    (
        "--scim-auth",
        "scim_auth",
        "SCIM_AUTH",
        {
            "choices": ("bearer", "basic", "oauth-client-credentials", "header", "none"),
            "help": "how to authenticate (default: bearer with a token, none without)",
        },
    ),
    (
        "--scim-user",
        "scim_user",
        "SCIM_USER",
        {"metavar": "NAME", "help": "user name for --scim-auth basic; the password is SCIM_PASSWORD"},
    ),
    (
        "--scim-auth-header",
        None,
        "SCIM_AUTH_HEADER",
        {
            "metavar": "NAME:VALUE",
            "help": "whole Authorization header for --scim-auth header (better: SCIM_AUTH_HEADER)",
        },
    ),
    (
        "--scim-oauth-token-url",
        "scim_oauth_token_url",
        "SCIM_OAUTH_TOKEN_URL",
        {"metavar": "URL", "help": "token endpoint for oauth-client-credentials"},
    ),
    (
        "--scim-oauth-client-id",
        "scim_oauth_client_id",
        "SCIM_OAUTH_CLIENT_ID",
        {"metavar": "ID", "help": "client id; the secret is SCIM_OAUTH_CLIENT_SECRET"},
    ),
    (
        "--scim-oauth-scope",
        "scim_oauth_scope",
        "SCIM_OAUTH_SCOPE",
        {"metavar": "SCOPE", "help": "scope to ask for, if any"},
    ),
    (
        "--scim-oauth-placement",
        "scim_oauth_placement",
        "SCIM_OAUTH_PLACEMENT",
        {"choices": ("header", "body"), "help": "where the client credentials travel (default: header)"},
    ),
    (
        "--scim-federation-token-url",
        "scim_federation_token_url",
        "SCIM_FEDERATION_TOKEN_URL",
        {"metavar": "URL", "help": "token endpoint that exchanges a token of Entra, for the gallery's federation test"},
    ),
    (
        "--scim-federation-client-id",
        "scim_federation_client_id",
        "SCIM_FEDERATION_CLIENT_ID",
        {"metavar": "ID", "help": "client id that goes with the exchange"},
    ),
    (
        "--scim-federation-issuer-url",
        "scim_federation_issuer_url",
        "SCIM_FEDERATION_ISSUER_URL",
        {"metavar": "URL", "help": "token endpoint of the issuer (Entra's, of the tenant)"},
    ),
    (
        "--scim-federation-application-id",
        "scim_federation_application_id",
        "SCIM_FEDERATION_APPLICATION_ID",
        {"metavar": "ID", "help": "application at the issuer; its secret is SCIM_FEDERATION_SECRET"},
    ),
    (
        "--scim-federation-assertion-file",
        "scim_federation_assertion_file",
        "SCIM_FEDERATION_ASSERTION_FILE",
        {"metavar": "FILE", "help": "a token of the issuer that was got elsewhere, instead of asking for one"},
    ),
    (
        "--scim-federation-audience",
        "scim_federation_audience",
        "SCIM_FEDERATION_AUDIENCE",
        {"metavar": "NAME", "help": "audience of a token exchange with Google"},
    ),
    (
        "--scim-second-token-file",
        "scim_second_token_file",
        "SCIM_SECOND_TOKEN_FILE",
        {"metavar": "FILE", "help": "a valid token of another tenant, for the isolation checks"},
    ),
    (
        "--scim-expired-token-file",
        "scim_expired_token_file",
        "SCIM_EXPIRED_TOKEN_FILE",
        {"metavar": "FILE", "help": "a token that has expired, for the token checks"},
    ),
    (
        "--scim-profile",
        "scim_profile",
        None,
        {
            "metavar": "NAMES",
            "help": "profiles (by name or file), deviations and variants of the in-process provider, comma separated",
        },
    ),
    (
        "--scim-app",
        "scim_app",
        "SCIM_APP",
        {
            "metavar": "NAME",
            "help": "Entra app whose mappings the replay follows: a name (scimcheck list apps), or the file of a"
            " synchronization schema (default: every request that Entra may send)",
        },
    ),
    (
        "--scim-flag",
        "scim_flag",
        "SCIM_FLAG",
        {
            "choices": ("off", "on", "both"),
            "help": "Entra dialects: aadOptscim062020 off, on, both (default: as the app has it, else both; on if the"
            " URL has the flag)",
        },
    ),
    (
        "--scim-select",
        "scim_select",
        None,
        {
            "metavar": "WORDS",
            "help": "run only these suites, requirement ids, levels, areas or sections, comma separated",
        },
    ),
    (
        "--scim-gallery-values",
        "scim_gallery_values",
        None,
        {"metavar": "FILE.json", "help": "values and domain that the endpoint accepts, for the gallery's tests"},
    ),
    ("--scim-deselect", "scim_deselect", None, {"metavar": "WORDS", "help": "leave these out, comma separated"}),
    (
        "--scim-depth",
        "scim_depth",
        "SCIM_DEPTH",
        {"choices": ("quick", "standard", "deep"), "help": "how many checks and examples (default: standard)"},
    ),
    (
        "--scim-seed",
        "scim_seed",
        "SCIM_SEED",
        {"metavar": "N", "help": "seed of all generated data (default: random, printed)"},
    ),
    ("--scim-timeout", "scim_timeout", None, {"metavar": "SECONDS", "help": "bound on each request (default: 30)"}),
    ("--scim-rate", "scim_rate", None, {"metavar": "N", "help": "at most N requests per second (default: no bound)"}),
    (
        "--scim-retries",
        "scim_retries",
        None,
        {"metavar": "N", "help": "retries after 429, 503 with Retry-After and lost connections (default: 3)"},
    ),
    ("--scim-ca", "scim_ca", "SCIM_CA", {"metavar": "FILE", "help": "CA bundle to trust besides the system's"}),
    ("--scim-proxy", "scim_proxy", "SCIM_PROXY", {"metavar": "URL", "help": "proxy for all requests"}),
    (
        "--scim-report",
        "scim_report",
        None,
        {"metavar": "FILE.html", "help": "HTML report (default: reports/<host>-<time>.html)"},
    ),
    (
        "--scim-json",
        "scim_json",
        None,
        {"metavar": "FILE.json", "help": "JSON record (default: beside the HTML report)"},
    ),
    (
        "--scim-gallery",
        "scim_gallery",
        None,
        {"metavar": "FILE.json", "help": "result of the gallery's tests (default: beside the JSON record)"},
    ),
)

_FLAGS: tuple[tuple[str, str, str], ...] = (
    ("--scim", "scim", "run the bundled suites against the in-process reference provider"),
    ("--scim-strict", "scim_strict", "count broken SHOULD clauses as failures"),
    ("--scim-read-only", "scim_read_only", "send nothing that writes; checks that need to write are not applicable"),
    ("--scim-redact-path", "scim_redact_path", "treat long path segments of the URL as secrets in every output"),
)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Declare the options and ini keys; reading them is the business of ``scimcheck.plugin.options``."""
    group = parser.getgroup("scimcheck", "SCIM 2.0 conformance and Microsoft Entra compatibility")
    for name, key, help_text in _FLAGS:
        group.addoption(name, action="store_true", default=None, help=help_text)
        if key != "scim":
            parser.addini(key, f"ini twin of {name}", type="bool", default=None)
    for option, ini, _, arguments in OPTIONS:
        group.addoption(option, default=None, **arguments)
        if ini:
            parser.addini(ini, f"ini twin of {option}", default=None)
    group.addoption(
        "--scim-header",
        action="append",
        default=None,
        metavar="NAME:VALUE",
        help="extra header on every request; repeatable",
    )
    parser.addini("scim_header", "ini twin of --scim-header", type="linelist", default=None)


def _target_named(config: pytest.Config) -> bool:
    """Whether a target is named: by option, or by ini key or environment variable when no foreign path is given."""
    options = config.known_args_namespace
    if options.scim or options.scim_url:
        return True
    if not (os.environ.get("SCIM_URL") or config.getini("scim_url")):
        return False
    paths = options.file_or_dir
    return not paths or any(_is_ours(path) for path in paths)


def _is_ours(path: str) -> bool:
    """Whether a path given to pytest names the bundled suites, or a part of them."""
    from scimcheck.resources import bundled

    suites = bundled("suites")
    place = Path(path.partition("::")[0]).resolve()
    return path.startswith("scimcheck.suites") or place == suites or suites in place.parents


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config, args: list[str]) -> None:
    """With a target named and no path given, run the bundled suites; an explicit path wins over them."""
    if _target_named(early_config) and not early_config.known_args_namespace.file_or_dir:
        from scimcheck.resources import suite_args

        args.extend(suite_args())


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Register the marker; hand over to the session plugin when a target is named."""
    config.addinivalue_line("markers", "scim(info): a SCIM conformance check; use scimcheck.harness.check")
    config.addinivalue_line("markers", "xdist_group(name): checks that run in order, in one process of pytest-xdist")
    if _target_named(config):
        from scimcheck.plugin import start

        start(config)
