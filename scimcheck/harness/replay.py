"""Changing resources as Microsoft Entra ID does, and telling by the effect, not by the status, what was understood."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from scimcheck.checks.findings import Blocked
from scimcheck.client.exchange import Exchange
from scimcheck.core.json import JSON, JSONObject
from scimcheck.core.patch.selection import selector
from scimcheck.core.path import AttrPath
from scimcheck.core.resource import get, member
from scimcheck.core.schema import Attribute, ResourceModel
from scimcheck.core.values import has_value, same_value
from scimcheck.entra.creation import target_attribute
from scimcheck.entra.dialect import Dialect, operation, patch_body
from scimcheck.harness.attributes import changeable
from scimcheck.harness.judge import Judge, show
from scimcheck.harness.target import RETRIEVAL, Resource, Target, error_text

#: The requirement that an endpoint breaks which does not understand ``Add``, ``Replace`` and ``Remove``.
CAPITALS = "ENTRA-2.2-07"


class _Nothing:
    """The type of `ABSENT`."""

    def __repr__(self) -> str:
        return "no value"


#: An effect: the attribute has no value, or an empty one.
ABSENT: Final = _Nothing()

#: What a PATCH is to bring about: target attributes, as mappings name them, with the value that each has afterwards.
Effect = Mapping[str, Any]
#: Further judgement of the resource after a PATCH: what is wrong with it, for people.
Control = Callable[[JSONObject], Iterable[str]]


@dataclass(frozen=True, slots=True)
class Outcome:
    """A PATCH with the GET after it. ``wrong`` tells what is not as intended, empty when all is."""

    resource: Resource
    sent: Exchange
    read: Exchange
    wrong: tuple[str, ...]

    @property
    def held(self) -> bool:
        """Whether the PATCH was answered with 2xx and has its effect."""
        return self.sent.ok and not self.wrong

    @property
    def without_target(self) -> bool:
        """Whether the PATCH was refused with noTarget, as RFC 7644 §3.5.2.3 has it for a filter without a match."""
        return self.sent.status == 400 and self.sent.scim_type == "noTarget"

    @property
    def observed(self) -> str:
        """Answer and state afterwards, for people."""
        if not self.sent.ok:
            return f"{self.sent.summary()} {error_text(self.sent)}".strip()
        return f"{self.sent.summary()}, and then {'; '.join(self.wrong) or 'the intended state'}"

    @property
    def exchanges(self) -> tuple[Exchange, ...]:
        """Creation, PATCH, GET."""
        return (self.resource.exchange, self.sent, self.read)


def set_aside(judge: Judge, dialect: Dialect) -> None:
    """Skip the requirements of the check that are about the other dialect; ends the check when none is left."""
    others = [name for name in judge.requirements if judge.catalogue[name].dialect not in ("any", dialect.value)]
    reason = f"Entra sends this form in the {_other(dialect).value} dialect only"
    if len(others) == len(judge.requirements):
        judge.not_applicable(reason)
    for name in others:
        judge.skip(name, reason)


def _other(dialect: Dialect) -> Dialect:
    return Dialect.COMPLIANT if dialect is Dialect.LEGACY else Dialect.LEGACY


def send(
    scim: Target,
    resource: Resource,
    body: JSONObject,
    effect: Effect,
    *,
    control: Control | None = None,
    query: str = "",
    blame: bool = True,
) -> Outcome:
    """Send the PATCH, read the resource by id and compare it with the effect; ``query`` is raw.

    Raises Blocked, unless ``blame`` is false, when the PATCH fails and the target does not understand operations in
    capitals, whatever they are about: that is a requirement of its own.
    """
    outcome = _send(scim, resource, body, effect, control, query)
    if blame and not outcome.held:
        capitals = {item["op"] for item in body["Operations"] if item["op"] != item["op"].lower()}
        if capitals and not understands_capitals(scim):
            raise Blocked(CAPITALS, f"{', '.join(sorted(capitals))} are not understood: {outcome.observed}")
    return outcome


def _send(
    scim: Target, resource: Resource, body: JSONObject, effect: Effect, control: Control | None, query: str
) -> Outcome:
    sent = scim.patch(resource.path, json=body, params=query or None)
    read = scim.read(resource)
    wrong = [] if read.status == 200 else [f"the resource cannot be read: {read.summary()}"]
    if not wrong:
        wrong = list(differences(resource.model, read.body, effect))
        wrong += control(read.body) if control else ()
    return Outcome(resource, sent, read, tuple(wrong))


def prove(
    scim: Target,
    judge: Judge,
    requirement: str,
    resource: Resource,
    body: JSONObject,
    effect: Effect,
    *,
    control: Control | None = None,
    query: str = "",
    also: Iterable[Exchange] = (),
    base: str = "",
    plain: JSONObject | None = None,
    instead: Effect | None = None,
    unreadable: str = RETRIEVAL,
) -> Outcome:
    """Judge one wire form under its requirement: 2xx, and the effect on the next read.

    ``plain`` is a simpler body with the same effect, or the effect ``instead``, which requirement ``base`` is about:
    when that fails, too, the form is blocked by it. ``unreadable`` is the requirement that blocks it when the resource
    cannot be read any more.
    """
    outcome = send(scim, resource, body, effect, control=control, query=query)
    if outcome.sent.ok and outcome.read.status != 200:
        judge.blocked(unreadable, outcome.observed)
    if not outcome.held and outcome.read.status == 200:  # a resource that a form broke tells nothing of another form
        wanted = effect if instead is None else instead
        if plain is not None and not send(scim, resource, plain, wanted, control=None if wanted else control).held:
            judge.blocked(base, f"the plain form has no effect either: {outcome.observed}")
    judge.expect(
        requirement,
        outcome.held,
        expected=f"2xx, and then {told(effect)}" if effect else "2xx and the intended state",
        observed=outcome.observed,
        at=(*also, *outcome.exchanges),
        subject=form(body),
    )
    return outcome


def understands_capitals(scim: Target) -> bool:
    """Whether ``Replace`` or ``Add`` has its effect on a single-valued text; true where nobody can tell."""
    model = scim.user or scim.primary
    attribute = changeable(model)
    if attribute is None:
        return True
    name = attribute.name
    user = scim.create_from(model, {**scim.payload(model), name: scim.unique("before")})
    changes = ((op, scim.unique("after")) for op in ("Replace", "Add"))
    bodies = ((patch_body([operation(op, name, value)]), {name: value}) for op, value in changes)
    return any(_send(scim, user, body, effect, None, "").held for body, effect in bodies)


def lower_case(body: JSONObject) -> JSONObject:
    """The body with its operations spelled as RFC 7644 does."""
    changed = copy.deepcopy(body)
    for item in changed["Operations"]:
        item["op"] = item["op"].lower()
    return changed


def form(body: JSONObject) -> str:
    """The operations of a body as short text, such as ``Replace active = "False"``."""
    parts = (
        " ".join(filter(None, (item.get("op"), item.get("path"), f"= {item['value']!r}" if "value" in item else "")))
        for item in body["Operations"]
    )
    return show("; ".join(parts))


def told(effect: Effect) -> str:
    """An effect as text for people."""
    return ", ".join(f"{path} {value!r}" for path, value in effect.items())


def differences(model: ResourceModel, resource: JSONObject, effect: Effect) -> Iterable[str]:
    """What of the effect the resource does not show, a phrase each."""
    for path, wanted in effect.items():
        found = values_at(model, resource, path)
        if not _as_wanted(found, wanted, definition(model, path)) and not _same_numbers(path, found, wanted):
            yield f"{path} is {_seen(found)} instead of {wanted!r}"


def _same_numbers(path: str, found: list[Any], wanted: JSON) -> bool:
    """Telephone numbers by their digits: a provider may write them as RFC 3966 says (RFC 7643 §4.1.2)."""
    if not path.lower().startswith("phonenumbers") or not isinstance(wanted, str) or len(found) != 1:
        return False
    seen, sent = (re.sub(r"\D", "", text) for text in (str(found[0]), wanted))
    return len(sent) >= 5 and seen == sent


def _seen(found: list[Any]) -> str:
    if not found:
        return "absent"
    return repr(found[0]) if len(found) == 1 else f"there {len(found)} times ({found!r})"


def definition(model: ResourceModel, path: str) -> Attribute | None:
    """The attribute or sub-attribute that a target attribute names; ``None`` when it is not declared."""
    target = target_attribute(path)
    located = model.find(target.attr.urn, target.attr.name, target.target_sub)
    return located.attribute if located else None


def values_at(model: ResourceModel, resource: JSONObject, path: str) -> list[Any]:
    """The values that a target attribute has, one for each entry that its filter selects."""
    target = target_attribute(path)
    found = get(resource, AttrPath(target.attr.name, urn=target.attr.urn), model)
    entries = found if isinstance(found, list) else [found]
    located = model.find(target.attr.urn, target.attr.name)
    if target.filter is not None and located is not None:
        selected = selector(target.filter, located.attribute)
        entries = [entry for entry in entries if isinstance(entry, dict) and selected(entry)]
    if target.target_sub:
        entries = [member(entry, target.target_sub) for entry in entries if isinstance(entry, dict)]
    return [entry for entry in entries if has_value(entry)]


def _as_wanted(found: list[Any], wanted: Any, attribute: Attribute | None) -> bool:
    if wanted is ABSENT:
        return all(value == "" or value == {"value": ""} for value in found)
    return len(found) == 1 and same(found[0], wanted, attribute)


def same(value: JSON, wanted: JSON, attribute: Attribute | None) -> bool:
    """Whether a value is the wanted one; a boolean may come as text, which is the business of another clause."""
    if isinstance(wanted, bool) and isinstance(value, str):
        return value.lower() == str(wanted).lower()
    if isinstance(wanted, dict) and isinstance(value, dict):
        subs = attribute.sub_attribute if attribute else lambda name: None
        return all(
            same(member(value, name), item, subs(name)) or _default(name, item, value) for name, item in wanted.items()
        )
    return same_value(value, wanted, attribute)


def _default(name: str, wanted: JSON, holder: JSONObject) -> bool:
    """Whether a value says by silence what is wanted: an entry without ``primary`` is not primary (RFC 7643 §2.4)."""
    return name.lower() == "primary" and wanted is False and not has_value(member(holder, name))


def unlike(model: ResourceModel, before: JSONObject, after: JSONObject, paths: Iterable[str]) -> Iterable[str]:
    """Which of the target attributes have changed, a phrase each: for what a PATCH must leave alone."""
    for path in paths:
        old, new = values_at(model, before, path), values_at(model, after, path)
        if not same_value(old, new, definition(model, path)):
            yield f"{path} changed from {_seen(old)} to {_seen(new)}"
