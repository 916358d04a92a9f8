"""Resources as values: what is at an attribute, what differs between two representations, what was kept of a value."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import lru_cache
from typing import Any
from urllib.parse import unquote, urlsplit

from scimcheck.client.errors import ForeignOrigin
from scimcheck.client.exchange import Exchange
from scimcheck.core.characteristics import DataType, Mutability, Returned
from scimcheck.core.errors import UsageError
from scimcheck.core.json import JSON, JSONObject
from scimcheck.core.resource import container, key_of, member
from scimcheck.core.schema import Attribute, Located, ResourceModel
from scimcheck.core.values import has_value, parse_datetime, parse_instant, same_value, type_error
from scimcheck.harness.target import Resource, Target
from scimcheck.harness.values import value_for, values_for

#: Seconds by which times of one and the same event may differ between two representations.
TOLERANCE = 1.0


# Attributes of a resource -------------------------------------------------------------------------------------------


def path_of(located: Located) -> str:
    """The attribute in attribute notation: ``nickName``, ``name.givenName``, ``urn:…:User:department``."""
    name = f"{located.parent.name}.{located.attribute.name}" if located.parent else located.attribute.name
    return f"{located.schema}:{name}" if located.schema else name


def value_at(resource: JSONObject, located: Located) -> JSON:
    """The value of a top-level attribute, or of the sub-attribute of a single complex one; ``None`` when absent."""
    home: JSON = resource if located.schema is None else container(resource, located.schema)
    if located.parent and isinstance(home, dict):
        home = member(home, located.parent.name)
    return member(home, located.attribute.name) if isinstance(home, dict) else None


def with_value(body: JSONObject, located: Located, value: JSON) -> JSONObject:
    """A copy of a body with the attribute set, its extension named in ``schemas``."""
    changed: JSONObject = copy.deepcopy(body)
    home = changed
    if located.schema is not None:
        home = changed.setdefault(located.schema, {})
        listed = changed.setdefault("schemas", [])
        if located.schema not in listed:
            listed.append(located.schema)
    if located.parent:
        home = home.setdefault(located.parent.name, {})
    home[key_of(home, located.attribute.name) or located.attribute.name] = value
    return changed


def without(body: JSONObject, located: Located) -> JSONObject:
    """A copy of a body without the attribute; an extension left empty goes, too."""
    changed: JSONObject = copy.deepcopy(body)
    home = changed if located.schema is None else changed.get(located.schema, {})
    if located.parent:
        home = home.get(located.parent.name, {})
    home.pop(located.attribute.name, None)
    if located.schema is not None and not changed.get(located.schema):
        changed.pop(located.schema, None)
        changed["schemas"] = [urn for urn in changed.get("schemas", []) if urn != located.schema]
    return changed


def readable(attribute: Attribute) -> bool:
    """Whether a value that a client set is shown in an ordinary response."""
    return attribute.returned in (Returned.DEFAULT, Returned.ALWAYS) and attribute.mutability in (
        Mutability.READ_WRITE,
        Mutability.IMMUTABLE,
    )


def sent_attributes(model: ResourceModel, body: JSONObject) -> Iterator[tuple[Located, JSON]]:
    """The readable attributes that a body sets, with the values that it gives them."""
    for located in model.attributes():
        value = value_at(body, located)
        common = located.attribute.name.lower() in ("schemas", "id", "meta")
        if not common and readable(located.attribute) and has_value(value):
            yield located, value


def fresh_value(scim: Target, model: ResourceModel, located: Located, old: JSON = None) -> JSON:
    """Another valid value for an attribute; ``None`` when there is none to be had."""
    attribute = located.attribute
    if attribute.type is DataType.BOOLEAN and not attribute.multi_valued:
        return old is not True
    if attribute.name.lower() == "username":
        return scim.payloads.user_name("other")
    if attribute.type is DataType.STRING and attribute.name.lower() in ("displayname", "externalid"):
        return scim.unique("other")
    for _ in range(20):
        value: JSON = (
            values_for(attribute, scim.payloads.fake)
            if attribute.multi_valued
            else value_for(attribute, scim.payloads.fake)
        )
        if has_value(value) and not same_value(value, old, attribute):
            return value
    return None


# Comparing ----------------------------------------------------------------------------------------------------------


def differences(one: JSONObject, other: JSONObject, model: ResourceModel, besides: Iterable[str] = ()) -> list[str]:
    """What differs between two representations of a resource, a text for each attribute; empty when nothing does.

    The order of attributes and elements, null against absence and split seconds are no differences, letter case is;
    attributes that are returned on request and the version may differ. ``besides`` are left out, in extensions, too.
    """
    left_out = {name.lower() for name in besides}
    found: list[str] = []
    for name in _names(one, other):
        if name in left_out:
            continue
        extension = model.extension(name)
        a, b = member(one, name), member(other, name)
        if extension is not None:
            inner_a, inner_b = (value if isinstance(value, dict) else {} for value in (a, b))
            for key in _names(inner_a, inner_b):
                if key not in left_out:
                    found += _difference(member(inner_a, key), member(inner_b, key), extension.attribute(key), key)
            continue
        located = model.find(None, name)
        found += _difference(a, b, located.attribute if located else None, name)
    return found


def _names(one: JSONObject, other: JSONObject) -> list[str]:
    return list(dict.fromkeys(name.lower() for name in (*one, *other)))


def _difference(a: JSON, b: JSON, attribute: Attribute | None, name: str) -> list[str]:
    if attribute is not None and attribute.returned in (Returned.REQUEST, Returned.NEVER):
        return []
    if name == "meta":
        return _meta_difference(a if isinstance(a, dict) else {}, b if isinstance(b, dict) else {})
    if same_value(a, b, _exact(attribute) if attribute else None):
        return []
    return [f"{attribute.name if attribute else name}: {_brief(a)} against {_brief(b)}"]


@lru_cache(maxsize=1024)
def _exact(attribute: Attribute) -> Attribute:
    """The definition with letter case: one provider shows one value in one spelling."""
    subs = tuple(_exact(sub) for sub in attribute.sub_attributes)
    return replace(attribute, case_exact=True, sub_attributes=subs)


def _meta_difference(a: JSONObject, b: JSONObject) -> list[str]:
    return [
        f"meta.{name}: {_brief(a.get(name))} against {_brief(b.get(name))}"
        for name in ("resourceType", "location", "created", "lastModified")
        if a.get(name) != b.get(name) and not same_time(a.get(name), b.get(name))
    ]


def same_time(a: JSON, b: JSON, tolerance: float = TOLERANCE) -> bool:
    """Whether two dateTimes are at most ``tolerance`` seconds apart; what has no zone is taken for UTC."""
    one, other = instant(a), instant(b)
    return one is not None and other is not None and abs(one - other) <= tolerance


def unmoved(before: JSON, after: JSON) -> bool:
    """Whether two dateTimes denote one instant, as far as both are precise: a second's tolerance would hide a move."""
    one = parse_instant(before) if isinstance(before, str) else None
    other = parse_instant(after) if isinstance(after, str) else None
    if one is None or other is None:
        return same_time(before, after)
    digits = min(len(one[1]), len(other[1]))
    cut = one[0] == other[0] and one[1][:digits] == other[1][:digits]
    rounded = len(one[1]) != len(other[1]) and same_time(before, after, 0.5 * 10.0**-digits + 1e-6)
    return cut or rounded


def instant(value: JSON) -> float | None:
    """Seconds since 1970 of an xsd:dateTime, UTC when it names no zone; ``None`` when it is none.

    A blank may stand for the T, as in SQL: that the form is wrong is the business of the rules about types.
    """
    if not isinstance(value, str):
        return None
    value = value.replace(" ", "T", 1)
    found = parse_datetime(value) or parse_datetime(f"{value}Z")
    return found.timestamp() if found else None


def _brief(value: Any) -> str:
    text = "nothing" if value is None else repr(value)
    return text if len(text) <= 160 else text[:159] + "…"


def kept(sent: JSON, shown: JSON, attribute: Attribute) -> bool:
    """Whether a resource shows the value that was sent, in whatever form a provider may give it (RFC 7643 §7).

    Sub-attributes may be added; values may be canonicalised: blanks, the letter case of what is not case exact, the
    punctuation of telephone numbers, the letter case of scheme and host in URIs.
    """
    if not has_value(sent) or masked(shown):
        return True
    if not has_value(shown):
        return False
    if isinstance(sent, list):
        elements = shown if isinstance(shown, list) else [shown]
        return all(any(_kept_one(item, element, attribute) for element in elements) for item in sent if has_value(item))
    return _kept_one(sent, shown, attribute)


def masked(value: JSON) -> bool:
    """Whether the value was taken out of the evidence because of its name: nothing can be said of it."""
    return isinstance(value, str) and "[redacted" in value


def _kept_one(sent: JSON, shown: JSON, attribute: Attribute) -> bool:
    if isinstance(sent, dict):
        if not isinstance(shown, dict):
            return False
        known = [(attribute.sub_attribute(name), value, member(shown, name)) for name, value in sent.items()]
        return all(
            kept(value, found, sub) or _defaulted(sub, value, found) or _computed(sub, found)
            for sub, value, found in known
            if _judged(sub)
            if sub is not None
        )
    if same_value(sent, shown, attribute):
        return True
    return (
        isinstance(sent, str) and isinstance(shown, str) and _canonical(sent, attribute) == _canonical(shown, attribute)
    )


def _judged(sub: Attribute | None) -> bool:
    return sub is not None and readable(sub)


def _computed(sub: Attribute, shown: JSON) -> bool:
    """A formatted name or address may be made anew of its parts (RFC 7643 §4.1.1); only its loss counts."""
    return sub.name.lower() == "formatted" and has_value(shown)


def _defaulted(sub: Attribute, sent: JSON, shown: JSON) -> bool:
    """``primary: false`` and no primary are one (RFC 7643 §2.4)."""
    return sub.name.lower() == "primary" and sent is False and shown is None


def _canonical(text: str, attribute: Attribute) -> str:
    if attribute.type is DataType.REFERENCE:
        split = urlsplit(text)
        return f"{split.scheme.lower()}://{split.netloc.lower()}{split.path.rstrip('/')}?{split.query}#{split.fragment}"
    text = " ".join(text.split())
    if not attribute.case_exact:
        text = text.casefold()
    digits = re.sub(r"[\s().-]|^tel:", "", text)
    return digits if re.fullmatch(r"\+?[0-9]{5,}", digits) else text.replace("_", "-")


def well_typed(value: JSON, attribute: Attribute) -> bool:
    """Whether a shown value has the form that its definition demands; if not, the rules about types tell it."""
    return type_error(value, attribute) is None


# Requests -----------------------------------------------------------------------------------------------------------


def put_body(scim: Target, resource: Resource, **changes: JSON) -> JSONObject:
    """The body that created the resource, as a PUT body, with top-level members replaced; with the id if it may be."""
    body: JSONObject = {**copy.deepcopy(resource.sent), **changes}
    probe = scim.capabilities.of("put", resource.model)
    if len(probe.exchanges) < 2:
        body["id"] = resource.id
    return body


def follow(scim: Target, uri: str) -> Exchange | None:
    """GET what a URI of the target's own points to; ``None`` when it lies on another origin.

    Relative ones are below the base URL (RFC 7643 §2.3.7), or repeat its path.
    """
    base = scim.session.base
    if "://" not in uri.partition("?")[0]:
        whole = base.path and f"/{uri.lstrip('/')}".startswith(f"{base.path}/")
        uri = f"{base.origin if whole else base.url}/{uri.lstrip('/')}"
    try:
        return scim.get(uri)
    except (ForeignOrigin, UsageError):
        return None


def ends_with_path(uri: str, resource: Resource) -> bool:
    """Whether a URI ends with the resource's endpoint and id."""
    return unquote(urlsplit(uri).path).rstrip("/").endswith(f"{resource.model.endpoint}/{resource.id}")
