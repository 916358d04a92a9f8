"""RFC 7643 §4.1.1: the singular attributes of User beside userName; passwords are in test_s4_1_1_passwords.py."""

from __future__ import annotations

import re

import pytest

from scimcheck.client.exchange import Exchange
from scimcheck.core.json import JSON
from scimcheck.core.resource import member
from scimcheck.core.schema import Attribute, ResourceModel
from scimcheck.core.values import has_value
from scimcheck.harness import check
from scimcheck.harness.judge import Judge
from scimcheck.harness.representation import kept, put_body
from scimcheck.harness.target import Target
from scimcheck.harness.trial import stored

_LANGUAGE_TAG = re.compile(r"[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*")


#: A valid value for each attribute, for one User that has them all.
_USUAL: dict[str, JSON] = {
    "profileUrl": "https://www.example.com/people/42",
    "userType": "Harbour Pilot",
    "preferredLanguage": "en-US",
    "locale": "en-US",
    "timezone": "America/Los_Angeles",
}


def _attribute(scim: Target, judge: Judge, name: str, value: JSON = None) -> Attribute:
    """The definition of a User attribute; ends the check when the target has none, or has no such value."""
    attribute = scim.user.core.attribute(name) if scim.user else None
    if attribute is None or attribute.mutability.value != "readWrite":
        judge.not_applicable(f"the target declares no {name} that a client may set")
        raise AssertionError
    if attribute.canonical_values and value is not None and value not in attribute.canonical_values:
        judge.not_applicable(f"the target lists canonical values for {name}")
    return attribute


def _round_trip(scim: Target, judge: Judge, requirement: str, name: str, value: JSON, warn: bool = False) -> JSON:
    """Create a User with the value and expect it back; what is shown. With ``warn`` a refusal is an advisory."""
    attribute, model = _attribute(scim, judge, name, value), scim.user or scim.primary
    usual = {key: item for key, item in _USUAL.items() if _free(scim, key, item)}
    if usual.get(name) == value:
        outcome = stored(scim, model, usual, "user-attributes")[name]
    else:
        outcome = stored(scim, model, {name: value})[name]
    if not outcome.accepted and warn and outcome.created.status < 500:
        judge.advise(
            requirement,
            expected=f"201 with {name}: {value}",
            observed=outcome.created.summary(),
            at=outcome.created,
        )
        return None
    if outcome.accepted and not has_value(outcome.shown) and _lost(scim, model, name):
        judge.blocked("RFC7643-2.2-04", f"no {name} at all is kept")
    judge.expect(
        requirement,
        outcome.accepted and kept(value, outcome.shown, attribute),
        expected=f"201 with {name}: {value}",
        observed=f"{outcome.created.summary()}; {name}: {outcome.shown!r}",
        at=outcome.exchanges,
    )
    return outcome.shown


def _lost(scim: Target, model: ResourceModel, name: str) -> bool:
    """Whether a User that was created with many attributes shows nothing of this one."""
    user = scim.shared(model)[0]
    return has_value(user.sent.get(name)) and not has_value(member(scim.initial(user), name))


def _free(scim: Target, name: str, value: JSON) -> bool:
    attribute = scim.user.core.attribute(name) if scim.user else None
    listed = attribute is not None and (not attribute.canonical_values or value in attribute.canonical_values)
    return attribute is not None and attribute.mutability.value == "readWrite" and listed


@check("RFC7643-4.1.1-09", needs=("User", "read"))
def test_profile_url_holds_a_url(scim: Target, judge: Judge) -> None:
    """profileUrl takes a URL and gives it back."""
    _round_trip(scim, judge, "RFC7643-4.1.1-09", "profileUrl", _USUAL["profileUrl"])


@check("RFC7643-4.1.1-10", needs=("User", "read"))
def test_user_type_takes_any_value(scim: Target, judge: Judge) -> None:
    """userType takes a value that the standard does not mention, unless the schema lists canonical values."""
    _round_trip(scim, judge, "RFC7643-4.1.1-10", "userType", _USUAL["userType"])


@check("RFC7643-4.1.1-11", needs=("User", "read"))
def test_preferred_language_has_the_form_of_accept_language(scim: Target, judge: Judge) -> None:
    """preferredLanguage takes a language tag; a list with weights, too, or that is worth an advice."""
    _round_trip(scim, judge, "RFC7643-4.1.1-11", "preferredLanguage", "en-US")
    _round_trip(scim, judge, "RFC7643-4.1.1-11", "preferredLanguage", "fr-CA, fr;q=0.8", warn=True)


@pytest.mark.parametrize("tag", ["en-US", "es-419"])
@check("RFC7643-4.1.1-12", needs=("User", "read"))
def test_locale_is_a_language_tag(scim: Target, judge: Judge, tag: str) -> None:
    """locale takes a language tag and gives back one."""
    shown = _round_trip(scim, judge, "RFC7643-4.1.1-12", "locale", tag)
    judge.expect(
        "RFC7643-4.1.1-12",
        not has_value(shown) or _LANGUAGE_TAG.fullmatch(str(shown).replace("_", "-")),
        expected="a language tag with hyphens",
        observed=f"locale: {shown!r}",
    )


@check("RFC7643-4.1.1-14", needs=("User", "read"))
def test_timezone_is_a_database_name(scim: Target, judge: Judge) -> None:
    """timezone takes a name of the time zone database and gives it back."""
    _round_trip(scim, judge, "RFC7643-4.1.1-14", "timezone", _USUAL["timezone"])


@check("RFC7643-4.1.1-15", needs=("User", "read"))
def test_active_is_a_boolean(scim: Target, judge: Judge) -> None:
    """active keeps the boolean that it was given, on creation and on replacement."""
    _attribute(scim, judge, "active")
    model = scim.user or scim.primary
    judge.expect("RFC7643-4.1.1-15", True, expected="", observed="")
    for value in (False, True):
        body = scim.payload(model, active=value)
        exchange = scim.post(model.endpoint, json=body)
        if not exchange.ok:
            continue  # a policy may forbid a value
        resource = scim.resource_of(model, body, exchange)
        found = scim.read(resource)
        _is(judge, found.body.get("active"), value, [exchange, found])
        if scim.capabilities.works("put", model):
            replaced = scim.put(resource.path, json=put_body(scim, resource, active=not value))
            if replaced.ok:
                after = scim.read(resource)
                _is(judge, after.body.get("active"), not value, [exchange, replaced, after])


def _is(judge: Judge, shown: JSON, value: bool, at: list[Exchange]) -> None:
    judge.expect(
        "RFC7643-4.1.1-15",
        shown is value,
        expected=f"active: {str(value).lower()}",
        observed=f"active: {shown!r}",
        at=at,
    )
