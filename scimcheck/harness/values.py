"""Plausible, valid values for any attribute definition: by its characteristics first, by its well-known name second."""

from __future__ import annotations

import base64
from collections.abc import Callable

from faker import Faker

from scimcheck.core.characteristics import DataType
from scimcheck.core.json import JSON, JSONObject
from scimcheck.core.schema import Attribute

#: Names whose values the standard constrains beyond their type (RFC 7643 §4.1), with a valid value each.
_BY_NAME: dict[str, Callable[[Faker], JSON]] = {
    "locale": lambda fake: fake.random_element(("en-US", "de-DE", "fr-FR")),
    "preferredlanguage": lambda fake: fake.random_element(("en", "de", "fr-CH")),
    "timezone": lambda fake: fake.random_element(("Europe/Paris", "America/New_York", "Asia/Tokyo")),
    "country": lambda fake: fake.random_element(("US", "DE", "FR")),
    "givenname": lambda fake: fake.first_name(),
    "familyname": lambda fake: fake.last_name(),
    "middlename": lambda fake: fake.first_name(),
    "honorificprefix": lambda fake: fake.random_element(("Ms.", "Dr.")),
    "honorificsuffix": lambda fake: fake.random_element(("III", "Jr.")),
    "formatted": lambda fake: fake.name(),
    "displayname": lambda fake: fake.name(),
    "nickname": lambda fake: fake.first_name(),
    "title": lambda fake: fake.random_element(("Analyst", "Accountant", "Vice President")),
    "usertype": lambda fake: fake.random_element(("Employee", "Contractor")),
    "streetaddress": lambda fake: f"{fake.random_int(1, 900)} {fake.last_name()} Street",
    "locality": lambda fake: fake.city(),
    "region": lambda fake: fake.random_element(("CA", "Bavaria", "Normandy")),
    "postalcode": lambda fake: f"{fake.random_int(10000, 99999)}",
    "department": lambda fake: fake.random_element(("Finance", "Research", "Sales")),
    "division": lambda fake: fake.random_element(("North", "South", "West")),
    "organization": lambda fake: fake.company(),
    "costcenter": lambda fake: f"{fake.random_int(1000, 9999)}",
    "employeenumber": lambda fake: f"{fake.random_int(100000, 999999)}",
}

#: Values of the ``value`` sub-attribute by the multi-valued attribute that holds it.
_VALUE_OF: dict[str, Callable[[Faker], JSON]] = {
    "emails": lambda fake: f"{fake.lexify('????????').lower()}.{fake.random_int(100, 999)}@example.com",
    "phonenumbers": lambda fake: f"+1-201-555-{fake.random_int(100, 199):04d}",
    "photos": lambda fake: f"https://photos.example.com/{fake.lexify('????????').lower()}.jpg",
    "ims": lambda fake: fake.lexify("????????").lower(),
}

_BY_TYPE: dict[DataType, Callable[[Faker], JSON]] = {
    DataType.STRING: lambda fake: f"{fake.lexify('??????')} {fake.random_int(100, 999)}",
    DataType.BOOLEAN: lambda fake: fake.boolean(),
    DataType.INTEGER: lambda fake: fake.random_int(1, 100000),
    DataType.DECIMAL: lambda fake: fake.random_int(1, 9999) + 0.25,
    DataType.DATE_TIME: lambda fake: f"{fake.random_int(2001, 2020)}-0{fake.random_int(1, 9)}-15T08:30:00Z",
    DataType.BINARY: lambda fake: base64.b64encode(fake.lexify("????????????").encode()).decode(),
    DataType.REFERENCE: lambda fake: f"https://www.example.com/{fake.lexify('????????').lower()}",
}


def value_for(attribute: Attribute, fake: Faker, parent: Attribute | None = None) -> JSON:
    """A valid value for a simple attribute, one element for a multi-valued one; complex attributes give an object.

    ``canonicalValues`` win over everything else: a server may accept nothing beside them (RFC 7643 §7).
    """
    if attribute.type is DataType.COMPLEX:
        return complex_value(attribute, fake)
    if attribute.canonical_values:
        return str(fake.random_element(attribute.canonical_values))
    if attribute.type is DataType.STRING or (attribute.name == "value" and attribute.type is DataType.REFERENCE):
        return _text_for(attribute, fake, parent)
    return _BY_TYPE[attribute.type](fake)


def _text_for(attribute: Attribute, fake: Faker, parent: Attribute | None) -> JSON:
    holder = parent.name.lower() if parent else ""
    if attribute.name.lower() == "value" and holder in _VALUE_OF:
        return _VALUE_OF[holder](fake)
    by_name = _BY_NAME.get(attribute.name.lower())
    return by_name(fake) if by_name else _BY_TYPE[attribute.type](fake)


def complex_value(attribute: Attribute, fake: Faker) -> JSONObject:
    """An object with every sub-attribute a client may write; ``primary`` and ``display`` are left to the caller."""
    left_out = {"primary", "display", "$ref"}
    return {
        sub.name: value_for(sub, fake, attribute)
        for sub in attribute.sub_attributes
        if sub.mutability.value != "readOnly" and sub.name.lower() not in left_out
    }


def values_for(attribute: Attribute, fake: Faker, count: int = 2) -> list[JSON]:
    """``count`` elements of a multi-valued attribute, each with another ``type`` where it has one (or fewer)."""
    kind = attribute.sub_attribute("type")
    if attribute.type is not DataType.COMPLEX or kind is None or kind.mutability.value == "readOnly":
        return [value_for(attribute, fake) for _ in range(count)]
    types = list(kind.canonical_values) or ["work", "home", "other"]
    return [{**complex_value(attribute, fake), kind.name: name} for name in types[:count]]
