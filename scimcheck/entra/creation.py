"""The bodies of Entra's creation requests, for the attribute values of a mapping.

Values are keyed by target attribute as mappings name it: ``name.givenName``, ``emails[type eq "work"].value``,
``urn:…:enterprise:2.0:User:department``. What the endpoint's resource model does not declare is left out, as an
administrator would delete its mapping; so are nulls.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from scimcheck.core import urns
from scimcheck.core.characteristics import Mutability
from scimcheck.core.errors import InvalidPath, UsageError
from scimcheck.core.filter.ast import Comparison
from scimcheck.core.json import JSON, JSONObject
from scimcheck.core.path import PatchPath, parse_patch_path
from scimcheck.core.schema import ResourceModel
from scimcheck.entra.dialect import Dialect

#: Microsoft's own schema URI, which the documented group carries beside the core one.
GROUP_URI = "http://schemas.microsoft.com/2006/11/ResourceManagement/ADSCIM/2.0/Group"

#: Attributes whose single value, or work value among several, is marked as primary.
_WITH_PRIMARY = {"emails", "phonenumbers", "addresses"}


def user_body(
    values: Mapping[str, JSON],
    model: ResourceModel | None = None,
    *,
    dialect: Dialect = Dialect.COMPLIANT,
    text_booleans: bool = False,
) -> JSONObject:
    """The body of a user's creation; without ``model`` every value is taken.

    Both schema URNs are named whatever the values, ``meta.resourceType`` is there, ``id`` is not, and ``roles`` is an
    empty list unless values fill it. ``text_booleans`` sends booleans as strings in the legacy dialect, as a mapping
    that yields text has been seen to do. Raises UsageError for a target attribute that cannot be read.
    """
    body: JSONObject = {"schemas": [urns.USER, urns.ENTERPRISE_USER]}
    as_text = text_booleans and dialect is Dialect.LEGACY
    for path, value in values.items():
        _put(body, path, str(value) if as_text and isinstance(value, bool) else value, model)
    _mark_primary(body, model)
    body["meta"] = {"resourceType": "User"}
    if model is None or model.find(None, "roles") is not None:
        body.setdefault("roles", [])
    return body


def group_body(
    values: Mapping[str, JSON], model: ResourceModel | None = None, *, dialect: Dialect = Dialect.COMPLIANT
) -> JSONObject:
    """The body of a group's creation, which never has members.

    The legacy dialect names Microsoft's own schema URI as the documentation does; the compliant one names the core
    schema alone, as captures of today do.
    """
    extra = [GROUP_URI] if dialect is Dialect.LEGACY else []
    body: JSONObject = {"schemas": [urns.GROUP, *extra]}
    for path, value in values.items():
        if path.lower() != "members":
            _put(body, path, value, model)
    body["meta"] = {"resourceType": "Group"}
    return body


def is_declared(path: str, model: ResourceModel) -> bool:
    """Whether the endpoint declares the target attribute and lets clients write it."""
    target = target_attribute(path)
    return _writable(target, model) and all(
        model.find(target.attr.urn, target.attr.name, name) is not None for name in _seed(target)
    )


@lru_cache(maxsize=512)
def target_attribute(path: str) -> PatchPath:
    """A mapping's target attribute as a path; UsageError when it is none, or filters by more than equality."""
    try:
        target = parse_patch_path(path)
    except InvalidPath as error:
        raise UsageError(f"target attribute {path!r}: {error}") from None
    comparison = target.filter
    if comparison is not None and not (isinstance(comparison, Comparison) and comparison.op == "eq"):
        raise UsageError(f"target attribute {path!r}: the filter compares one sub-attribute with eq")
    return target


def _writable(target: PatchPath, model: ResourceModel) -> bool:
    found = model.find(target.attr.urn, target.attr.name, target.target_sub)
    if found is None:
        return False
    definitions = (found.attribute, found.parent) if found.parent else (found.attribute,)
    return all(definition.mutability is not Mutability.READ_ONLY for definition in definitions)


def _seed(target: PatchPath) -> JSONObject:
    """What the filter of a target attribute says about the entry: ``{"type": "work"}``.

    Mappings compare ``primary`` with a string, and creations are documented with a boolean.
    """
    if not isinstance(target.filter, Comparison):
        return {}
    name, value = target.filter.path.name, target.filter.value
    if name.lower() == "primary" and isinstance(value, str):
        return {name: value.lower() == "true"}
    return {name: value}


def _put(body: JSONObject, path: str, value: JSON, model: ResourceModel | None) -> None:
    """Put a value where its target attribute belongs, unless it is null or the model does not declare it."""
    target = target_attribute(path)
    if value is None or (model is not None and not is_declared(path, model)):
        return
    container = body
    if target.attr.urn and target.attr.urn.lower() not in (urns.USER.lower(), urns.GROUP.lower()):
        container = body.setdefault(target.attr.urn, {})
    name, sub = target.attr.name, target.target_sub
    if target.filter is not None:
        container = _entry(container.setdefault(name, []), _seed(target))
    elif sub is not None:
        container = container.setdefault(name, {})
    container[sub or name] = value


def _entry(entries: list[JSONObject], seed: JSONObject) -> JSONObject:
    """The entry that has the seed's values, appended if there is none."""
    for entry in entries:
        if all(entry.get(name) == value for name, value in seed.items()):
            return entry
    entries.append(dict(seed))
    return entries[-1]


def _mark_primary(body: JSONObject, model: ResourceModel | None) -> None:
    """Mark the work value, or the only one, of e-mails and the like as primary.

    Documented for the single e-mail of the sample; for addresses, where Entra is not known to have a primary one,
    nothing is primary.
    """
    for name, entries in body.items():
        declared = model is None or model.find(None, name, "primary") is not None
        if name.lower() in _WITH_PRIMARY and declared and isinstance(entries, list):
            for entry in (item for item in entries if isinstance(item, dict)):
                preferred = len(entries) == 1 or entry.get("type") == "work"
                entry.setdefault("primary", preferred and name.lower() != "addresses")
