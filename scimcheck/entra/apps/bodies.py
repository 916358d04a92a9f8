"""What an app sends: the searches for an object of the directory, its creation, its changes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from scimcheck.core.json import JSON, JSONObject
from scimcheck.core.schema import ResourceModel
from scimcheck.entra.apps.model import App
from scimcheck.entra.creation import group_body, is_declared, user_body
from scimcheck.entra.dialect import Change, Dialect
from scimcheck.entra.directory.objects import DirectoryObject
from scimcheck.entra.expression import Context
from scimcheck.entra.mapping.evaluate import Desired, desired


def wanted(app: App, item: DirectoryObject, *, creating: bool = True, context: Context | None = None) -> Desired:
    """What the app's mappings make of an object; LookupError when the app does not provision its kind."""
    mapping = app.mapping(item.kind)
    if mapping is None:
        raise LookupError(f"the app {app.name} provisions no {item.kind} objects")
    return desired(mapping, item.values, app.definition(item.kind), creating=creating, context=context)


def missing(app: App, found: Desired, kind: str) -> tuple[str, ...]:
    """The required target attributes that an object of the kind has no value for: it is not provisioned then."""
    held = {name.lower() for name in (*found.values, *found.references)}
    return tuple(sorted(name for name in app.required(kind) if name.lower() not in held))


def matching_values(app: App, found: Desired, kind: str) -> list[tuple[str, str]]:
    """Attribute and value of each search for an existing resource, in the order in which they are tried.

    An attribute without a value is passed over; without any, the object is not provisioned.
    """
    pairs = ((name, found.values.get(name)) for name in app.matching(kind))
    return [(name, value if isinstance(value, str) else str(value)) for name, value in pairs if value is not None]


def creation_body(
    app: App,
    item: DirectoryObject,
    *,
    dialect: Dialect = Dialect.COMPLIANT,
    model: ResourceModel | None = None,
    context: Context | None = None,
) -> JSONObject:
    """The body that creates an object; references follow later.

    With ``model`` it leaves out what an endpoint does not declare.
    """
    values = wanted(app, item, context=context).values
    if item.kind == "Group":
        return group_body(values, model, dialect=dialect)
    return user_body(values, model, dialect=dialect)


def update_body(
    app: App,
    before: DirectoryObject,
    after: DirectoryObject,
    *,
    dialect: Dialect,
    links: Mapping[str, str] | None = None,
    model: ResourceModel | None = None,
    context: Context | None = None,
) -> JSONObject | None:
    """The PATCH body for a change of an object; ``None`` when nothing of it is mapped, or only taken away.

    ``links`` has the endpoint's ids by those of the directory: a manager who has none yet is not sent. Members of
    groups have requests of their own. With ``model`` it leaves out what an endpoint does not declare.
    """
    old = wanted(app, before, creating=False, context=context)
    new = wanted(app, after, creating=False, context=context)
    every = (*_values(app, after.kind, old, new), *_references(old, new, links or {}))
    changes = [change for change in every if model is None or is_declared(change.path, model)]
    texts = any(change.path in new.texts for change in changes)
    return dialect.update(changes, text_booleans=texts)


def _values(app: App, kind: str, old: Desired, new: Desired) -> Iterator[Change]:
    definition = app.definition(kind)
    for path, value in new.values.items():
        attribute = definition.attribute(path) if definition else None
        exact = attribute is not None and attribute.case_exact
        if not _alike(old.values.get(path), value, exact):
            yield Change(path, value, known=path in old.values)


def _references(old: Desired, new: Desired, links: Mapping[str, str]) -> Iterator[Change]:
    for path, ids in new.references.items():
        if path.lower() != "members" and ids != old.references.get(path) and ids[0] in links:
            yield Change(path, links[ids[0]], known=path in old.references)


def _alike(old: JSON, new: JSON, exact: bool) -> bool:
    """Whether there is no change; one of letter case alone counts for attributes of exact case only."""
    if isinstance(old, str) and isinstance(new, str) and not exact:
        return old.lower() == new.lower()
    return old == new and type(old) is type(new)
