"""Judgements of ServiceProviderConfig and ResourceType documents as they stand (RFC 7643 §5 and §6)."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from scimcheck.checks.flaws import Flaw, objects, repeated, shown, told
from scimcheck.core.json import JSONObject

#: Values that the standard defines for the type of an authentication scheme (RFC 7643 §5).
SCHEME_TYPES = ("oauth", "oauth2", "oauthbearertoken", "httpbasic", "httpdigest")


def feature_flaws(config: JSONObject, feature: str) -> Iterator[Flaw]:
    """``feature`` is an object whose ``supported`` is a boolean."""
    value = config.get(feature)
    if not isinstance(value, dict):
        yield Flaw(feature, "an object", "absent" if value is None else shown(value))
    elif not isinstance(value.get("supported"), bool):
        yield Flaw(f"{feature}.supported", "true or false", _seen(value, "supported"))


def limit_flaws(config: JSONObject, feature: str, name: str) -> Iterator[Flaw]:
    """``feature.name`` is a whole number, not negative; its absence is tolerated where the feature is not supported."""
    holder = config.get(feature)
    if not isinstance(holder, dict):
        return
    value = holder.get(name)
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        tolerated = value is None and holder.get("supported") is False
        yield Flaw(f"{feature}.{name}", "an integer of 0 or more", _seen(holder, name), tolerated)


def schemes_flaws(config: JSONObject, *, protected: bool) -> Iterator[Flaw]:
    """``authenticationSchemes`` is an array of objects; an empty one is tolerated, and right for an open service."""
    value = config.get("authenticationSchemes")
    if not isinstance(value, list) or len(objects(value)) < len(value):
        yield Flaw("authenticationSchemes", "an array of objects", _seen(config, "authenticationSchemes"))
    elif not value and protected:
        yield Flaw("authenticationSchemes", "the schemes that the service accepts", "an empty array", tolerated=True)


def scheme_flaws(config: JSONObject, name: str, *, empty: bool = False) -> Iterator[Flaw]:
    """Every authentication scheme has the text ``name``; ``empty`` says whether it may be empty."""
    for number, scheme in enumerate(objects(config.get("authenticationSchemes"))):
        value = scheme.get(name)
        where = f"authenticationSchemes[{number}].{name}"
        if not isinstance(value, str) or not (empty or value.strip()):
            yield Flaw(where, "a text", _seen(scheme, name))
        elif name == "type" and value.lower() not in SCHEME_TYPES:
            yield Flaw(where, f"one of {', '.join(SCHEME_TYPES)}", repr(value), tolerated=True)


def url_flaws(item: JSONObject, *names: str, where: str = "") -> Iterator[Flaw]:
    """What is there of these members is an absolute http or https URL."""
    for name in names:
        if told(item, name) and not is_web_url(item[name]):
            yield Flaw(f"{where}{name}", "an absolute http or https URL", shown(item[name]))


def is_web_url(value: Any) -> bool:
    """Whether the value is the text of an absolute http or https URL."""
    if not isinstance(value, str) or any(char.isspace() for char in value):
        return False
    try:
        parts = urlsplit(value)
    except ValueError:
        return False
    return parts.scheme.lower() in ("http", "https") and bool(parts.netloc)


def primary_flaws(config: JSONObject) -> Iterator[Flaw]:
    """At most one authentication scheme is the primary one."""
    found = [scheme for scheme in objects(config.get("authenticationSchemes")) if scheme.get("primary") is True]
    if len(found) > 1:
        yield Flaw("authenticationSchemes", "at most one primary scheme", f"{len(found)} primary schemes")


# --- resource types ---------------------------------------------------------------------------------------------------


def label(item: JSONObject) -> str:
    """How a definition is called in findings."""
    return str(item.get("name") or item.get("id") or item.get("endpoint") or "an entry without name")


def text_flaws(items: Sequence[JSONObject], name: str, *, required: bool) -> Iterator[Flaw]:
    """``name`` is a string in every entry; a required one is there and not empty."""
    for item in items:
        value = item.get(name)
        bad = (
            not isinstance(value, str) or not value.strip() if required else told(item, name) and type(value) is not str
        )
        if bad:
            yield Flaw(f"{label(item)}.{name}", "a text", _seen(item, name))


def distinct_flaws(items: Sequence[JSONObject], name: str) -> Iterator[Flaw]:
    """No two entries have the same value; slashes at the ends of endpoints do not count."""
    values = [
        str(item[name]).strip("/") if name == "endpoint" else str(item[name]) for item in items if told(item, name)
    ]
    for value in repeated(values):
        yield Flaw(name, "a value of its own for each entry", f"{value!r} occurs more than once")


def endpoint_flaws(items: Sequence[JSONObject]) -> Iterator[Flaw]:
    """Every entry gives its endpoint relative to the base URL; an absolute URL is tolerated."""
    for item in items:
        value = item.get("endpoint")
        if not isinstance(value, str) or not value.strip("/ "):
            yield Flaw(f"{label(item)}.endpoint", "an endpoint relative to the base URL", _seen(item, "endpoint"))
        elif "://" in value:
            yield Flaw(f"{label(item)}.endpoint", "an endpoint relative to the base URL", repr(value), tolerated=True)


def displaced_flaws(items: Sequence[JSONObject], followed: Mapping[str, str]) -> Iterator[Flaw]:
    """No entry counts its path from the origin, when its resources are below the base URL.

    ``followed`` holds the endpoints that answer, by the types' names in lower case; absolute URLs are another matter.
    """
    for item in items:
        value, there = item.get("endpoint"), followed.get(str(item.get("name")).lower())
        path = f"/{value.strip('/')}" if isinstance(value, str) and "://" not in value else ""
        if there and path != there and path.endswith(there):
            yield Flaw(f"{label(item)}.endpoint", f"{there}, relative to the base URL", repr(value))


def schema_flaws(items: Sequence[JSONObject], published: Collection[str]) -> Iterator[Flaw]:
    """Every entry names a schema that is published; ``published`` holds the ids of the schemas in lower case."""
    for item in items:
        yield from _schema_flaws(item, label(item), published)


def extensions_flaws(items: Sequence[JSONObject]) -> Iterator[Flaw]:
    """``schemaExtensions`` is an array of objects where it is given."""
    for item in items:
        value = item.get("schemaExtensions")
        if value is not None and (not isinstance(value, list) or len(objects(value)) < len(value)):
            yield Flaw(f"{label(item)}.schemaExtensions", "an array of objects", shown(value))


def extension_schema_flaws(items: Sequence[JSONObject], published: Collection[str]) -> Iterator[Flaw]:
    """Every extension names a schema that is published."""
    for item in items:
        for entry in objects(item.get("schemaExtensions")):
            yield from _schema_flaws(entry, f"{label(item)}.schemaExtensions", published)


def extension_required_flaws(items: Sequence[JSONObject]) -> Iterator[Flaw]:
    """Every extension says with a boolean whether it is required."""
    for item in items:
        for entry in objects(item.get("schemaExtensions")):
            if not isinstance(entry.get("required"), bool):
                where = f"{label(item)}.schemaExtensions[{entry.get('schema')}].required"
                yield Flaw(where, "true or false", _seen(entry, "required"))


def _schema_flaws(item: JSONObject, where: str, published: Collection[str]) -> Iterator[Flaw]:
    value = item.get("schema")
    if not isinstance(value, str) or not value:
        yield Flaw(f"{where}.schema", "the URI of a schema", _seen(item, "schema"))
    elif value.lower() not in published:
        yield Flaw(f"{where}.schema", "the id of an entry of /Schemas", f"{value!r}, which is not there")


def _seen(item: JSONObject, name: str) -> str:
    return "absent" if item.get(name) is None else shown(item[name])
