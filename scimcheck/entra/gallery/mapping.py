"""What the validation knows of an application's attribute mapping: rows from source to target attribute."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from scimcheck.core import urns
from scimcheck.core.json import JSON
from scimcheck.core.schema import ResourceModel
from scimcheck.entra.creation import is_declared
from scimcheck.entra.data import table
from scimcheck.entra.expression import Context, evaluate, parse_expression, source_attributes
from scimcheck.entra.expression.ast import Call, Text
from scimcheck.entra.gallery.flattening import Flattened

#: Target attributes that no administrator takes out of the list, for nothing works without them.
ESSENTIAL_TO_USERS = ("username", "active")
ESSENTIAL_TO_GROUPS = ("displayname", "members")


@dataclass(frozen=True)
class Row:
    """One mapping: a target attribute, and the source attribute or expression that it takes its value from.

    ``type``, ``multi_valued`` and ``mutability`` are those of Entra's list of target attributes; ``precedence`` is 0
    for what is no matching attribute.
    """

    target: str
    source: str = ""
    expression: str = ""
    only_on_creation: bool = False
    precedence: int = 0
    type: str = "String"
    multi_valued: bool = False
    mutability: str = "readWrite"

    @cached_property
    def sources(self) -> tuple[str, ...]:
        """The source attributes that the row reads."""
        if self.expression:
            return source_attributes(parse_expression(self.expression))
        return (self.source,) if self.source else ()

    @property
    def is_reference(self) -> bool:
        """Whether the target refers to other objects, which are sent by requests of their own."""
        return "reference" in self.type.lower() or self.source in ("manager", "members")

    def value(self, source: Mapping[str, JSON]) -> JSON:
        """The value that Entra sends for a source object; ``None`` for nothing. Text becomes a boolean where due."""
        found = evaluate(self.expression, _scalars(source), Context()) if self.expression else source.get(self.source)
        if isinstance(found, list) and not self.multi_valued:
            found = found[0] if found else None
        if self.type.lower() == "boolean" and isinstance(found, str):
            return found.lower() == "true"
        return None if found == "" else _plain(found)

    def expected(self, source: Mapping[str, JSON]) -> JSON:
        """The value that the validation looks for: it knows Join, ToLower and ToUpper, and else the raw source."""
        call = parse_expression(self.expression) if self.expression else None
        if not isinstance(call, Call):
            return _first(source.get(self.source))
        texts = [str(_first(source.get(name)) or "") for name in self.sources]
        if call.name == "Join":
            glue = call.arguments[0]
            return (glue.value if isinstance(glue, Text) else " ").join(texts)
        change: Callable[[str], str] = {"ToLower": str.lower, "ToUpper": str.upper}.get(call.name, str)
        return change(texts[0]) if texts else None


@dataclass(frozen=True, slots=True)
class GalleryMapping:
    """The rows for users and groups. ``reviewed`` when somebody chose them; else the default ones, to be pruned."""

    user: tuple[Row, ...]
    group: tuple[Row, ...]
    reviewed: bool = False

    def maps(self, word: str) -> bool:
        """Whether the name of a mapped user attribute contains the word."""
        return any(word in row.target.lower() for row in self.user)

    def rows_for(self, group: bool) -> tuple[Row, ...]:
        """The rows of one of the two object types."""
        return self.group if group else self.user

    def pruned(self, user: ResourceModel | None, group: ResourceModel | None, found: Flattened) -> GalleryMapping:
        """The mapping without what the endpoint does not have, as an administrator prunes it before the validation.

        A mapping that somebody chose stays as it is: what is left over in it, the validation is to find.
        """
        if self.reviewed:
            return self
        return replace(
            self,
            user=tuple(row for row in self.user if _kept(row, user, found.user, ESSENTIAL_TO_USERS)),
            group=tuple(row for row in self.group if _kept(row, group, found.group, ESSENTIAL_TO_GROUPS)),
        )


def default_mapping() -> GalleryMapping:
    """The mapping that a new application starts with."""
    content = table("default_mappings")
    known = {item["name"]: item for item in content["target_attributes"]}
    rows = {
        item["source"]: tuple(_row(row, known.get(row["target"], {})) for row in item["mappings"])
        for item in content["objects"]
    }
    return GalleryMapping(rows["User"], rows["Group"])


def from_rows(user: Iterable[Row], group: Iterable[Row]) -> GalleryMapping:
    """The mapping that somebody chose for an application."""
    return GalleryMapping(tuple(user), tuple(group), reviewed=True)


def _row(row: Mapping[str, Any], known: Mapping[str, Any]) -> Row:
    return Row(
        target=row["target"],
        source=row.get("source", ""),
        expression=row.get("expression", ""),
        only_on_creation=row.get("apply") == "onCreate",
        precedence=row.get("matching_precedence", 0),
        type=known.get("type", "String"),
        multi_valued=known.get("multi_valued", row["target"] == "members"),
        mutability=known.get("mutability", "readWrite"),
    )


def _kept(row: Row, model: ResourceModel | None, found: Iterable[str], essential: Container[str]) -> bool:
    """Whether the endpoint has the attribute: declared, and of a type that it advertises where it advertises types.

    Nothing is kept of a resource type that it does not have. Common attributes count when they are listed: the
    validation asks for the list.
    """
    if model is None:
        return False
    names = {name.lower() for name in found}
    target = row.target.lower()
    if target in essential or target in names:
        return True
    if target in ("externalid", "id") or not is_declared(row.target, model):
        return False
    # Advertised with other types only: the administrator takes it out. Without any type: the validation complains.
    head = target.partition("[")[0]
    return "[" not in target or not any(name.startswith(f"{head}[type eq ") for name in names)


def prefix_of(target: str) -> str:
    """The URN before the last colon of an extension's attribute; empty for a core one."""
    return target.rpartition(":")[0] if target.lower().startswith("urn:") else ""


def schemas_of(rows: Iterable[Row]) -> list[str]:
    """The core User URN and those of the extensions that the rows write."""
    return [urns.USER, *dict.fromkeys(prefix for row in rows if (prefix := prefix_of(row.target)))]


def _first(value: JSON) -> JSON:
    return (value[0] if value else None) if isinstance(value, list) else value


def _scalars(source: Mapping[str, JSON]) -> dict[str, Any]:
    return {name: value for name, value in source.items() if not isinstance(value, dict)}


def _plain(value: Any) -> JSON:
    return value if value is None or isinstance(value, (str, bool, int, float, list, dict)) else str(value)
