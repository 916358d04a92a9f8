"""RFC 7643 §4.1.1: the singular attributes of User beside userName; passwords are in test_s4_1_1_passwords.py."""

from __future__ import annotations

import re

import pytest

from scimcheck.client.exchange import Exchange
from scimcheck.core.json import JSON
from scimcheck.core.resource import member
from scimcheck.core.schema import Attribute
from scimcheck.core.values import has_value
from scimcheck.harness import check
from scimcheck.harness.judge import Judge
from scimcheck.harness.representation import kept, put_body
from scimcheck.harness.target import Resource, Target

_LANGUAGE_TAG = re.compile(r"[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*")


def _attribute(judge: Judge, user: Resource, name: str) -> Attribute:
    """The definition of a User attribute; ends the check when the target has none, or restricts its values."""
    attribute = user.model.core.attribute(name)
    if attribute is None or attribute.mutability.value != "readWrite":
        judge.not_applicable(f"the target declares no {name} that a client may set")
        raise AssertionError
    return attribute


def _round_trip(
    scim: Target,
    judge: Judge,
    requirement: str,
    user: Resource,
    attribute: Attribute,
    value: JSON,
    *,
    warn: bool = False,
) -> JSON:
    """Create a User with the value and expect it back; what is shown. With ``warn`` a refusal is an advisory."""
    exchange = scim.post(user.model.endpoint, json={**scim.payload(user.model), attribute.name: value})
    if not exchange.ok and warn and exchange.status < 500:
        judge.advise(
            requirement,
            expected=f"201 with {attribute.name}: {value}",
            observed=exchange.summary(),
            at=exchange,
        )
        return None
    if not judge.expect(
        requirement,
        exchange.ok,
        expected=f"201 with {attribute.name}: {value}",
        observed=exchange.summary(),
        at=exchange,
    ):
        return None
    found = scim.read(scim.resource_of(user.model, {}, exchange))
    shown = member(found.body, attribute.name)
    judge.expect(
        requirement,
        kept(value, shown, attribute),
        expected=f"{attribute.name}: {value}",
        observed=f"{attribute.name}: {shown!r}",
        at=(exchange, found),
    )
    return shown


@check("RFC7643-4.1.1-09", needs=("User", "read"))
def test_profile_url_holds_a_url(scim: Target, judge: Judge, user: Resource) -> None:
    """profileUrl takes a URL and gives it back."""
    attribute = _attribute(judge, user, "profileUrl")
    _round_trip(scim, judge, "RFC7643-4.1.1-09", user, attribute, "https://www.example.com/people/42")


@check("RFC7643-4.1.1-10", needs=("User", "read"))
def test_user_type_takes_any_value(scim: Target, judge: Judge, user: Resource) -> None:
    """userType takes a value that the standard does not mention, unless the schema lists canonical values."""
    attribute = _attribute(judge, user, "userType")
    if attribute.canonical_values:
        judge.not_applicable("the target lists canonical values for userType")
    _round_trip(scim, judge, "RFC7643-4.1.1-10", user, attribute, "Harbour Pilot")


@check("RFC7643-4.1.1-11", needs=("User", "read"))
def test_preferred_language_has_the_form_of_accept_language(scim: Target, judge: Judge, user: Resource) -> None:
    """preferredLanguage takes a language tag; a list with weights, too, or that is worth an advice."""
    attribute = _attribute(judge, user, "preferredLanguage")
    if attribute.canonical_values:
        judge.not_applicable("the target lists canonical values for preferredLanguage")
    _round_trip(scim, judge, "RFC7643-4.1.1-11", user, attribute, "en-US")
    _round_trip(scim, judge, "RFC7643-4.1.1-11", user, attribute, "fr-CA, fr;q=0.8", warn=True)


@pytest.mark.parametrize("tag", ["en-US", "es-419"])
@check("RFC7643-4.1.1-12", needs=("User", "read"))
def test_locale_is_a_language_tag(scim: Target, judge: Judge, user: Resource, tag: str) -> None:
    """locale takes a language tag and gives back one."""
    attribute = _attribute(judge, user, "locale")
    if attribute.canonical_values and tag not in attribute.canonical_values:
        judge.not_applicable("the target lists canonical values for locale")
    shown = _round_trip(scim, judge, "RFC7643-4.1.1-12", user, attribute, tag)
    judge.expect(
        "RFC7643-4.1.1-12",
        not has_value(shown) or _LANGUAGE_TAG.fullmatch(str(shown).replace("_", "-")),
        expected="a language tag with hyphens",
        observed=f"locale: {shown!r}",
        at=user.exchange,
    )


@pytest.mark.parametrize("zone", ["America/Los_Angeles", "Europe/Paris"])
@check("RFC7643-4.1.1-14", needs=("User", "read"))
def test_timezone_is_a_database_name(scim: Target, judge: Judge, user: Resource, zone: str) -> None:
    """timezone takes a name of the time zone database and gives it back."""
    attribute = _attribute(judge, user, "timezone")
    if attribute.canonical_values and zone not in attribute.canonical_values:
        judge.not_applicable("the target lists canonical values for timezone")
    _round_trip(scim, judge, "RFC7643-4.1.1-14", user, attribute, zone)


@check("RFC7643-4.1.1-15", needs=("User", "read"), depth="quick")
def test_active_is_a_boolean(scim: Target, judge: Judge, user: Resource) -> None:
    """active keeps the boolean that it was given, on creation and on replacement."""
    _attribute(judge, user, "active")
    judge.expect("RFC7643-4.1.1-15", True, expected="", observed="")
    for value in (False, True):
        exchange = scim.post(user.model.endpoint, json=scim.payload(user.model, active=value))
        if not exchange.ok:
            continue  # a policy may forbid a value
        resource = scim.resource_of(user.model, scim.payload(user.model, active=value), exchange)
        resource.sent["userName"] = str(scim.state(resource).get("userName"))
        evidence = [exchange]
        found = scim.read(resource)
        _is(judge, found.body.get("active"), value, [*evidence, found])
        if scim.capabilities.works("put", user.model):
            replaced = scim.put(resource.path, json=put_body(scim, resource, active=not value))
            if replaced.ok:
                after = scim.read(resource)
                _is(judge, after.body.get("active"), not value, [*evidence, replaced, after])


def _is(judge: Judge, shown: JSON, value: bool, at: list[Exchange]) -> None:
    judge.expect(
        "RFC7643-4.1.1-15",
        shown is value,
        expected=f"active: {str(value).lower()}",
        observed=f"active: {shown!r}",
        at=at,
    )
