"""Resources with a version: their entity-tags, and one that is out of date (RFC 7644 §3.14, RFC 9110 §8.8.3)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from scimcheck.client.exchange import Exchange
from scimcheck.core.json import JSON, JSONObject
from scimcheck.core.schema import ResourceModel
from scimcheck.harness import attributes
from scimcheck.harness.judge import Judge
from scimcheck.harness.representation import differences, put_body
from scimcheck.harness.target import Resource, Target, patch_op

#: RFC 9110 §8.8.3: the syntax of an entity-tag; ``w/`` in lower case is told by another clause.
ENTITY_TAG = re.compile(r'(?:[Ww]/)?"[\x21\x23-\x7e\x80-\xff]*"')
#: The clause that a tag breaks which stays the same when the resource changes.
CHANGES = "RFC7644-3.14-08"
#: What a change that is answered with success has broken when nothing has changed.
EFFECT = {"PUT": "RFC7644-3.5.1-02", "PATCH": "RFC7644-3.5.2.3-02"}
#: What a false precondition may be answered with (RFC 9110 §15.5.13, RFC 7644 §3.12 table 8).
REFUSED = (412, 409)


def tag_of(exchange: Exchange) -> str:
    """The ETag header field; empty without one."""
    return exchange.header("etag") or ""


def version_of(body: JSONObject) -> JSON:
    """``meta.version``."""
    meta = body.get("meta")
    found: JSON = meta.get("version") if isinstance(meta, dict) else None
    return found


def is_weak(tag: str) -> bool:
    """Whether a tag is marked as weak."""
    return tag[:2].upper() == "W/"


def toggled(tag: str) -> str:
    """A tag with the mark of weakness added or removed."""
    return tag[2:] if is_weak(tag) else f"W/{tag}"


@dataclass(slots=True)
class Versioned:
    """A resource of the check's own that has changed once: its outdated tag, and the GET that shows its current one."""

    scim: Target
    resource: Resource
    outdated: str
    read: Exchange
    evidence: tuple[Exchange, ...]

    @property
    def tag(self) -> str:
        """The current entity-tag."""
        return tag_of(self.read)

    @property
    def other(self) -> str:
        """A list of tags of which none is the current one."""
        return f'{self.outdated}, "scimcheck-none"'

    def get(self, **headers: str) -> Exchange:
        """GET it with header fields, named with underscores."""
        return self.scim.get(self.resource.path, headers=_fields(headers))

    def change(self, method: str, **headers: str) -> Exchange:
        """PUT or PATCH a new text into it, or DELETE it, with header fields."""
        if method == "DELETE":
            return self.scim.delete(self.resource.path, headers=_fields(headers))
        name = _changed(self.resource.model)
        value = self.scim.unique("version")
        if method == "PUT":
            body = put_body(self.scim, self.resource, **{name: value})
        else:
            body = patch_op({"op": "replace", "path": name, "value": value})
        return self.scim.request(method, self.resource.path, json=body, headers=_fields(headers))

    def refresh(self) -> list[str]:
        """Read it anew; says what differs from the reading before, which it replaces."""
        old, self.read = self.read, self.scim.read(self.resource)
        if self.read.status != 200:
            return [self.read.summary()]
        return differences(old.body, self.read.body, self.resource.model)

    def at(self, *exchanges: Exchange) -> tuple[Exchange, ...]:
        """The evidence: what made it, and then others."""
        return (*self.evidence, *exchanges)

    def methods(self) -> Iterator[str]:
        """The methods that can change it."""
        for need, method in (("put", "PUT"), ("patch-replace", "PATCH")):
            if self.scim.capabilities.works(need, self.resource.model):
                yield method


def _fields(headers: dict[str, str]) -> dict[str, str]:
    return {name.replace("_", "-"): value for name, value in headers.items()}


def _changed(model: ResourceModel) -> str:
    found = attributes.changeable(model)
    return found.name if found else attributes.naming(model)


def versioned(scim: Target, judge: Judge, model: ResourceModel, *, shared: bool = False) -> Versioned:
    """A resource with an outdated tag and a current one; ends the check when it cannot be had.

    ``shared`` ones are made once; whoever changes one has to refresh it, and must not delete it.
    """
    key = ("versioned", model.name)
    if shared and key in scim.cache:
        known: Versioned = scim.cache[key]
        return known
    if attributes.changeable(model) is None:
        judge.not_applicable(f"{model.name} has no text to change")
    resource = scim.some(model)
    first = scim.current(resource)
    made = Versioned(scim, resource, tag_of(first), first, (resource.exchange, first))
    method = next(made.methods(), None)
    if method is None:
        judge.not_applicable(f"neither PUT nor PATCH can change {model.name}")
    changed = made.change(method)
    moved = made.refresh()
    made.evidence = made.at(changed, made.read)
    if changed.ok and not moved:
        judge.blocked(EFFECT[method], f"{changed.summary()}, but nothing has changed")
    if not changed.ok or not made.tag or made.tag == made.outdated:
        judge.blocked(CHANGES, f"{changed.summary()}, and the entity-tag is {made.tag or 'none'} as before")
    if shared:
        scim.cache[key] = made
        scim.spares.withhold(resource)
    return made
