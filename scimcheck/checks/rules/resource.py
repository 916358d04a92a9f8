"""What every representation of a resource holds: ``schemas``, ``id``, and attributes in their places (RFC 7643 §3)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from scimcheck.checks.rules import Problem, RuleContext, rule
from scimcheck.checks.rules._shown import Shown, brief, shown, shows_resources, shows_whole_resources
from scimcheck.client.exchange import Exchange
from scimcheck.core import urns
from scimcheck.core.json import JSON
from scimcheck.core.resource import key_of, listed_schemas, member

_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`]+")
#: What a URI of its own for the common attributes would look like.
_COMMON = re.compile(
    r"urn:ietf:params:scim:schemas:core:2\.0(:(common|meta|resource|commonattributes))?", re.IGNORECASE
)


def _whole(exchange: Exchange, context: RuleContext) -> Iterator[Shown]:
    return (item for item in shown(exchange, context) if item.whole)


def _schemas_of(item: Shown) -> list[str] | None:
    """The URNs of ``schemas``; ``None`` when it is not a non-empty array of strings, which is a finding of its own."""
    value = member(item.resource, "schemas")
    if not isinstance(value, list) or not value or not all(isinstance(urn, str) for urn in value):
        return None
    return listed_schemas(item.resource)


@rule("schemas-attribute", "RFC7643-3-01", "RFC7643-3-02", "RFC7643-3-03", "RFC7643-3-04", when=shows_whole_resources)
def schemas_attribute(exchange: Exchange, context: RuleContext) -> Iterator[Problem]:
    """``schemas`` is a non-empty array of distinct URIs."""
    for item in _whole(exchange, context):
        value: JSON = member(item.resource, "schemas")
        if not isinstance(value, list) or not all(isinstance(urn, str) for urn in value):
            yield item.problem("RFC7643-3-01", "schemas is an array of strings", f"schemas: {brief(value)}")
        elif not value:
            yield item.problem("RFC7643-3-02", "schemas has at least one URI", "schemas: []")
        else:
            yield from _uris(item, [str(urn) for urn in value])


def _uris(item: Shown, listed: list[str]) -> Iterator[Problem]:
    for urn in listed:
        if not _URI.fullmatch(urn):
            yield item.problem("RFC7643-3-03", "each entry of schemas is a URI", f"schemas holds {urn!r}")
    if len({urn.lower() for urn in listed}) < len(listed):
        yield item.problem("RFC7643-3-04", "each URI occurs once in schemas", f"schemas: {brief(list(listed))}")


@rule("schemas-of-the-type", "RFC7643-3-05", "RFC7643-3.1-32", "RFC7643-3.3-01", when=shows_whole_resources)
def schemas_of_the_type(exchange: Exchange, context: RuleContext) -> Iterator[Problem]:
    """``schemas`` names the base schema of the type and nothing but it and the type's extensions."""
    for item in _whole(exchange, context):
        listed = _schemas_of(item)
        if listed is None:
            continue
        known = {urn.lower() for urn in item.model.schema_uris}
        for urn in listed:
            if _URI.fullmatch(urn) and urn.lower() not in known:
                expected = f"only {item.model.core.id} and the extensions of {item.model.name}"
                yield item.problem("RFC7643-3-05", expected, f"schemas holds {urn}")
                if _COMMON.fullmatch(urn):
                    yield item.problem("RFC7643-3.1-32", "no URI for common attributes", f"schemas holds {urn}")
        if item.model.core.id.lower() not in {urn.lower() for urn in listed}:
            yield item.problem(
                "RFC7643-3.3-01", f"schemas holds {item.model.core.id}", f"schemas: {brief(list(listed))}"
            )


def _shows_type(urn: str, exchange: Exchange, context: RuleContext) -> bool:
    return any(item.model.core.id.lower() == urn.lower() for item in _whole(exchange, context))


@rule("user-schema", "RFC7643-4.1-01", when=lambda exchange, context: _shows_type(urns.USER, exchange, context))
def user_schema(exchange: Exchange, context: RuleContext) -> Iterator[Problem]:
    """Users list the User URN."""
    yield from _lists(urns.USER, "RFC7643-4.1-01", exchange, context)


@rule("group-schema", "RFC7643-4.2-01", when=lambda exchange, context: _shows_type(urns.GROUP, exchange, context))
def group_schema(exchange: Exchange, context: RuleContext) -> Iterator[Problem]:
    """Groups list the Group URN."""
    yield from _lists(urns.GROUP, "RFC7643-4.2-01", exchange, context)


def _lists(urn: str, requirement: str, exchange: Exchange, context: RuleContext) -> Iterator[Problem]:
    for item in _whole(exchange, context):
        listed = _schemas_of(item)
        concerned = item.model.core.id.lower() == urn.lower() and listed is not None
        if concerned and urn.lower() not in {given.lower() for given in listed or ()}:
            yield item.problem(requirement, f"schemas holds {urn}", f"schemas: {brief(list(listed or ()))}")


@rule("identifier", "RFC7643-3.1-03", "RFC7643-3.1-08", when=shows_resources)
def identifier(exchange: Exchange, context: RuleContext) -> Iterator[Problem]:
    """Each representation has a non-empty id, and no id holds the word that bulk requests reserve."""
    for item in shown(exchange, context):
        value = member(item.resource, "id")
        if not isinstance(value, str) or not value:
            yield item.problem("RFC7643-3.1-03", "a non-empty string in id", f"id: {brief(value)}")
        elif "bulkid" in value.lower():
            yield item.problem("RFC7643-3.1-08", "an id without the word bulkId", f"id: {value}")


@rule("core-attributes-on-top", "RFC7643-3-08", when=shows_resources)
def core_attributes_on_top(exchange: Exchange, context: RuleContext) -> Iterator[Problem]:
    """Core attributes are members of the resource, not of a container named after the base schema."""
    for item in shown(exchange, context):
        urn = item.model.core.id.lower()
        for name in item.resource:
            if name.lower() == urn or name.lower().startswith(f"{urn}:"):
                yield item.problem("RFC7643-3-08", "core attributes at the top level", f"a member named {name}")


def _extended(exchange: Exchange, context: RuleContext) -> bool:
    return any(item.model.extensions for item in shown(exchange, context))


@rule("extension-container", "RFC7643-3-09", when=_extended)
def extension_container(exchange: Exchange, context: RuleContext) -> Iterator[Problem]:
    """Attributes of an extension stand in the container named by its URI, and nowhere else."""
    for item in shown(exchange, context):
        for extension in item.model.extensions:
            for attribute in extension.attributes:
                yield from _stray(item, extension.id, attribute.name)


def _stray(item: Shown, urn: str, name: str) -> Iterator[Problem]:
    flat = f"{urn}:{name}"
    bare = name if item.model.find(None, name) is None else flat
    for spelling in dict.fromkeys((flat, bare)):
        found = key_of(item.resource, spelling)
        if found is not None and item.resource[found] is not None:
            yield item.problem("RFC7643-3-09", f"{name} inside {urn}", f"a top-level member {found}")


def _has_container(exchange: Exchange, context: RuleContext) -> bool:
    return any(_containers(item) for item in _whole(exchange, context))


def _containers(item: Shown) -> list[str]:
    """The URIs under which the resource holds attributes of extensions."""
    return [
        name for name, value in item.resource.items() if name.lower().startswith("urn:") and isinstance(value, dict)
    ]


@rule("extension-listed", "RFC7643-3.3-02", when=_has_container)
def extension_listed(exchange: Exchange, context: RuleContext) -> Iterator[Problem]:
    """An extension whose attributes are shown is named in ``schemas``."""
    for item in _whole(exchange, context):
        listed = _schemas_of(item)
        for name in _containers(item) if listed is not None else ():
            if item.resource[name] and name.lower() not in {urn.lower() for urn in listed or ()}:
                yield item.problem("RFC7643-3.3-02", f"schemas holds {name}", f"schemas: {brief(list(listed or ()))}")


@rule("user-name-present", "RFC7643-4.1.1-01", when=lambda exchange, context: _shows_type(urns.USER, exchange, context))
def user_name_present(exchange: Exchange, context: RuleContext) -> Iterator[Problem]:
    """Every whole User has a non-empty userName."""
    for item in _whole(exchange, context):
        if item.served.core.id.lower() == urns.USER.lower() == item.model.core.id.lower():
            value = member(item.resource, "userName")
            if value is None or value in ("", []):
                yield item.problem("RFC7643-4.1.1-01", "a non-empty userName", f"userName: {brief(value)}")
