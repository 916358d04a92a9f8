"""A look at the target before anything is written: is there a SCIM service provider, and does it let us in?"""

from __future__ import annotations

import re
from dataclasses import dataclass

from scimcheck.client.auth import NoAuth
from scimcheck.client.errors import TargetError, TokenRefused
from scimcheck.client.exchange import Exchange
from scimcheck.client.session import Session
from scimcheck.core import urns

#: What a preflight can say; everything but ``ok`` ends the run with the exit code for wrong usage.
KINDS = (
    "ok", "unreachable", "tls", "timeout", "html", "redirect", "unauthorized", "forbidden", "wrong-path", "not-scim",
    "server-error",
)  # fmt: skip

_FROM_TARGET_ERROR = {
    "unreachable": ("unreachable", "check host and port of the base URL, the network and the proxy"),
    "tls": ("tls", "if the target has a certificate of its own authority, name that authority with --scim-ca"),
    "timeout": ("timeout", "check host and port, or allow more time with --scim-timeout"),
    "protocol": ("not-scim", "does the port speak HTTP, and is it http:// or https://?"),
    "too-large": ("not-scim", "is the base URL the SCIM endpoint?"),
}
_SCIM_1 = re.compile(r"urn:scim:schemas:core:1\.")


@dataclass(frozen=True, slots=True)
class Preflight:
    """The result: ``line`` says what was asked, what came and what to do; ``exchange`` is the answer it rests on."""

    ok: bool
    line: str
    kind: str
    exchange: Exchange | None = None


def preflight(session: Session) -> Preflight:
    """Ask for /ServiceProviderConfig and one user, and tell in one line whether a run makes sense. Read-only.

    A target without discovery endpoints passes if ``/Users`` answers with a list. A target whose discovery is public
    is asked for a user as well, as only that shows whether the credentials are good.
    """
    try:
        with session.purpose("preflight"):
            return _look(session)
    except TokenRefused as error:
        return Preflight(False, str(error), "unauthorized")
    except TargetError as error:
        kind, advice = _FROM_TARGET_ERROR[error.kind]
        return Preflight(False, f"{error}; {advice}", kind, error.exchange)


def _look(session: Session) -> Preflight:
    config = session.get("/ServiceProviderConfig")
    refusal = _refusal(config, session)
    if refusal is not None:
        return refusal
    if _is_config(config):
        users = session.get("/Users", params={"count": 1})
        if users.status in (401, 403):
            return _denied(users, session)
        return Preflight(True, f"{config.url} answered {config.status} with a ServiceProviderConfig", "ok", config)
    return _without_discovery(session, config)


def _without_discovery(session: Session, config: Exchange) -> Preflight:
    users = session.get("/Users", params={"count": 1})
    if _is_list(users):
        line = f"{users.url} answered {users.status} with a list, but {_what(config)}: there is no discovery"
        return Preflight(True, line, "ok", users)
    refusal = _refusal(users, session)
    if refusal is not None:
        return refusal
    if config.status == 404 or not config.ok:
        return Preflight(False, f"{_what(config)}, and {_what(users)}; {_path_advice(session)}", "wrong-path", config)
    return Preflight(False, f"{_what(config)}: {_not_scim(config)}", "not-scim", config)


def _refusal(exchange: Exchange, session: Session) -> Preflight | None:
    """What ends the preflight at once whatever was asked for; ``None`` when the answer has to be looked into."""
    status = exchange.status
    if 300 <= status < 400:
        target = exchange.header("location") or "nowhere"
        advice = "redirects are not followed, so that no token goes astray; name the address itself as base URL"
        return Preflight(False, f"{_what(exchange)} to {target}: {advice}", "redirect", exchange)
    if status in (401, 403):
        return _denied(exchange, session)
    if status >= 500 and status != 501:
        return Preflight(
            False, f"{_what(exchange)}: the target is failing, ask its operator or try later", "server-error", exchange
        )
    if status == 429:
        advice = "the target keeps asking to slow down; lower --scim-rate"
        return Preflight(False, f"{_what(exchange)}: {advice}", "server-error", exchange)
    if exchange.ok and _is_html(exchange):
        advice = f"that is a web page, not SCIM; {_path_advice(session)}"
        return Preflight(False, f"{_what(exchange)}: {advice}", "html", exchange)
    return None


def _denied(exchange: Exchange, session: Session) -> Preflight:
    challenge = exchange.header("www-authenticate")
    stated = f" ({challenge})" if challenge else ""
    if exchange.status == 403:
        advice = "the credentials are known but may not do this; give them access to provisioning"
        return Preflight(False, f"{_what(exchange)}{stated}: {advice}", "forbidden", exchange)
    if isinstance(session.credentials, NoAuth):
        advice = "credentials are needed; give a token with --scim-token-file or SCIM_TOKEN"
    else:
        advice = "the credentials were refused; is the token complete, current and meant for this target?"
    return Preflight(False, f"{_what(exchange)}{stated}: {advice}", "unauthorized", exchange)


def _what(exchange: Exchange) -> str:
    """What was asked and what came: ``URL answered 404 with text/html``."""
    kind = f" with {exchange.media_type}" if exchange.media_type else ""
    return f"{exchange.url} answered {exchange.status}{kind}"


def _path_advice(session: Session) -> str:
    last = session.base.path.rpartition("/")[2]
    if last.lower() in ("users", "groups", "serviceproviderconfig", "schemas", "resourcetypes"):
        return f"the base URL ends with /{session.redactor.text(last)}, leave that off"
    if "scim" not in session.base.path.lower():
        return "is the base URL missing its /scim path?"
    return "is the path of the base URL right, with its version segment (such as /v2) if there is one?"


def _not_scim(exchange: Exchange) -> str:
    if _SCIM_1.search(exchange.text):
        return "the target speaks SCIM 1.1; SCIM 2.0 is needed"
    if not exchange.is_json:
        return "the body is not JSON, so this is not a SCIM endpoint"
    return "the body is neither a ServiceProviderConfig nor is there a list at /Users, so this is not SCIM 2.0"


def _is_html(exchange: Exchange) -> bool:
    return "html" in exchange.media_type or exchange.text.lstrip()[:15].lower().startswith(("<!doctype html", "<html"))


def _is_config(exchange: Exchange) -> bool:
    """Whether a body is recognisably a ServiceProviderConfig; how good a one is for the checks to say."""
    schemas = exchange.body.get("schemas")
    listed = isinstance(schemas, list) and urns.SERVICE_PROVIDER_CONFIG in schemas
    features = {"patch", "bulk", "filter", "sort", "etag", "changePassword", "authenticationSchemes"}
    likely = len(features & exchange.body.keys()) >= 3 and not _SCIM_1.search(exchange.text)
    return exchange.ok and (listed or likely)


def _is_list(exchange: Exchange) -> bool:
    schemas = exchange.body.get("schemas")
    listed = isinstance(schemas, list) and urns.LIST_RESPONSE in schemas
    likely = "Resources" in exchange.body or "totalResults" in exchange.body
    return exchange.ok and (listed or (likely and not _SCIM_1.search(exchange.text)))
