"""Attribute values: data types (RFC 7643 §2.3), the unassigned state (§2.5), and when two values are the same."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Hashable
from datetime import datetime, timedelta, timezone
from typing import Any
from urllib.parse import urlsplit

from scimcheck.core.characteristics import DataType
from scimcheck.core.json import JSON, JSONObject
from scimcheck.core.schema import Attribute

_DATETIME = re.compile(
    r"([0-9]{4})-([0-9]{2})-([0-9]{2})T([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\.([0-9]+))?"
    r"(Z|[+-](?:0[0-9]|1[0-3]):[0-5][0-9]|[+-]14:00)?"
)
#: A point in time: the moment in whole seconds, and the digits behind the point without trailing zeros.
#: Instants compare like the points in time they denote, at any precision.
Instant = tuple[datetime, str]


def _lexical_datetime(text: str) -> tuple[datetime, str, str | None] | None:
    """Date and time without zone, fraction digits, zone; ``None`` when ``text`` is no xsd:dateTime."""
    match = _DATETIME.fullmatch(text)
    if match is None:
        return None
    year, month, day, hour, minute, second = map(int, match.groups()[:6])
    fraction = (match[7] or "").rstrip("0")
    # xsd:dateTime may write the end of a day as 24:00:00, which Python does not know.
    end_of_day = hour == 24 and not (minute or second or fraction)
    try:
        moment = datetime(year, month, day, 0 if end_of_day else hour, minute, second)
        return moment + timedelta(days=end_of_day), fraction, match[8]
    except (ValueError, OverflowError):
        return None


def parse_instant(text: str) -> Instant | None:
    """The instant that an xsd:dateTime with time zone denotes; ``None`` when malformed or without zone.

    Years are those of four digits that Python knows, 0001 to 9999.
    """
    lexical = _lexical_datetime(text)
    if lexical is None or lexical[2] is None:
        return None
    moment, fraction, zone = lexical
    return moment.replace(tzinfo=_zone(zone or "Z")), fraction


def _zone(text: str) -> timezone:
    if text == "Z":
        return timezone.utc
    offset = timedelta(hours=int(text[1:3]), minutes=int(text[4:6]))
    return timezone(-offset if text[0] == "-" else offset)


def parse_datetime(text: str) -> datetime | None:
    """The aware datetime of an xsd:dateTime (RFC 7643 §2.3.5), cut to microseconds.

    ``None`` when malformed or without time zone, for then the instant is undetermined. To compare at full precision
    use parse_instant.
    """
    instant = parse_instant(text)
    if instant is None:
        return None
    moment, fraction = instant
    return moment.replace(microsecond=int(fraction[:6].ljust(6, "0")))


def is_unassigned(v: JSON) -> bool:
    """Whether this value means "no value": null or an empty array (RFC 7643 §2.5)."""
    return v is None or v == []


def has_value(v: JSON) -> bool:
    """Whether ``pr`` holds: assigned, and for arrays and objects with at least one member that has a value."""
    if isinstance(v, dict):
        return any(map(has_value, v.values()))
    if isinstance(v, list):
        return any(map(has_value, v))
    return v is not None


def normalise(resource: JSONObject) -> JSONObject:
    """A copy without what is unassigned at any depth; objects and arrays left without content go too."""
    return {key: _normalised(value) for key, value in resource.items() if has_value(value)}


def _normalised(value: Any) -> Any:
    if isinstance(value, dict):
        return normalise(value)
    if isinstance(value, list):
        return [_normalised(item) for item in value if has_value(item)]
    return value


def is_case_exact(attribute: Attribute | None) -> bool:
    """Whether the letter case of strings matters; always for binary (RFC 7643 §2.3.6) and references (§2.3.7)."""
    return attribute is not None and (attribute.case_exact or attribute.type in (DataType.BINARY, DataType.REFERENCE))


def prepared(text: str, case_exact: bool) -> str:
    """The text as it is compared: in Unicode normal form C, and case-folded unless the attribute is case exact.

    Normalising before comparison is what RFC 7644 §7.8 asks for user names (PRECIS, RFC 8265).
    """
    if text.isascii():
        return text if case_exact else text.lower()
    normal = unicodedata.normalize("NFC", text)
    return normal if case_exact else unicodedata.normalize("NFC", normal.casefold())


def same_value(a: JSON, b: JSON, attribute: Attribute | None) -> bool:
    """Whether two values of an attribute mean the same; an equivalence relation.

    Strings compare per caseExact, dateTimes as instants, binaries without padding, numbers numerically, arrays
    without regard to order, objects without regard to the case of names. Null, empty arrays, and arrays and objects
    without any value are one: unassigned. Without a definition the defaults of RFC 7643 §2.2 apply: strings that are
    not case exact.
    """
    return _canonical(a, attribute) == _canonical(b, attribute)


def _canonical(value: JSON, attribute: Attribute | None) -> Hashable:
    """A form that is equal exactly for values that mean the same; ``None`` for unassigned."""
    if not has_value(value):
        return None
    if isinstance(value, dict):
        return frozenset(
            (name.casefold(), _canonical(member, attribute.sub_attribute(name) if attribute else None))
            for name, member in value.items()
            if has_value(member)
        )
    if isinstance(value, list):
        return "array", frozenset(Counter(_canonical(item, attribute) for item in value if has_value(item)).items())
    if isinstance(value, str):
        return _canonical_text(value, attribute)
    return type(value) is bool, value


def _canonical_text(text: str, attribute: Attribute | None) -> Hashable:
    if attribute is not None and attribute.type is DataType.DATE_TIME:
        return parse_instant(text) or ("text", text)
    if attribute is not None and attribute.type is DataType.BINARY:
        return "text", text.rstrip("=")
    return "text", text if is_case_exact(attribute) else text.casefold()


def type_error(value: JSON, attribute: Attribute) -> str | None:
    """Why ``value`` does not fit the attribute's type and plurality (RFC 7643 §2.3, §2.4); ``None`` if it does.

    Unassigned values fit. The text begins with the path, such as ``emails[1].primary: expected …``. Legal varieties
    fit too: a dateTime without zone, base64 without padding or in the URL-safe alphabet, relative references.
    Sub-attributes without definition are not judged.
    """
    return _type_error(value, attribute, attribute.name)


def _type_error(value: JSON, attribute: Attribute, path: str) -> str | None:
    if is_unassigned(value):
        return None
    if not attribute.multi_valued:
        return _single_error(value, attribute, path)
    if not isinstance(value, list):
        return f"{path}: expected an array, found {_kind(value)}"
    errors = (_single_error(item, attribute, f"{path}[{index}]") for index, item in enumerate(value))
    return next(filter(None, errors), None)


def _single_error(value: JSON, attribute: Attribute, path: str) -> str | None:
    expected, fits = _TYPES[attribute.type]
    if not fits(value):
        return f"{path}: expected {expected}, found {_kind(value)}"
    if not isinstance(value, dict):
        return None
    known = ((member, attribute.sub_attribute(name)) for name, member in value.items())
    errors = (_type_error(member, sub, f"{path}.{sub.name}") for member, sub in known if sub)
    return next(filter(None, errors), None)


def _kind(value: JSON) -> str:
    if isinstance(value, str):
        return f"the string {value[:40]!r}"
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, (int, float)):
        return f"the number {value!r}"
    return "an array" if isinstance(value, list) else "an object"


def _is_number(value: JSON) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _is_datetime(value: JSON) -> bool:
    return isinstance(value, str) and _lexical_datetime(value) is not None


def _is_base64(value: JSON) -> bool:
    if not isinstance(value, str) or not re.fullmatch(r"(?:[A-Za-z0-9+/]*|[A-Za-z0-9_-]*)={0,2}", value):
        return False
    digits = len(value.rstrip("="))
    return digits % 4 != 1 and len(value) in (digits, digits + -digits % 4)


def _is_reference(value: JSON) -> bool:
    # Letters beyond ASCII (IRIs) pass: they cannot be mistaken for anything else.
    if not isinstance(value, str) or re.search(r"""[\x00-\x20\x7f<>"{}|\\^`]|%(?![0-9A-Fa-f]{2})""", value):
        return False
    try:
        urlsplit(value)
    except ValueError:
        return False
    return True


_TYPES: dict[DataType, tuple[str, Callable[[JSON], bool]]] = {
    DataType.STRING: ("a string", lambda v: isinstance(v, str)),
    DataType.BOOLEAN: ("true or false", lambda v: isinstance(v, bool)),
    DataType.DECIMAL: ("a number", _is_number),
    DataType.INTEGER: ("an integer", lambda v: isinstance(v, int) and not isinstance(v, bool)),
    DataType.DATE_TIME: ("an xsd:dateTime string", _is_datetime),
    DataType.BINARY: ("a base64 string", _is_base64),
    DataType.REFERENCE: ("a URI string", _is_reference),
    DataType.COMPLEX: ("an object", lambda v: isinstance(v, dict)),
}
