"""The gallery's validation in a run: what it was given for it, and the result document made of its findings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timezone
from pathlib import Path
from typing import TYPE_CHECKING

from scimcheck.checks.findings import Finding, Verdict
from scimcheck.client.auth import read_token_file
from scimcheck.client.redact import Redactor
from scimcheck.client.url import BaseUrl
from scimcheck.core.errors import UsageError
from scimcheck.core.json import JSONObject
from scimcheck.entra.apps import DEFAULT, load_app
from scimcheck.entra.gallery.app_mapping import mapping_of
from scimcheck.entra.gallery.document import result_document
from scimcheck.entra.gallery.results import SKIPPED, GalleryResult, Outcome, failed_direct, judge_gallery, success
from scimcheck.entra.gallery.tests import GalleryTest, gallery_tests
from scimcheck.harness.gallery_input import INPUT, Federation, GalleryInput, read_values
from scimcheck.harness.target import Target

if TYPE_CHECKING:
    from scimcheck.plugin.options import Reader, RunConfig

#: The wire profiles, by the dialect that each one speaks.
WIRE_PROFILES = {"compliant": "C", "legacy": "L"}


def read_input(reader: Reader, environment: Mapping[str, str]) -> GalleryInput:
    """What the options give; UsageError, in one line, for what cannot be used."""
    file, app = reader.text("--scim-gallery-values"), reader.text("--scim-app")
    given = read_values(Path(file)) if file else GalleryInput()
    return GalleryInput(
        given.domain,
        given.values,
        oauth_scope=reader.text("--scim-oauth-scope"),
        federation=_federation(reader, environment),
        mapping=mapping_of(load_app(app)) if app not in ("", DEFAULT) else None,
    )


def _federation(reader: Reader, environment: Mapping[str, str]) -> Federation | None:
    """The settings of federation; ``None`` without a token endpoint for it."""
    token_url = _address(reader, "--scim-federation-token-url")
    if not token_url:
        return None
    file = reader.text("--scim-federation-assertion-file")
    made = Federation(
        token_url,
        client_id=reader.text("--scim-federation-client-id"),
        issuer_url=_address(reader, "--scim-federation-issuer-url"),
        application_id=reader.text("--scim-federation-application-id"),
        secret=environment.get("SCIM_FEDERATION_SECRET", ""),
        assertion=read_token_file(Path(file)) if file else "",
        audience=reader.text("--scim-federation-audience"),
    )
    if not made.assertion and not (made.issuer_url and made.application_id):
        raise UsageError(
            "--scim-federation-token-url: needs --scim-federation-issuer-url with --scim-federation-application-id, "
            "or --scim-federation-assertion-file"
        )
    return made


def _address(reader: Reader, option: str) -> str:
    """An option that is a URL, or empty."""
    text = reader.text(option)
    try:
        if text:
            BaseUrl.parse(text)
    except UsageError as error:
        raise UsageError(f"{option}: {str(error).removeprefix('base URL: ')}") from None
    return text


def give(target: Target, config: RunConfig) -> None:
    """Lay what the run was given where the gallery's tests look for it; the bundled provider trusts its own issuer."""
    given = config.gallery_input
    if config.in_process and target.identities.oauth is not None:
        given = replace(given, federation=_bundled(target, target.identities.oauth.token_url))
    target.cache[INPUT] = given
    hide(target.session.redactor, given.federation)


def _bundled(target: Target, token_url: str) -> Federation:
    from scimcheck.provider import federation

    return Federation(
        token_url,
        client_id=federation.CLIENT,
        issuer_url=f"{target.session.base.url}{federation.ISSUER_ENDPOINT}",
        application_id=federation.APPLICATION,
        secret=federation.APPLICATION_SECRET,
    )


def hide(redactor: Redactor, federation: Federation | None) -> None:
    """Make the secrets of federation known to the redactor."""
    if federation is not None:
        redactor.add_secret(federation.secret, "federation-secret")
        redactor.add_secret(federation.assertion, "federation-assertion")


def token_endpoints(target: Target) -> set[str]:
    """The addresses of federation, whose messages are none of SCIM's."""
    given: GalleryInput = target.cache.get(INPUT) or GalleryInput()
    if given.federation is None:
        return set()
    return {given.federation.token_url.partition("?")[0], given.federation.issuer_url.partition("?")[0]}


# The result ---------------------------------------------------------------------------------------------------


def document(findings: Iterable[Finding], config: RunConfig, endpoint: str, started: datetime) -> JSONObject | None:
    """The result document of the run; ``None`` when no test of the gallery ran."""
    everything = list(findings)
    results = [made for test in gallery_tests() if (made := _result(test, everything))]
    if not results:
        return None
    return result_document(results, judge_gallery(results), _facts(config, endpoint, started))


def _result(test: GalleryTest, findings: Iterable[Finding]) -> GalleryResult | None:
    """What the findings on one test amount to; ``None`` when it did not run to an end."""
    own = [finding for finding in findings if finding.requirement == test.requirement]
    failed = [f for f in own if f.verdict is Verdict.FAILED or (f.verdict is Verdict.ADVISORY and test.optional)]
    errors = [f for f in own if f.verdict is Verdict.ERROR]
    if failed or errors:
        first = (failed or errors)[0]
        text = first.observed if failed else failed_direct("Send_Request", f"no usable answer: {first.observed}")
        return GalleryResult(test, Outcome.FAILED, text, _where(failed or errors, own))
    remarks = [f.observed for f in own if f.verdict is Verdict.ADVISORY]
    passed = [f for f in own if f.verdict is Verdict.PASSED]
    if passed or remarks:
        text = passed[0].observed if passed else success(test)
        told = [*remarks, *dict.fromkeys(f.hint for f in passed if f.hint)]
        return GalleryResult(test, Outcome.PASSED, text, "; ".join(told))
    skipped = next((f.observed for f in own if f.observed.startswith(SKIPPED)), "")
    text, _, reason = skipped.partition(": ")
    return GalleryResult(test, Outcome.SKIPPED, text, reason) if skipped else None


def _where(failed: Iterable[Finding], own: Iterable[Finding]) -> str:
    """In which wire profiles it failed, where it ran in several."""
    profiles = [WIRE_PROFILES[f.dialect] for f in failed if f.dialect in WIRE_PROFILES]
    ran = {f.dialect for f in own if f.dialect in WIRE_PROFILES}
    return f"failed in wire profile {' and '.join(dict.fromkeys(profiles))}" if profiles and len(ran) > 1 else ""


def _facts(config: RunConfig, endpoint: str, started: datetime) -> JSONObject:
    now = datetime.now(timezone.utc)
    seconds = int((now - started).total_seconds())
    return {
        "timestamp": _instant(now),
        "startTime": _instant(started),
        "endTime": _instant(now),
        "duration": f"{seconds // 3600}h {seconds // 60 % 60}m {seconds % 60}s",
        "parameters": {"scimEndpoint": endpoint, **config.described()},
        "seed": config.seed,
        "wireProfiles": {WIRE_PROFILES[dialect]: dialect for dialect in config.dialects},
    }


def _instant(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03}Z"
