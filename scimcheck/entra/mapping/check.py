"""What is wrong or doubtful with a mapping, told before anything is provisioned with it."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from scimcheck.core.errors import UsageError
from scimcheck.entra.creation import target_attribute
from scimcheck.entra.expression.check import check_expression
from scimcheck.entra.expression.values import Value
from scimcheck.entra.mapping import scope
from scimcheck.entra.mapping.evaluate import desired
from scimcheck.entra.mapping.model import (
    AttributeMapping,
    Filter,
    ObjectDefinition,
    ObjectMapping,
    SynchronizationSchema,
    is_reference,
)
from scimcheck.entra.mapping.place import Place

#: Source attributes that every user, or group, of the directory has.
ALWAYS_THERE = frozenset(
    {"accountEnabled", "displayName", "id", "IsSoftDeleted", "mailNickname", "objectId", "originalUserPrincipalName"}
    | {"userPrincipalName"}
)
#: Source attributes that scoping filters are documented not to work with.
NO_SCOPING = frozenset({"approleassignments", "usertype", "manager"})
#: What an attribute is filled with to see whether a value depends on it.
_SPARSE: dict[str, Value] = {
    "accountEnabled": True,
    "displayName": "Mara Lindqvist",
    "id": "6f1b2c3d-0000-4000-8000-00000000000a",
    "IsSoftDeleted": False,
    "mailNickname": "mara.lindqvist",
    "objectId": "6f1b2c3d-0000-4000-8000-00000000000a",
    "originalUserPrincipalName": "mara.lindqvist@example.com",
    "userPrincipalName": "mara.lindqvist@example.com",
}


@dataclass(frozen=True, slots=True)
class Problem:
    """One problem of a mapping. ``place`` leads to it in the JSON; ``error`` means that the mapping cannot be used."""

    place: Place
    text: str
    error: bool


def problems(schema: SynchronizationSchema) -> list[Problem]:
    """The problems of a schema: errors first, each kind in the order of the file."""
    found = [*_objects(schema), *_definitions(schema)]
    return sorted(found, key=lambda problem: not problem.error)


def without_value(mapping: ObjectMapping, definition: ObjectDefinition | None) -> Mapping[str, tuple[str, ...]]:
    """Required target attributes that stay without a value for some object, with the source attributes it then lacks.

    Found out by mapping an object that has nothing but what every object of the directory has.
    """
    sparse = desired(mapping, _SPARSE, definition)
    found = {}
    for line in mapping.mappings:
        attribute = definition.attribute(line.target) if definition else None
        if attribute is not None and attribute.required and not is_reference(line.target, attribute):
            needed = tuple(name for name in line.reads if name not in ALWAYS_THERE)
            if line.target not in sparse.values and needed:
                found[line.target] = needed
    return found


def _objects(schema: SynchronizationSchema) -> Iterator[Problem]:
    for number, rule in enumerate(schema.rules):
        for index, mapping in enumerate(rule.objects):
            place: Place = ("synchronizationRules", number, "objectMappings", index)
            yield from _table(schema, mapping, place)
            if mapping.scope is not None:
                yield from _scope(mapping.scope, (*place, "scope"))


def _table(schema: SynchronizationSchema, mapping: ObjectMapping, place: Place) -> Iterator[Problem]:
    seen: set[str] = set()
    source = schema.source(mapping)
    for index, line in enumerate(mapping.mappings):
        at: Place = (*place, "attributeMappings", index)
        yield from _line(line, at)
        if line.target.lower() in seen:
            yield Problem((*at, "targetAttributeName"), f"{line.target} is mapped twice", True)
        seen.add(line.target.lower())
        yield from _unknown_sources(line, source, at)
    yield from _matching(mapping, place)
    yield from _required(schema, mapping, place)


def _line(line: AttributeMapping, at: Place) -> Iterator[Problem]:
    wrong = _name_problem(line.target)
    if wrong:
        yield Problem((*at, "targetAttributeName"), wrong, True)
    elif line.target.lower() == "id":
        yield Problem((*at, "targetAttributeName"), "id is the endpoint's to give: no mapping may write it", True)
    if line.source is not None:
        for found in check_expression(line.expression):
            text = f"{line.target}: column {found.column}: {found.text}"
            yield Problem((*at, "source", "expression"), text, found.error)
    if line.matching < 0:
        yield Problem((*at, "matchingPriority"), f"{line.target}: a precedence is 0 for none, or counts from 1", True)
    if line.source is None and not line.default:
        yield Problem(at, f"{line.target} has neither a source nor a default value: nothing is ever sent", False)


def _name_problem(name: str) -> str:
    """What is wrong with the name of a target attribute; empty when nothing is."""
    if name != name.strip():
        return f"the attribute name {name!r} begins or ends with a blank"
    if not name:
        return "the name of the target attribute is empty"
    if "?" in name:
        return f"the attribute name {name!r} has a question mark in it"
    try:
        target_attribute(name)
    except UsageError as error:
        return str(error)
    return ""


def _unknown_sources(line: AttributeMapping, source: ObjectDefinition | None, at: Place) -> Iterator[Problem]:
    """Source attributes that the directory does not list; names in expressions are case-sensitive."""
    known = {found.name for found in source.attributes} if source and source.attributes else set()
    for name in line.reads if known else ():
        if name not in known:
            likely = next((item for item in known if item.lower() == name.lower()), "")
            near = [likely] if likely else difflib.get_close_matches(name, known, n=1)
            hint = f"; is it {near[0]}?" if near else ""
            text = f"{line.target}: the directory has no attribute {name}, so it has no value{hint}"
            yield Problem((*at, "source", "expression"), text, False)


def _matching(mapping: ObjectMapping, place: Place) -> Iterator[Problem]:
    if mapping.enabled and not mapping.matching:
        text = f"{mapping.source}: no attribute has a matching precedence, so existing resources are never found"
        yield Problem((*place, "attributeMappings"), text, True)
    seen: dict[int, str] = {}
    for index, line in enumerate(mapping.mappings):
        at: Place = (*place, "attributeMappings", index, "matchingPriority")
        if line.matching > 0 and line.matching in seen:
            yield Problem(at, f"{line.target} and {seen[line.matching]} have the same precedence {line.matching}", True)
        seen.setdefault(line.matching, line.target)
    if mapping.enabled and mapping.source.lower() == "user" and mapping.line("active") is None:
        text = "active is not mapped: users who are unassigned or disabled are deleted, not disabled"
        yield Problem((*place, "attributeMappings"), text, False)


def _required(schema: SynchronizationSchema, mapping: ObjectMapping, place: Place) -> Iterator[Problem]:
    """Required target attributes that nothing is mapped to, or that stay empty for some objects."""
    definition = schema.target(mapping)
    if definition is None or not mapping.enabled:
        return
    for attribute in definition.attributes:
        if attribute.required and attribute.mutability != "ReadOnly" and not mapping.line(attribute.name):
            text = f"{attribute.name} is required and nothing is mapped to it"
            yield Problem((*place, "attributeMappings"), text, False)
    kind = mapping.source.lower()
    for target, names in without_value(mapping, definition).items():
        index = next(number for number, line in enumerate(mapping.mappings) if line.target == target)
        text = f"{target} is required: a directory {kind} without {' and '.join(names)} would not sync"
        yield Problem((*place, "attributeMappings", index), text, False)


def _scope(found: Filter, place: Place) -> Iterator[Problem]:
    for key, groups in (("groups", found.groups), ("inputFilterGroups", found.input_groups)):
        for number, group in enumerate(groups):
            for index, clause in enumerate(group.clauses):
                at: Place = (*place, key, number, "clauses", index)
                wrong = scope.problem(clause)
                if wrong:
                    near = difflib.get_close_matches(clause.operator.upper(), scope.operators(), n=1)
                    known = scope.operator(clause.operator) is not None
                    yield Problem(at, wrong if known or not near else f"{wrong}; is it {near[0]}?", True)
                elif clause.source.lower() in NO_SCOPING or re.search("date", clause.source, re.IGNORECASE):
                    yield Problem(at, f"{clause.source} is documented not to work in scoping filters", False)


def _definitions(schema: SynchronizationSchema) -> Iterator[Problem]:
    """Names in the lists of target attributes that no endpoint can have."""
    targets = {rule.target_directory for rule in schema.rules}
    for number, directory in enumerate(schema.directories):
        for index, item in enumerate(directory.objects if directory.name in targets else ()):
            for position, attribute in enumerate(item.attributes):
                wrong = _name_problem(attribute.name)
                if wrong:
                    place: Place = ("directories", number, "objects", index, "attributes", position, "name")
                    yield Problem(place, wrong, True)
