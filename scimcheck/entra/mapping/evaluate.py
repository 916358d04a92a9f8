"""What a mapping makes of a directory object: a value for each target attribute."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from scimcheck.core.json import JSON
from scimcheck.entra.creation import target_attribute
from scimcheck.entra.expression import Context, evaluate
from scimcheck.entra.expression.ast import Call, Node
from scimcheck.entra.expression.parser import ExpressionError
from scimcheck.entra.expression.values import Value, as_text, is_empty
from scimcheck.entra.mapping.model import AttributeDefinition, AttributeMapping, ObjectDefinition, ObjectMapping
from scimcheck.entra.mapping.model import is_reference as refers

_BOOLEANS = {"true": True, "false": False}
#: The type that Entra gives to a role made by SingleAppRoleAssignment.
_ROLE_TYPE = "WindowsAzureActiveDirectoryRole"


@dataclass(frozen=True, slots=True)
class Desired:
    """What a mapping wants of a target: ``values`` by target attribute, without nulls and references.

    ``references`` holds the directory's ids of the objects that references point to; ``failed`` says why an expression
    has no value. ``texts`` names the booleans that an expression yields as text, which the legacy dialect sends so.
    """

    values: Mapping[str, JSON] = field(default_factory=dict)
    references: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    failed: Mapping[str, str] = field(default_factory=dict)
    texts: frozenset[str] = frozenset()


def desired(
    mapping: ObjectMapping,
    source: Mapping[str, Value],
    definition: ObjectDefinition | None = None,
    *,
    creating: bool = True,
    context: Context | None = None,
) -> Desired:
    """What the mapping makes of a source object, on its creation or on a change of it.

    ``definition`` knows the types of the target attributes. A mapping without a source fills in its default on
    creation; defaults, and mappings for object creation only, have no say in a change. An empty text counts as none.
    """
    made = _Made(definition, creating, context or Context())
    for line in mapping.mappings:
        if creating or not line.only_at_creation:
            made.add(line, source)
    return Desired(made.values, made.references, made.failed, frozenset(made.texts))


@dataclass(slots=True)
class _Made:
    """Values as they come, line by line."""

    definition: ObjectDefinition | None
    creating: bool
    context: Context
    values: dict[str, JSON] = field(default_factory=dict)
    references: dict[str, tuple[str, ...]] = field(default_factory=dict)
    failed: dict[str, str] = field(default_factory=dict)
    texts: set[str] = field(default_factory=set)

    def add(self, line: AttributeMapping, source: Mapping[str, Value]) -> None:
        """Take in one line of the table."""
        attribute = self.definition.attribute(line.target) if self.definition else None
        try:
            node = line.node
            value = evaluate(node, source, self.context) if node is not None else None
            if is_empty(value) and self.creating and line.default:
                value = line.default
            if refers(line.target, attribute):
                self._refer(line.target, value)
            elif not is_empty(value):
                self._put(line.target, value, attribute, node)
        except ExpressionError as error:
            self.failed[line.target] = str(error)
        except ValueError as error:
            self.failed[line.target] = f"{line.target}: {error}"

    def _refer(self, target: str, value: Value) -> None:
        if not is_empty(value):
            found = value if isinstance(value, list) else [value]
            self.references[target] = tuple(text for item in found if (text := as_text(item)))

    def _put(self, target: str, value: Value, attribute: AttributeDefinition | None, node: Node | None) -> None:
        made = _typed(value, attribute, target)
        self.values[target] = made
        if isinstance(made, bool) and not isinstance(value, bool):
            self.texts.add(target)
        kind = _role_type(target, node)
        if kind:
            self.values.setdefault(kind, _ROLE_TYPE)


def _typed(value: Value, attribute: AttributeDefinition | None, target: str) -> JSON:
    """The value in the type of its target attribute; ValueError when it does not go into it."""
    if isinstance(value, list) and any(isinstance(item, dict) for item in value):
        return value
    if attribute is not None and attribute.multi_valued:
        return value if isinstance(value, list) else [value]
    text = as_text(value)
    kind = attribute.type if attribute is not None else ("Boolean" if target.lower() == "active" else "String")
    if kind == "Boolean" and text is not None:
        if text.lower() not in _BOOLEANS:
            raise ValueError(f"{text!r} is no boolean")
        return _BOOLEANS[text.lower()]
    if kind == "Integer" and text is not None:
        try:
            return int(text)
        except ValueError:
            raise ValueError(f"{text!r} is no whole number") from None
    return text


def _role_type(target: str, node: Node | None) -> str:
    """The target attribute of the type that Entra adds to a role of its own making; empty for anything else."""
    if not isinstance(node, Call) or node.name != "SingleAppRoleAssignment":
        return ""
    place = target_attribute(target)
    if place.attr.name.lower() != "roles" or place.filter is None or place.target_sub != "value":
        return ""
    return f"{target.rpartition('.')[0]}.type"
