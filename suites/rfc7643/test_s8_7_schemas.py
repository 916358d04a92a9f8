"""RFC 7643 §8.7: the content of the published standard schemas, compared with the standard's.

A server may leave attributes out and be stricter; the legitimate variations stand in the fixtures.
"""

from __future__ import annotations

from collections.abc import Mapping

from scimcheck.checks.comparison import Variations, attribute_flaws
from scimcheck.core import urns
from scimcheck.harness import check
from scimcheck.harness.documents import (
    SCHEMAS,
    document,
    judge_flaws,
    schema_variations,
    standard_schemas,
)
from scimcheck.harness.judge import Judge
from scimcheck.harness.target import Target

Clauses = Mapping[str, tuple[str, ...]]

USER: Clauses = {
    "RFC7643-8.7.1-01": ("userName",),
    "RFC7643-8.7.1-02": ("name",),
    "RFC7643-8.7.1-03": ("displayName",),
    "RFC7643-8.7.1-04": ("nickName",),
    "RFC7643-8.7.1-05": ("profileUrl",),
    "RFC7643-8.7.1-06": ("title",),
    "RFC7643-8.7.1-07": ("userType",),
    "RFC7643-8.7.1-08": ("preferredLanguage",),
    "RFC7643-8.7.1-09": ("locale",),
    "RFC7643-8.7.1-10": ("timezone",),
    "RFC7643-8.7.1-11": ("active",),
    "RFC7643-8.7.1-12": ("password",),
    "RFC7643-8.7.1-13": ("emails",),
    "RFC7643-8.7.1-14": ("phoneNumbers",),
    "RFC7643-8.7.1-15": ("ims",),
    "RFC7643-8.7.1-16": ("photos",),
    "RFC7643-8.7.1-17": ("addresses",),
    "RFC7643-8.7.1-18": ("groups",),
    "RFC7643-8.7.1-19": ("entitlements",),
    "RFC7643-8.7.1-20": ("roles",),
    "RFC7643-8.7.1-21": ("x509Certificates",),
}
GROUP: Clauses = {
    "RFC7643-8.7.1-22": ("displayName",),
    "RFC7643-8.7.1-23": ("members",),
}
ENTERPRISE: Clauses = {
    "RFC7643-8.7.1-24": ("employeeNumber",),
    "RFC7643-8.7.1-25": ("costCenter",),
    "RFC7643-8.7.1-26": ("organization",),
    "RFC7643-8.7.1-27": ("division",),
    "RFC7643-8.7.1-28": ("department",),
    "RFC7643-8.7.1-29": ("manager",),
}
CONFIGURATION: Clauses = {
    "RFC7643-8.7.2-01": ("documentationUri",),
    "RFC7643-8.7.2-02": ("patch", "changePassword", "sort", "etag"),
    "RFC7643-8.7.2-03": ("bulk",),
    "RFC7643-8.7.2-04": ("filter",),
    "RFC7643-8.7.2-05": ("authenticationSchemes",),
}
RESOURCE_TYPE: Clauses = {
    "RFC7643-8.7.2-06": ("name", "description", "endpoint"),
    "RFC7643-8.7.2-07": ("schema",),
    "RFC7643-8.7.2-08": ("schemaExtensions",),
}
SCHEMA: Clauses = {
    "RFC7643-8.7.2-09": ("name", "description"),
    "RFC7643-8.7.2-10": ("attributes",),
    "RFC7643-8.7.2-11": ("attributes.subAttributes",),
}


def _judge_schema(scim: Target, judge: Judge, urn: str, clauses: Clauses, *besides: str) -> None:
    """Compare one published schema; it is not applicable where nothing of the target uses the schema."""
    schemas = document(scim, judge, SCHEMAS)
    published = schemas.entry(urn)
    if published is None:
        if any(urn.lower() == used.lower() for model in scim.models for used in model.schema_uris):
            judge.blocked("RFC7644-4-02", f"{urn} is used and not published")
        judge.not_applicable(f"the target does not publish {urn}")
        return
    standard = standard_schemas()[urn.lower()]
    variations = Variations.of(schema_variations(), urn)
    for requirement, names in clauses.items():
        left_out = [path for path in besides if path not in names]
        flaws = attribute_flaws(published, standard, variations, names, left_out)
        judge_flaws(judge, requirement, flaws, schemas.exchanges)


@check(*USER, writes=False)
def test_user_schema(scim: Target, judge: Judge) -> None:
    """The attributes of User are defined as the standard defines them, or stricter."""
    _judge_schema(scim, judge, urns.USER, USER)


@check(*GROUP, writes=False)
def test_group_schema(scim: Target, judge: Judge) -> None:
    """The attributes of Group are defined as the standard defines them, or stricter."""
    _judge_schema(scim, judge, urns.GROUP, GROUP)


@check(*ENTERPRISE, writes=False)
def test_enterprise_schema(scim: Target, judge: Judge) -> None:
    """The attributes of the enterprise extension are defined as the standard defines them, or stricter."""
    _judge_schema(scim, judge, urns.ENTERPRISE_USER, ENTERPRISE)


@check(*CONFIGURATION, writes=False)
def test_configuration_schema(scim: Target, judge: Judge) -> None:
    """The schema of ServiceProviderConfig, where it is published, is the standard's."""
    _judge_schema(scim, judge, urns.SERVICE_PROVIDER_CONFIG, CONFIGURATION)


@check(*RESOURCE_TYPE, writes=False)
def test_resource_type_schema(scim: Target, judge: Judge) -> None:
    """The schema of ResourceType, where it is published, is the standard's."""
    _judge_schema(scim, judge, urns.RESOURCE_TYPE, RESOURCE_TYPE)


@check(*SCHEMA, writes=False)
def test_schema_schema(scim: Target, judge: Judge) -> None:
    """The schema of Schema, where it is published, is the standard's."""
    _judge_schema(scim, judge, urns.SCHEMA, SCHEMA, "attributes.subAttributes")
