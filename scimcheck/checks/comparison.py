"""A published schema compared with the standard's (RFC 7643 §8.7), with every variation that is legitimate.

The variations are those of ``fixtures/requirements/schema_variations.json``: general rules for each characteristic,
values that are accepted for single attributes, and values that normative prose makes firm.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from scimcheck.checks.flaws import Flaw, objects, shown, told
from scimcheck.core.json import JSON, JSONObject

#: Defaults of characteristics (RFC 7643 §2.2).
DEFAULTS: dict[str, JSON] = {
    "type": "string",
    "multiValued": False,
    "required": False,
    "caseExact": False,
    "mutability": "readWrite",
    "returned": "default",
    "uniqueness": "none",
}

#: What may become of the standard's value: (value, whether a warning is due). Whatever else differs is a flaw.
_STRICTER: dict[str, dict[Any, dict[Any, bool]]] = {
    "required": {False: {True: False}},
    "caseExact": {False: {True: True}},
    "mutability": {"readWrite": {"readOnly": True, "immutable": True}},
    "returned": {"default": {"always": True, "request": True}},
    "uniqueness": {"none": {"server": False, "global": False}, "server": {"global": False}},
}
_WITHOUT_CASE = ("boolean", "integer", "decimal", "complex", "datetime")
#: How the source of a firm value says that another one deserves a warning only.
_WARN_ONLY = "warn only"


@dataclass(frozen=True, slots=True)
class Variations:
    """The variations of one schema: by attribute path (``emails.type``) and characteristic, all in lower case."""

    accepted: dict[tuple[str, str], list[JSON]]
    firm: dict[tuple[str, str], tuple[list[JSON], bool]]
    optional: frozenset[str]

    @classmethod
    def of(cls, data: JSONObject, urn: str) -> Variations:
        """Those of the schema ``urn`` in the content of the variations file."""

        def mine(kind: str) -> Iterator[JSONObject]:
            return (entry for entry in objects(data.get(kind)) if str(entry.get("schema")).lower() == urn.lower())

        accepted = {_key(entry): list(entry["accept"]) for entry in mine("accepted")}
        firm = {
            _key(entry): (_listed(entry["value"]), _WARN_ONLY in str(entry.get("source"))) for entry in mine("firm")
        }
        optional = frozenset(str(entry["attribute"]).lower() for entry in mine("optional_attributes"))
        return cls(accepted, firm, optional)

    def firm_for(self, path: str, name: str) -> tuple[list[JSON], bool] | None:
        """Firm values of an attribute's characteristic, and whether another one is worth a warning only."""
        return self.firm.get((path.lower(), name.lower())) or self.firm.get(("*", name.lower()))


def _key(entry: JSONObject) -> tuple[str, str]:
    return str(entry["attribute"]).lower(), str(entry["characteristic"]).lower()


def _listed(value: JSON) -> list[JSON]:
    return value if isinstance(value, list) else [value]


def named(listed: Any, name: str) -> JSONObject | None:
    """The definition of that name, in any letter case."""
    wanted = name.lower()
    return next((item for item in objects(listed) if str(item.get("name")).lower() == wanted), None)


def attribute_flaws(
    published: JSONObject,
    standard: JSONObject,
    variations: Variations,
    names: Iterable[str],
    besides: Collection[str] = (),
) -> Iterator[Flaw]:
    """Where the attributes ``names`` (paths such as ``attributes.subAttributes``) differ from the standard's schema.

    An attribute that is not published is a flaw only where its presence is firm. What lies at or below the paths
    ``besides`` is left out.
    """
    for path in names:
        *parents, _ = path.split(".")
        mine: JSONObject | None = published
        wanted: JSONObject | None = standard
        for part in path.split("."):
            mine = _below(mine, part)
            wanted = _below(wanted, part)
        if wanted is None:
            continue
        if mine is None:
            if variations.firm_for(path, "(present)") and not parents:
                yield Flaw(path, "an attribute that every such schema has", "not published")
        else:
            yield from _differences(path, mine, wanted, variations, besides)


def _below(item: JSONObject | None, name: str) -> JSONObject | None:
    if item is None:
        return None
    return named(item.get("attributes" if "attributes" in item else "subAttributes"), name)


def _differences(
    path: str, mine: JSONObject, standard: JSONObject, variations: Variations, besides: Collection[str]
) -> Iterator[Flaw]:
    for name in DEFAULTS:
        yield from _characteristic(path, name, mine, standard, variations)
    yield from _reference_types(path, mine, standard)
    for sub in objects(mine.get("subAttributes")):
        place = f"{path}.{sub.get('name')}"
        wanted = named(standard.get("subAttributes"), str(sub.get("name")))
        if place in besides:
            continue
        if wanted is not None:
            yield from _differences(place, sub, wanted, variations, besides)
        elif place.lower() not in variations.optional:
            yield Flaw(place, "the standard's sub-attributes", "a sub-attribute of its own", tolerated=True)


def _characteristic(
    path: str, name: str, mine: JSONObject, standard: JSONObject, variations: Variations
) -> Iterator[Flaw]:
    value, wanted = _value(mine, name), _value(standard, name)
    firm = variations.firm_for(path, name)
    if firm is not None:
        if value not in firm[0]:
            expected = " or ".join(shown(entry) for entry in firm[0])
            yield Flaw(f"{path}.{name}", expected, shown(value), tolerated=firm[1])
        return
    if value == wanted or value in _accepted(variations, path, name):
        return
    allowed = _STRICTER.get(name, {}).get(wanted, {}) if _hashable(value) else {}
    if value in allowed and _meaningful(name, mine):
        if allowed[value]:
            yield Flaw(f"{path}.{name}", shown(wanted), shown(value), tolerated=True)
        return
    tolerated = name == "caseExact" and str(_value(mine, "type")).lower() in _WITHOUT_CASE
    yield Flaw(f"{path}.{name}", shown(wanted), shown(value), tolerated)


def _meaningful(name: str, mine: JSONObject) -> bool:
    """Uniqueness of a boolean or complex attribute means nothing (§2.3.2, §2.3.8)."""
    return name != "uniqueness" or str(_value(mine, "type")).lower() not in ("boolean", "complex")


def _accepted(variations: Variations, path: str, name: str) -> list[JSON]:
    found = variations.accepted.get((path.lower(), name.lower()), [])
    return [DEFAULTS[name] if value is None else value for value in found]


def _value(item: JSONObject, name: str) -> JSON:
    value = item.get(name)
    if value is None:
        return DEFAULTS[name]
    return value.lower() if name == "type" and isinstance(value, str) and value != "dateTime" else value


def _hashable(value: JSON) -> bool:
    return isinstance(value, (str, bool, int))


def _reference_types(path: str, mine: JSONObject, standard: JSONObject) -> Iterator[Flaw]:
    """Any list that is not empty will do; its absence is judged where references are (§2.3.7)."""
    if standard.get("type") == "reference" and told(mine, "referenceTypes") and not mine["referenceTypes"]:
        yield Flaw(f"{path}.referenceTypes", "at least one kind of target", "an empty array", tolerated=True)
