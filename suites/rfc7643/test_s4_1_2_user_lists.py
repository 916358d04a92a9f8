"""RFC 7643 §4.1.2: the multi-valued attributes of User; groups are in test_s4_1_2_user_groups.py."""

from __future__ import annotations

import base64

from scimcheck.core.json import JSON
from scimcheck.core.resource import member
from scimcheck.core.schema import Attribute
from scimcheck.harness import check
from scimcheck.harness.judge import Judge
from scimcheck.harness.representation import kept
from scimcheck.harness.target import Target
from scimcheck.harness.trial import Outcome, stored

#: A self-signed certificate made for this check, DER in base64.
CERTIFICATE = (
    "MIIBgDCCASWgAwIBAgIUev1258RepH5glBMWZ+GjhzctO9wwCgYIKoZIzj0EAwIwFDESMBAGA1UEAwwJc2NpbWNoZWNrMCAXDTI2MTEyMjAxNTEw"
    "MloYDzIxMjYxMDI5MDE1MTAyWjAUMRIwEAYDVQQDDAlzY2ltY2hlY2swWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAAQ5VRsAxVqjHL4om+sVRDJ+"
    "CfM8LYpoB+QLvtbQG3ZZKcWae6yU7Qz0qIEe6d4iViFRv+vs0+nOL2gHcKn7EWPko1MwUTAdBgNVHQ4EFgQUu4iPfHYLZYOSXQ3BrWODfrp8VKkw"
    "HwYDVR0jBBgwFoAUu4iPfHYLZYOSXQ3BrWODfrp8VKkwDwYDVR0TAQH/BAUwAwEB/zAKBggqhkjOPQQDAgNJADBGAiEA5wswRke/HYezxDF5Vat4"
    "YVIfVBfFqT46BGMycra8IhcCIQCeVW3nVsR6f2EZIbWwZRqqUGKXgsx/5VaWZTMphlrn0w=="
)
IMS_TYPES = frozenset({"aim", "gtalk", "icq", "xmpp", "msn", "skype", "qq", "yahoo", "other"})


#: A valid value for each attribute, for one User that has them all.
_USUAL: dict[str, JSON] = {
    "phoneNumbers": [{"value": "tel:+1-201-555-0123", "type": "work"}],
    "addresses": [
        {"locality": "Ghent", "type": "work"},
        {"formatted": "1 Harbour Street\nGhent", "country": "SE", "type": "home"},
    ],
    "roles": [{"value": "scimcheck-deckhand", "type": "scimcheck-kind"}],
    "entitlements": [{"value": "scimcheck-deckhand", "type": "scimcheck-kind"}],
    "x509Certificates": [{"value": CERTIFICATE}],
}


def _attribute(scim: Target, judge: Judge, name: str) -> Attribute:
    attribute = scim.user.core.attribute(name) if scim.user else None
    if attribute is None or attribute.mutability.value != "readWrite":
        judge.not_applicable(f"the target declares no {name} that a client may set")
        raise AssertionError
    return attribute


def _usual_value(scim: Target, name: str) -> JSON:
    """The usual value, its types exchanged where the schema lists others."""
    attribute = (scim.user or scim.primary).core.attribute(name)
    kind = attribute.sub_attribute("type") if attribute else None
    listed = kind.canonical_values if kind else ()
    elements = _USUAL[name]
    if not listed or not isinstance(elements, list):
        return elements
    return [
        {**each, "type": each["type"] if each["type"] in listed else listed[number % len(listed)]}
        for number, each in enumerate(elements)
        if isinstance(each, dict)
    ]


def _usual(scim: Target, name: str) -> Outcome:
    """What became of the usual value of an attribute."""
    model = scim.user or scim.primary
    declared = {key: _usual_value(scim, key) for key in _USUAL if model.core.attribute(key)}
    return stored(scim, model, declared, "user-lists")[name]


@check("RFC7643-4.1.2-04", needs=("User", "read"))
def test_phone_numbers_may_be_uris(scim: Target, judge: Judge) -> None:
    """A telephone number in the form of a tel: URI is accepted."""
    attribute, outcome = _attribute(scim, judge, "phoneNumbers"), _usual(scim, "phoneNumbers")
    judge.expect(
        "RFC7643-4.1.2-04",
        outcome.accepted and kept(_usual_value(scim, "phoneNumbers"), outcome.shown, attribute),
        expected=f"201 with phoneNumbers: {_usual_value(scim, 'phoneNumbers')}",
        observed=f"{outcome.created.summary()}; phoneNumbers: {outcome.shown}",
        at=outcome.exchanges,
    )


@check("RFC7643-4.1.2-06", needs=("User",), writes=False)
def test_types_of_ims_are_those_of_the_standard(scim: Target, judge: Judge) -> None:
    """The canonical types that the schema lists for ims come from the standard's list."""
    listed = _canonical_types(scim, judge, "ims")
    judge.expect(
        "RFC7643-4.1.2-06",
        {text.lower() for text in listed} <= IMS_TYPES,
        expected=f"types among {', '.join(sorted(IMS_TYPES))}",
        observed=f"canonicalValues: {', '.join(listed)}",
        at=scim.discovery.exchanges[-1:],
    )


@check("RFC7643-4.1.2-08", needs=("User",), writes=False)
def test_types_of_photos_are_photo_and_thumbnail(scim: Target, judge: Judge) -> None:
    """Where the schema lists canonical types for photos, photo and thumbnail are among them."""
    listed = _canonical_types(scim, judge, "photos")
    judge.expect(
        "RFC7643-4.1.2-08",
        {"photo", "thumbnail"} <= {text.lower() for text in listed},
        expected="photo and thumbnail",
        observed=f"canonicalValues: {', '.join(listed)}",
        at=scim.discovery.exchanges[-1:],
    )


def _canonical_types(scim: Target, judge: Judge, name: str) -> tuple[str, ...]:
    attribute = scim.user.core.attribute(name) if scim.user else None
    kind = attribute.sub_attribute("type") if attribute else None
    if kind is None or not kind.canonical_values:
        judge.not_applicable(f"the schema lists no canonical types for {name}")
        raise AssertionError
    return kind.canonical_values


@check("RFC7643-4.1.2-09", needs=("User", "read"))
def test_addresses_may_be_incomplete_and_have_lines(scim: Target, judge: Judge) -> None:
    """An address may consist of a locality, and formatted may have line breaks."""
    attribute, outcome = _attribute(scim, judge, "addresses"), _usual(scim, "addresses")
    formatted = [text for text in _parts(outcome, "formatted") if "Harbour" in text]
    judge.expect(
        "RFC7643-4.1.2-09",
        outcome.accepted
        and kept(_usual_value(scim, "addresses"), outcome.shown, attribute)
        and all("\n" in text for text in formatted),
        expected=f"201 with addresses: {_usual_value(scim, 'addresses')}",
        observed=f"{outcome.created.summary()}; addresses: {outcome.shown}",
        at=outcome.exchanges,
    )


def _parts(outcome: Outcome, name: str) -> list[str]:
    """The values of a sub-attribute of all elements that are shown."""
    elements = outcome.shown if isinstance(outcome.shown, list) else []
    found = (member(element, name) for element in elements if isinstance(element, dict))
    return [str(value) for value in found if value is not None]


@check("RFC7643-4.1.2-10", needs=("User", "read"))
def test_countries_are_two_letters(scim: Target, judge: Judge) -> None:
    """A country code of two letters comes back as one; other texts are refused or stored as they are."""
    if _attribute(scim, judge, "addresses").sub_attribute("country") is None:
        judge.not_applicable("the target declares no addresses.country")
    outcome = _usual(scim, "addresses")
    judge.expect(
        "RFC7643-4.1.2-10",
        not outcome.accepted or [code.upper() for code in _parts(outcome, "country")] in ([], ["SE"]),
        expected="the country SE",
        observed=f"{outcome.created.summary()}; addresses: {outcome.shown}",
        at=outcome.exchanges,
    )
    model = scim.user or scim.primary
    other = stored(scim, model, {"addresses": [{"country": "USA", "type": "work"}]})["addresses"]
    judge.expect(
        "RFC7643-4.1.2-10",
        other.created.status < 500,
        expected="201 or 400 for the country USA",
        observed=other.created.summary(),
        at=other.exchanges,
    )


@check("RFC7643-4.1.2-16", needs=("User", "read"))
def test_roles_and_entitlements_are_free(scim: Target, judge: Judge) -> None:
    """roles and entitlements take any value and type, unless the provider has a list of its own."""
    names = [name for name in ("roles", "entitlements") if scim.user and scim.user.core.attribute(name)]
    if not names:
        judge.not_applicable("the target declares neither roles nor entitlements")
    for name in names:
        attribute, outcome = _attribute(scim, judge, name), _usual(scim, name)
        if not outcome.accepted and outcome.created.status < 500:
            judge.advise(
                "RFC7643-4.1.2-16",
                expected=f"201 with {name}: {_usual_value(scim, name)}",
                observed=outcome.created.summary(),
                at=outcome.created,
            )
            continue
        judge.expect(
            "RFC7643-4.1.2-16",
            outcome.accepted and kept(_usual_value(scim, name), outcome.shown, attribute),
            expected=f"201 with {name}: {_usual_value(scim, name)}",
            observed=f"{outcome.created.summary()}; {name}: {outcome.shown}",
            at=outcome.exchanges,
        )


@check("RFC7643-4.1.2-17", "RFC7643-4.1.2-18", "RFC7643-2.3.6-02", needs=("User", "read", "attr:binary"))
def test_certificate_comes_back_whole_and_alone(scim: Target, judge: Judge) -> None:
    """A certificate comes back as the one DER structure in base64 that was stored."""
    _attribute(scim, judge, "x509Certificates")
    outcome = _usual(scim, "x509Certificates")
    texts = _parts(outcome, "value")
    if not texts:
        judge.not_applicable(f"no certificate could be stored: {outcome.created.summary()}")
    decoded = [_decoded(text) for text in texts]
    judge.expect(
        "RFC7643-4.1.2-17",
        all(data[:1] == b"\x30" for data in decoded),
        expected="DER in base64",
        observed=f"x509Certificates: {texts}",
        at=outcome.exchanges,
    )
    judge.expect(
        "RFC7643-4.1.2-18",
        all(len(data) <= _der_length(data) for data in decoded if data[:1] == b"\x30"),
        expected="one certificate in each value",
        observed=f"values of {[len(data) for data in decoded]} bytes",
        at=outcome.exchanges,
    )
    judge.expect(
        "RFC7643-2.3.6-02",
        CERTIFICATE.rstrip("=") in ["".join(text.split()).rstrip("=") for text in texts],
        expected="the value that was sent",
        observed=f"x509Certificates: {texts}",
        at=outcome.exchanges,
    )


def _decoded(text: str) -> bytes:
    digits = "".join(text.split()).rstrip("=")
    try:
        return base64.b64decode(digits + "=" * (-len(digits) % 4), validate=True)
    except ValueError:
        return b""


def _der_length(data: bytes) -> int:
    """The length of the first DER element, with its header."""
    if len(data) < 2 or data[1] < 0x80:
        return 2 + (data[1] if len(data) > 1 else 0)
    count = data[1] & 0x7F
    return 2 + count + int.from_bytes(data[2 : 2 + count], "big")
