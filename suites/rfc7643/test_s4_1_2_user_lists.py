"""RFC 7643 §4.1.2: the multi-valued attributes of User; groups are in test_s4_1_2_user_groups.py."""

from __future__ import annotations

import base64

from scimcheck.client.exchange import Exchange
from scimcheck.core.json import JSON
from scimcheck.core.resource import member
from scimcheck.core.schema import Attribute
from scimcheck.core.values import has_value
from scimcheck.harness import check
from scimcheck.harness.judge import Judge
from scimcheck.harness.representation import kept
from scimcheck.harness.target import Resource, Target

#: A self-signed certificate made for this check, DER in base64.
CERTIFICATE = (
    "MIIBgDCCASWgAwIBAgIUev1258RepH5glBMWZ+GjhzctO9wwCgYIKoZIzj0EAwIwFDESMBAGA1UEAwwJc2NpbWNoZWNrMCAXDTI2MTEyMjAxNTEw"
    "MloYDzIxMjYxMDI5MDE1MTAyWjAUMRIwEAYDVQQDDAlzY2ltY2hlY2swWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAAQ5VRsAxVqjHL4om+sVRDJ+"
    "CfM8LYpoB+QLvtbQG3ZZKcWae6yU7Qz0qIEe6d4iViFRv+vs0+nOL2gHcKn7EWPko1MwUTAdBgNVHQ4EFgQUu4iPfHYLZYOSXQ3BrWODfrp8VKkw"
    "HwYDVR0jBBgwFoAUu4iPfHYLZYOSXQ3BrWODfrp8VKkwDwYDVR0TAQH/BAUwAwEB/zAKBggqhkjOPQQDAgNJADBGAiEA5wswRke/HYezxDF5Vat4"
    "YVIfVBfFqT46BGMycra8IhcCIQCeVW3nVsR6f2EZIbWwZRqqUGKXgsx/5VaWZTMphlrn0w=="
)
IMS_TYPES = frozenset({"aim", "gtalk", "icq", "xmpp", "msn", "skype", "qq", "yahoo", "other"})


def _attribute(judge: Judge, user: Resource, name: str) -> Attribute:
    attribute = user.model.core.attribute(name)
    if attribute is None or attribute.mutability.value != "readWrite":
        judge.not_applicable(f"the target declares no {name} that a client may set")
        raise AssertionError
    return attribute


def _created(scim: Target, user: Resource, name: str, value: JSON) -> tuple[Exchange, Exchange | None, JSON]:
    """The creation of a User with the value, the GET that followed, and what it shows."""
    exchange = scim.post(user.model.endpoint, json={**scim.payload(user.model), name: value})
    if not exchange.ok:
        return exchange, None, None
    found = scim.read(scim.resource_of(user.model, {}, exchange))
    return exchange, found, member(found.body, name)


@check("RFC7643-4.1.2-04", needs=("User", "read"))
def test_phone_numbers_may_be_uris(scim: Target, judge: Judge, user: Resource) -> None:
    """A telephone number in the form of a tel: URI is accepted."""
    attribute = _attribute(judge, user, "phoneNumbers")
    value = [{"value": "tel:+1-201-555-0123", "type": "work"}]
    exchange, found, shown = _created(scim, user, "phoneNumbers", value)
    judge.expect(
        "RFC7643-4.1.2-04",
        exchange.ok and kept(value, shown, attribute),
        expected=f"201 with phoneNumbers: {value}",
        observed=f"{exchange.summary()}; phoneNumbers: {shown}",
        at=[exchange, *([found] if found else [])],
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
def test_addresses_may_be_incomplete_and_have_lines(scim: Target, judge: Judge, user: Resource) -> None:
    """An address may consist of a locality, and formatted may have line breaks."""
    attribute = _attribute(judge, user, "addresses")
    judge.expect("RFC7643-4.1.2-09", True, expected="", observed="")
    for value in ([{"locality": "Ghent", "type": "work"}], [{"formatted": "1 Harbour Street\nGhent", "type": "work"}]):
        if not all(attribute.sub_attribute(name) for name in value[0]):
            continue
        exchange, found, shown = _created(scim, user, "addresses", value)
        broken = "\n" in str(value[0].get("formatted", "")) and "\n" not in _formatted(shown)
        judge.expect(
            "RFC7643-4.1.2-09",
            exchange.ok and kept(value, shown, attribute) and not broken,
            expected=f"201 with addresses: {value}",
            observed=f"{exchange.summary()}; addresses: {shown}",
            at=[exchange, *([found] if found else [])],
        )


def _formatted(shown: JSON) -> str:
    first = shown[0] if isinstance(shown, list) and shown else {}
    return str(member(first, "formatted")) if isinstance(first, dict) else ""


@check("RFC7643-4.1.2-10", needs=("User", "read"))
def test_countries_are_two_letters(scim: Target, judge: Judge, user: Resource) -> None:
    """A country code of two letters comes back as one; other texts are refused or stored as they are."""
    attribute = _attribute(judge, user, "addresses")
    if attribute.sub_attribute("country") is None:
        judge.not_applicable("the target declares no addresses.country")
    for code in ("SE", "US"):
        exchange, found, shown = _created(scim, user, "addresses", [{"country": code, "type": "work"}])
        first = shown[0] if isinstance(shown, list) and shown and isinstance(shown[0], dict) else {}
        judge.expect(
            "RFC7643-4.1.2-10",
            exchange.ok and str(member(first, "country")).upper() == code,
            expected=f"201 with country {code}",
            observed=f"{exchange.summary()}; addresses: {shown}",
            at=[exchange, *([found] if found else [])],
        )
    other, found, shown = _created(scim, user, "addresses", [{"country": "USA", "type": "work"}])
    judge.expect(
        "RFC7643-4.1.2-10",
        other.ok or other.status < 500,
        expected="201 or 400 for the country USA",
        observed=other.summary(),
        at=other,
    )


@check("RFC7643-4.1.2-16", needs=("User", "read"))
def test_roles_and_entitlements_are_free(scim: Target, judge: Judge, user: Resource) -> None:
    """roles and entitlements take any value and type, unless the provider has a list of its own."""
    names = [name for name in ("roles", "entitlements") if user.model.core.attribute(name)]
    if not names:
        judge.not_applicable("the target declares neither roles nor entitlements")
    judge.expect("RFC7643-4.1.2-16", True, expected="", observed="")
    for name in names:
        attribute = _attribute(judge, user, name)
        value: list[JSON] = [{"value": "scimcheck-deckhand", "type": "scimcheck-kind"}]
        exchange, found, shown = _created(scim, user, name, value)
        if not exchange.ok and exchange.status < 500:
            judge.advise(
                "RFC7643-4.1.2-16", expected=f"201 with {name}: {value}", observed=exchange.summary(), at=exchange
            )
            continue
        judge.expect(
            "RFC7643-4.1.2-16",
            exchange.ok and kept(value, shown, attribute),
            expected=f"201 with {name}: {value}",
            observed=f"{exchange.summary()}; {name}: {shown}",
            at=[exchange, *([found] if found else [])],
        )


@check("RFC7643-4.1.2-17", "RFC7643-4.1.2-18", "RFC7643-2.3.6-02", needs=("User", "read", "attr:binary"))
def test_certificate_comes_back_whole_and_alone(scim: Target, judge: Judge, user: Resource) -> None:
    """A certificate comes back as the one DER structure in base64 that was stored."""
    _attribute(judge, user, "x509Certificates")
    exchange, found, shown = _created(scim, user, "x509Certificates", [{"value": CERTIFICATE}])
    if found is None or not isinstance(shown, list) or not has_value(shown):
        judge.not_applicable(f"no certificate could be stored: {exchange.summary()}")
        return
    texts = [str(member(item, "value")) for item in shown if isinstance(item, dict)]
    decoded = [_decoded(text) for text in texts]
    judge.expect(
        "RFC7643-4.1.2-17",
        all(data[:1] == b"\x30" for data in decoded),
        expected="DER in base64",
        observed=f"x509Certificates: {texts}",
        at=(exchange, found),
    )
    judge.expect(
        "RFC7643-4.1.2-18",
        all(len(data) <= _der_length(data) for data in decoded if data[:1] == b"\x30"),
        expected="one certificate in each value",
        observed=f"values of {[len(data) for data in decoded]} bytes",
        at=(exchange, found),
    )
    judge.expect(
        "RFC7643-2.3.6-02",
        "".join(texts[0].split()) == CERTIFICATE if len(texts) == 1 else CERTIFICATE in texts,
        expected="the value that was sent",
        observed=f"x509Certificates: {texts}",
        at=(exchange, found),
    )


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode("".join(text.split()), validate=True)
    except ValueError:
        return b""


def _der_length(data: bytes) -> int:
    """The length of the first DER element, with its header."""
    if len(data) < 2 or data[1] < 0x80:
        return 2 + (data[1] if len(data) > 1 else 0)
    count = data[1] & 0x7F
    return 2 + count + int.from_bytes(data[2 : 2 + count], "big")
