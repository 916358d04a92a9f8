"""The configuration of a provisioning job as Graph's ``synchronizationSchema`` has it: rules, mappings, directories.

Texts of expressions stay as they are; :mod:`scimcheck.entra.mapping.check` says what is wrong with them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum

from scimcheck.core.errors import UsageError
from scimcheck.core.json import JSON, JSONObject
from scimcheck.entra.creation import target_attribute
from scimcheck.entra.expression.ast import Attribute, Call, Node, source_attributes
from scimcheck.entra.expression.parser import ExpressionError, parse_expression
from scimcheck.entra.mapping import codec


class Kind(str, Enum):
    """The mapping types of the portal."""

    DIRECT = "direct"
    CONSTANT = "constant"
    EXPRESSION = "expression"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Source:
    """Where a value comes from; ``expression`` decides, ``name`` and ``type`` repeat it.

    An attribute is ``[mail]``, a constant ``"SAML"`` with its quotes, and everything else calls a function.
    """

    expression: str = field(default="", metadata=codec.text("expression"))
    name: str = field(default="", metadata=codec.text("name"))
    type: str = field(default="", metadata=codec.text("type"))
    others: JSONObject = field(default_factory=dict, repr=False)

    @property
    def text(self) -> str:
        """The expression; made of name and type where it is missing."""
        if self.expression.strip() or not self.name:
            return self.expression
        escaped = self.name.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{escaped}"' if self.type == "Constant" else f"[{self.name}]"


@dataclass(frozen=True, slots=True)
class AttributeMapping:
    """One line of a mapping table: which target attribute gets which value, and when.

    ``default`` takes the place of no value on creation. ``matching`` is 0 for an attribute that existing resources are
    not looked for by, else its precedence. ``flow_type`` is ``Always`` or ``ObjectAddOnly``; Graph may have others.
    """

    target: str = field(metadata=codec.text("targetAttributeName"))
    source: Source | None = field(default=None, metadata=codec.one("source", lambda: Source))
    default: str = field(default="", metadata=codec.text("defaultValue"))
    matching: int = field(default=0, metadata=codec.number("matchingPriority"))
    flow_type: str = field(default="Always", metadata=codec.text("flowType"))
    flow_behavior: str = field(default="FlowWhenChanged", metadata=codec.text("flowBehavior"))
    others: JSONObject = field(default_factory=dict, repr=False)

    @property
    def only_at_creation(self) -> bool:
        """Whether the value is sent in a creation and never again."""
        return self.flow_type == "ObjectAddOnly"

    @property
    def expression(self) -> str:
        """The text of the expression; empty without a source."""
        return self.source.text if self.source else ""

    @property
    def node(self) -> Node | None:
        """The syntax tree of the expression, ``None`` without a source; raises ExpressionError."""
        return parse_expression(self.expression) if self.source else None

    @property
    def kind(self) -> Kind:
        """The mapping type as the portal shows it; raises ExpressionError."""
        node = self.node
        if node is None:
            return Kind.NONE
        if isinstance(node, Call):
            return Kind.EXPRESSION
        return Kind.DIRECT if isinstance(node, Attribute) else Kind.CONSTANT

    @property
    def reads(self) -> tuple[str, ...]:
        """The source attributes that the value is made of; none when the expression cannot be read."""
        try:
            node = self.node
        except ExpressionError:
            return ()
        return source_attributes(node) if node else ()


@dataclass(frozen=True, slots=True)
class Clause:
    """One comparison of a scoping filter; ``values`` is empty for an operator without operand."""

    operator: str = field(metadata=codec.text("operatorName"))
    source: str = field(metadata=codec.text("sourceOperandName"))
    operand: Operand | None = field(default=None, metadata=codec.one("targetOperand", lambda: Operand))
    others: JSONObject = field(default_factory=dict, repr=False)

    @property
    def values(self) -> tuple[str, ...]:
        """What the source attribute is compared with."""
        return self.operand.values if self.operand else ()


@dataclass(frozen=True, slots=True)
class Operand:
    """The right side of a comparison."""

    values: tuple[str, ...] = field(default=(), metadata=codec.texts("values"))
    others: JSONObject = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class Group:
    """Clauses that have to hold together."""

    name: str = field(default="", metadata=codec.text("name"))
    clauses: tuple[Clause, ...] = field(default=(), metadata=codec.many("clauses", lambda: Clause))
    others: JSONObject = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class Filter:
    """A scoping filter: an object is in scope when any group holds, and is ignored when no input group does."""

    groups: tuple[Group, ...] = field(default=(), metadata=codec.many("groups", lambda: Group))
    input_groups: tuple[Group, ...] = field(default=(), metadata=codec.many("inputFilterGroups", lambda: Group))
    others: JSONObject = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class ObjectMapping:
    """The mapping table of one object type. ``actions`` are those of Add, Update, Delete that are ticked."""

    source: str = field(metadata=codec.text("sourceObjectName"))
    target: str = field(metadata=codec.text("targetObjectName"))
    name: str = field(default="", metadata=codec.text("name"))
    enabled: bool = field(default=True, metadata=codec.flag("enabled"))
    actions: tuple[str, ...] = field(default=("Add", "Update", "Delete"), metadata=codec.words("flowTypes"))
    scope: Filter | None = field(default=None, metadata=codec.one("scope", lambda: Filter))
    mappings: tuple[AttributeMapping, ...] = field(
        default=(), metadata=codec.many("attributeMappings", lambda: AttributeMapping)
    )
    others: JSONObject = field(default_factory=dict, repr=False)

    @property
    def matching(self) -> tuple[str, ...]:
        """The target attributes that existing resources are looked for by, in their precedence."""
        return tuple(line.target for line in sorted(self._matching(), key=lambda line: line.matching))

    def _matching(self) -> Iterator[AttributeMapping]:
        return (line for line in self.mappings if line.matching > 0)

    def line(self, target: str) -> AttributeMapping | None:
        """The mapping of a target attribute, in any letter case."""
        wanted = target.lower()
        return next((line for line in self.mappings if line.target.lower() == wanted), None)


@dataclass(frozen=True, slots=True)
class Rule:
    """Object mappings from one directory to another."""

    name: str = field(default="", metadata=codec.text("name"))
    source_directory: str = field(default="", metadata=codec.text("sourceDirectoryName"))
    target_directory: str = field(default="", metadata=codec.text("targetDirectoryName"))
    objects: tuple[ObjectMapping, ...] = field(default=(), metadata=codec.many("objectMappings", lambda: ObjectMapping))
    others: JSONObject = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class AttributeDefinition:
    """An attribute of a directory's object, as its list of attributes has it."""

    name: str = field(metadata=codec.text("name"))
    type: str = field(default="String", metadata=codec.text("type"))
    required: bool = field(default=False, metadata=codec.flag("required"))
    multi_valued: bool = field(default=False, metadata=codec.flag("multivalued"))
    case_exact: bool = field(default=False, metadata=codec.flag("caseExact"))
    anchor: bool = field(default=False, metadata=codec.flag("anchor"))
    mutability: str = field(default="ReadWrite", metadata=codec.text("mutability"))
    others: JSONObject = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class ObjectDefinition:
    """A type of object of a directory."""

    name: str = field(metadata=codec.text("name"))
    attributes: tuple[AttributeDefinition, ...] = field(
        default=(), metadata=codec.many("attributes", lambda: AttributeDefinition)
    )
    others: JSONObject = field(default_factory=dict, repr=False)

    def attribute(self, name: str) -> AttributeDefinition | None:
        """The attribute of that name, in any letter case."""
        wanted = name.lower()
        return next((found for found in self.attributes if found.name.lower() == wanted), None)


@dataclass(frozen=True, slots=True)
class DirectoryDefinition:
    """A directory with the types of its objects."""

    name: str = field(metadata=codec.text("name"))
    objects: tuple[ObjectDefinition, ...] = field(default=(), metadata=codec.many("objects", lambda: ObjectDefinition))
    others: JSONObject = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class SynchronizationSchema:
    """Graph's ``synchronizationSchema``."""

    rules: tuple[Rule, ...] = field(default=(), metadata=codec.many("synchronizationRules", lambda: Rule))
    directories: tuple[DirectoryDefinition, ...] = field(
        default=(), metadata=codec.many("directories", lambda: DirectoryDefinition)
    )
    others: JSONObject = field(default_factory=dict, repr=False)

    def mapping(self, source: str) -> ObjectMapping | None:
        """The mapping of users (``User``) or groups (``Group``) of the directory; ``None`` when there is none."""
        found = (item for rule in self.rules for item in rule.objects if item.source.lower() == source.lower())
        return next(found, None)

    def target(self, mapping: ObjectMapping) -> ObjectDefinition | None:
        """The definition of the objects that a mapping writes."""
        return self._definition(mapping.target, sources=False)

    def source(self, mapping: ObjectMapping) -> ObjectDefinition | None:
        """The definition of the objects that a mapping reads."""
        return self._definition(mapping.source, sources=True)

    def _definition(self, name: str, *, sources: bool) -> ObjectDefinition | None:
        names = {rule.source_directory if sources else rule.target_directory for rule in self.rules}
        found = (item for directory in self.directories if directory.name in names for item in directory.objects)
        return next((item for item in found if item.name.lower() == name.lower()), None)


def is_reference(target: str, definition: AttributeDefinition | None) -> bool:
    """Whether a target attribute refers to other resources, which Entra sends once these are there."""
    if definition is not None and definition.type == "Reference":
        return True
    try:
        name = target_attribute(target).attr.name.lower()
    except UsageError:
        return False
    return name in ("manager", "members")


def read_schema(value: JSON, place: tuple[str | int, ...] = ()) -> SynchronizationSchema:
    """The schema from its JSON; raises codec.Misplaced."""
    return codec.read(SynchronizationSchema, value, place)


def write_schema(schema: SynchronizationSchema) -> JSONObject:
    """The JSON of a schema, with everything that was there when it was read."""
    return codec.write(schema)
