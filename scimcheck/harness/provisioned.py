"""The target as an Entra app provisions it: what ``--scim-app`` changes for the checks of the Entra suite.

What no mapping writes is as good as not declared, so that checks pick what the app sends, and pass over the rest.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, fields, replace

from scimcheck.checks.findings import NotApplicable
from scimcheck.core.json import JSON
from scimcheck.core.schema import ResourceModel
from scimcheck.entra.apps import App, mapped_targets
from scimcheck.entra.apps.bodies import wanted
from scimcheck.entra.creation import is_declared
from scimcheck.entra.data import table
from scimcheck.entra.directory import Directory, DirectoryObject, generate
from scimcheck.entra.mapping import in_scope
from scimcheck.entra.mapping.narrow import MappedModel, as_mapped
from scimcheck.harness.attributes import is_group, is_user
from scimcheck.harness.judge import Judge
from scimcheck.harness.payloads import writable
from scimcheck.harness.target import Target

#: What a target in the eyes of an app has for itself: its models, and resources that were made from them.
_OWN = ("discovery", "cache", "_pool")
#: How a check says that the target lacks something, in which case the app may be what lacks it.
_LACKS = re.compile(r"\b(declares|have (no|neither|fewer)|knows one type)\b")


@dataclass(slots=True, repr=False)
class ProvisionedTarget(Target):
    """A target in the eyes of an app."""

    app: App | None = None
    #: Ordinary users of the generated directory that checks have not had yet.
    _people: list[DirectoryObject] = field(default_factory=list)


def provisioned(scim: Target, app: App) -> ProvisionedTarget:
    """The same target in the eyes of the app; session, ledger, names and what was found out are shared."""
    models = tuple(found for model in scim.models if (found := _in_the_eyes_of(app, model)) is not None)
    shared = {item.name: getattr(scim, item.name) for item in fields(Target) if item.init and item.name not in _OWN}
    view = ProvisionedTarget(**shared, discovery=replace(scim.discovery, models=models), app=app)
    view.capabilities = scim.capabilities
    return view


def _in_the_eyes_of(app: App, model: ResourceModel) -> ResourceModel | None:
    kind = "User" if is_user(model) else "Group" if is_group(model) else ""
    if not kind:
        return model
    return as_mapped(model, mapped_targets(app, kind)) if app.mapping(kind) else None


def app_of(scim: Target) -> App | None:
    """The app of the run; ``None`` when it replays everything that Entra may send."""
    return scim.app if isinstance(scim, ProvisionedTarget) else None


def demand_mapping(scim: Target, judge: Judge, needs: tuple[str, ...]) -> None:
    """Raise NotApplicable when the app does not provision what a check needs; have it named in other reasons, too."""
    app = app_of(scim)
    if app is None:
        return
    for kind in ("User", "Group"):
        if kind in needs and app.mapping(kind) is None:
            raise NotApplicable(f"the app {app.name} provisions no {kind.lower()}s")
    judge.remark = lambda reason: _in_the_apps_words(scim, app, reason)


def _in_the_apps_words(scim: Target, app: App, reason: str) -> str:
    unmapped = {name for model in scim.models if isinstance(model, MappedModel) for name in model.unmapped}
    words = re.findall(r"[A-Za-z][\w.]*", reason)
    named = [word for word in dict.fromkeys(words) if word.lower() in unmapped]
    if not _LACKS.search(reason):
        return reason
    return (
        f"the app {app.name} maps no {' and no '.join(named)}" if named else f"as the app {app.name} maps it: {reason}"
    )


def demand_matching(scim: Target, judge: Judge, attribute: str, kind: str = "User") -> None:
    """End the check when the app never searches by the attribute."""
    app = app_of(scim)
    if app is not None and attribute.lower() not in (name.lower() for name in app.matching(kind)):
        judge.not_applicable(f"the app {app.name} does not match {kind.lower()}s by {attribute}")


def probe_attribute(scim: Target, kind: str = "User") -> str:
    """The attribute of the connection test: the first one that the app matches by."""
    app = app_of(scim)
    found = app.matching(kind) if app else ()
    return found[0] if found else {"User": "userName", "Group": "displayName"}[kind]


def described_as_mapped(model: ResourceModel) -> tuple[ResourceModel, list[str]]:
    """The resource type of users as the target describes it, and the target attributes of the app or by default."""
    if isinstance(model, MappedModel) and model.whole is not None:
        return model.whole, list(model.targets)
    return model, mapped_by_default()


def sent_without_declaration(model: ResourceModel) -> list[str]:
    """Target attributes that are mapped by default, and by the app, and that the target does not declare."""
    whole, mapped = described_as_mapped(model)
    usual = mapped_by_default()
    return [path for path in mapped if path in usual and not is_declared(path, whole)]


def mapped_by_default() -> list[str]:
    """The target attributes of the default mapping of users."""
    return [row["target"] for row in table("default_mappings")["objects"][0]["mappings"]]


def required_but_unmapped(model: ResourceModel) -> list[str]:
    """What the target requires of new resources and the app maps nothing to: Entra's creations lack it."""
    if not isinstance(model, MappedModel) or model.whole is None:
        return []
    mapped = as_mapped(_with_nothing_required(model.whole), model.targets)
    needed = (item for item in model.attributes() if item.attribute.required and writable(item.attribute))
    paths = ((item, f"{item.schema}:{item.attribute.name}" if item.schema else item.attribute.name) for item in needed)
    return [path for item, path in paths if path != "schemas" and not mapped.find(item.schema, item.attribute.name)]


def _with_nothing_required(model: ResourceModel) -> ResourceModel:
    core, *extensions = (
        replace(schema, attributes=tuple(replace(item, required=False) for item in schema.attributes))
        for schema in (model.core, *model.extensions)
    )
    return ResourceModel(model.resource_type, core, tuple(extensions))


def directory(scim: Target) -> Directory:
    """A fresh directory of users and groups whose names carry the run's prefix."""
    return generate(scim.payloads.fake.random_int(0, 999_999), prefix=f"{scim.unique('dir')}-")


def ordinary(scim: Target) -> DirectoryObject:
    """An ordinary user of the directory, whom no other check has had; LookupError without an app."""
    if not isinstance(scim, ProvisionedTarget):
        raise LookupError("only an app has a directory")
    if not scim._people:
        scim._people.extend(in_scope_of(scim, (person for person in directory(scim).users if not person.case)))
    return scim._people.pop()


def in_scope_of(scim: Target, items: Iterable[DirectoryObject]) -> list[DirectoryObject]:
    """Those that the scoping filter of the app lets through; all of them when it lets nobody through."""
    app, everybody = app_of(scim), list(items)
    mapping = app.mapping(everybody[0].kind) if app and everybody else None
    return [item for item in everybody if mapping and in_scope(mapping.scope, item.values)] or everybody


def mapped_user(scim: Target) -> dict[str, JSON] | None:
    """What the app sends of an ordinary user, by target attribute; ``None`` without an app."""
    if not isinstance(scim, ProvisionedTarget) or scim.app is None:
        return None
    return dict(wanted(scim.app, ordinary(scim)).values)


def mapped_group(scim: Target) -> dict[str, JSON] | None:
    """What the app sends of a group, by target attribute; ``None`` without an app that provisions groups."""
    app = app_of(scim)
    if app is None or app.mapping("Group") is None:
        return None
    return dict(wanted(app, directory(scim).groups[0]).values)
