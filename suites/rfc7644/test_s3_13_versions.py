"""RFC 7644 §3.13: versions of the protocol in URLs. Only a base URL with a version in it can be judged in full."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from scimcheck.client.exchange import Exchange
from scimcheck.core import urns
from scimcheck.core.schema import ResourceModel
from scimcheck.harness import check
from scimcheck.harness.attempts import attempt
from scimcheck.harness.judge import Judge
from scimcheck.harness.target import Target

_VERSION = re.compile(r"/v\d+(?=/|$)")


def _elsewhere(scim: Target, version: str, path: str) -> str:
    """The URL of a path below the base URL with another version, or none, in the place of the last one."""
    base = scim.session.base.url
    *_, last = _VERSION.finditer(base)
    return base[: last.start()] + version + base[last.end() :] + path


@check("RFC7644-3.13-01", needs=("create", "read"))
def test_version_stands_before_the_endpoint(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """Where a resource's location has a version in it, the endpoint follows directly."""
    resource = scim.shared(model)[0]
    exchange = scim.shown(resource)
    meta = exchange.body.get("meta")
    location = str(meta.get("location") or "") if isinstance(meta, dict) else ""
    path = urlsplit(location).path
    versions = list(_VERSION.finditer(path))
    if not versions:
        judge.not_applicable("the location has no version in it")
        return
    found = versions[-1]
    own = _VERSION.search(urlsplit(scim.session.base.url).path)
    if path[found.end() :].startswith(f"{model.endpoint}/"):
        judge.expect("RFC7644-3.13-01", True, expected="", observed="", at=exchange)
    elif own is not None and path[: found.end()] == urlsplit(scim.session.base.url).path[: own.end()]:
        # A base URL such as /scim/v2/tenant is a matter of deployment.
        judge.advise(
            "RFC7644-3.13-01",
            expected=f"a version directly before {model.endpoint}",
            observed=f"meta.location {location!r}",
            at=exchange,
        )
    else:
        judge.expect(
            "RFC7644-3.13-01",
            False,
            expected=f"a version directly before {model.endpoint}, or none",
            observed=f"meta.location {location!r}",
            at=exchange,
        )


@check("RFC7644-3.13-02", "RFC7644-3.12-25", needs=("v2-path", "list"), writes=False)
def test_unknown_versions_are_refused(scim: Target, judge: Judge) -> None:
    """A request for a version that does not exist is refused: 400 invalidVers or 404."""
    asked = [attempt(scim, "GET", _elsewhere(scim, version, scim.primary.endpoint)) for version in ("/v99", "/v0")]
    exchanges = [exchange for exchange in asked if exchange is not None]
    for exchange in exchanges:
        judge.expect(
            "RFC7644-3.13-02",
            exchange.status >= 300,
            expected="400 invalidVers, or 404",
            observed=f"GET {exchange.url} → {exchange.status}",
            at=exchange,
        )
    refused = [exchange for exchange in exchanges if exchange.status == 400]
    if not refused:
        judge.skip("RFC7644-3.12-25", "an unknown version is not answered with 400")
    for exchange in refused:
        judge.expect("RFC7644-3.12-25", True, expected="", observed="", at=exchange)
        if exchange.scim_type != "invalidVers":
            judge.advise(
                "RFC7644-3.12-25",
                expected="scimType invalidVers",
                observed=f"scimType {exchange.body.get('scimType')!r}",
                at=exchange,
            )


@check("RFC7644-3.13-03", needs=("v2-path",), writes=False)
def test_newest_version_is_the_default(scim: Target, judge: Judge) -> None:
    """Where the service is there without a version in the URL, too, it speaks the newest protocol."""
    exchange = attempt(scim, "GET", _elsewhere(scim, "", "/ServiceProviderConfig"))
    if exchange is None or not _is_configuration(exchange):
        judge.not_applicable("the service is not offered without a version in the URL")
        return
    judge.expect(
        "RFC7644-3.13-03",
        urns.SERVICE_PROVIDER_CONFIG.lower() in str(exchange.body.get("schemas")).lower(),
        expected=f"schemas with {urns.SERVICE_PROVIDER_CONFIG}",
        observed=f"schemas: {exchange.body.get('schemas')!r}",
        at=exchange,
    )


def _is_configuration(exchange: Exchange) -> bool:
    """Whether the answer is a SCIM configuration of whatever version."""
    return exchange.ok and isinstance(exchange.body.get("schemas"), list) and "patch" in exchange.body
