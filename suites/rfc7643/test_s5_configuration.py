"""RFC 7643 §5: the content of ServiceProviderConfig. Whether it tells the truth is judged in ``test_s5_truth``."""

from __future__ import annotations

from scimcheck.checks import discovery
from scimcheck.checks.flaws import names_urn, objects
from scimcheck.core import urns
from scimcheck.harness import check
from scimcheck.harness.documents import CONFIG, answer, configuration, judge_flaws
from scimcheck.harness.judge import Judge
from scimcheck.harness.target import Target

FEATURES = {
    "patch": "RFC7643-5-05",
    "bulk": "RFC7643-5-06",
    "filter": "RFC7643-5-07",
    "changePassword": "RFC7643-5-08",
    "sort": "RFC7643-5-09",
    "etag": "RFC7643-5-10",
}
LIMITS = {
    "RFC7643-5-11": ("bulk", "maxOperations"),
    "RFC7643-5-12": ("bulk", "maxPayloadSize"),
    "RFC7643-5-13": ("filter", "maxResults"),
}


@check("RFC7643-5-01", depth="quick", writes=False)
def test_configuration_carries_its_urn(scim: Target, judge: Judge) -> None:
    """The configuration says in schemas what it is."""
    config, exchange = configuration(scim, judge)
    judge.expect(
        "RFC7643-5-01",
        names_urn(config, urns.SERVICE_PROVIDER_CONFIG),
        expected=f"schemas with {urns.SERVICE_PROVIDER_CONFIG}",
        observed=f"schemas: {config.get('schemas')!r}",
        at=exchange,
    )


@check(*FEATURES.values(), depth="quick", writes=False)
def test_every_feature_is_advertised(scim: Target, judge: Judge) -> None:
    """Each of the six features has an object with a boolean ``supported``."""
    config, exchange = configuration(scim, judge)
    for feature, requirement in FEATURES.items():
        judge_flaws(judge, requirement, discovery.feature_flaws(config, feature), exchange)


@check(*LIMITS, writes=False)
def test_limits_are_integers(scim: Target, judge: Judge) -> None:
    """The limits of bulk and filter are integers that are not negative."""
    config, exchange = configuration(scim, judge)
    for requirement, (feature, name) in LIMITS.items():
        if not isinstance(config.get(feature), dict):
            judge.skip(requirement, f"the configuration has no {feature}")
        else:
            judge_flaws(judge, requirement, discovery.limit_flaws(config, feature, name), exchange)


@check("RFC7643-5-04", writes=False)
def test_documentation_is_on_the_web(scim: Target, judge: Judge) -> None:
    """documentationUri, where it is given, is the URL of a page."""
    config, exchange = configuration(scim, judge)
    judge_flaws(judge, "RFC7643-5-04", discovery.url_flaws(config, "documentationUri"), exchange)


@check("RFC7643-5-16", writes=False)
def test_authentication_schemes_are_listed(scim: Target, judge: Judge) -> None:
    """authenticationSchemes is an array of objects; only an open service leaves it empty."""
    config, exchange = configuration(scim, judge)
    protected = scim.identities.valid is not None
    judge_flaws(judge, "RFC7643-5-16", discovery.schemes_flaws(config, protected=protected), exchange)


@check("RFC7643-5-17", "RFC7643-5-18", "RFC7643-5-19", "RFC7643-5-20", "RFC7643-5-21", writes=False)
def test_authentication_schemes_describe_themselves(scim: Target, judge: Judge) -> None:
    """Each scheme has type, name and description; URLs are URLs, and one scheme at most is the primary one."""
    config, exchange = configuration(scim, judge)
    schemes = objects(config.get("authenticationSchemes"))
    if not schemes:
        judge.not_applicable("the configuration lists no authentication scheme")
    judge_flaws(judge, "RFC7643-5-17", discovery.scheme_flaws(config, "type"), exchange)
    judge_flaws(judge, "RFC7643-5-18", discovery.scheme_flaws(config, "name"), exchange)
    judge_flaws(judge, "RFC7643-5-19", discovery.scheme_flaws(config, "description", empty=True), exchange)
    urls = [
        flaw
        for number, scheme in enumerate(schemes)
        for flaw in discovery.url_flaws(
            scheme, "specUri", "documentationUri", where=f"authenticationSchemes[{number}]."
        )
    ]
    judge_flaws(judge, "RFC7643-5-20", urls, exchange)
    judge_flaws(judge, "RFC7643-5-21", discovery.primary_flaws(config), exchange)


@check("RFC7643-5-22", needs=("auth",), writes=False)
def test_configuration_is_public(scim: Target, judge: Judge) -> None:
    """The configuration can be read before a client has credentials."""
    if answer(scim, CONFIG).status != 200:
        judge.blocked("RFC7644-3.2-06", "the configuration cannot be read with credentials, either")
    exchange = scim.get(CONFIG, auth=None)
    judge.status("RFC7643-5-22", exchange, 200)
