"""Values that do not have the type of their attribute, for requests that a provider has to refuse."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from scimcheck.core.characteristics import DataType, Mutability
from scimcheck.core.json import JSON
from scimcheck.core.schema import Attribute, Located, ResourceModel
from scimcheck.harness.payloads import reserved
from scimcheck.harness.representation import path_of


@dataclass(frozen=True, slots=True)
class Mistake:
    """A value of the wrong type for an attribute.

    ``tolerated`` ones may be accepted when the resource then shows a value of the right type; with ``advised`` that is
    worth an advisory. ``text`` is for people.
    """

    located: Located
    value: JSON
    tolerated: bool = False
    advised: bool = False

    @property
    def text(self) -> str:
        """The attribute with the value that was sent."""
        return f"{path_of(self.located)} = {self.value!r}"


#: Wrong values by data type: the value, and whether a provider may convert it (with an advisory).
_WRONG: dict[DataType, tuple[tuple[JSON, bool], ...]] = {
    DataType.STRING: (({"value": "x"}, False), (42, True)),
    DataType.BOOLEAN: (("yes", False), (17, False)),
    DataType.INTEGER: (("twelve", False), (True, False)),
    DataType.DECIMAL: (("much", False), (True, False)),
    DataType.REFERENCE: (({"value": "https://www.example.com/"}, False),),
    DataType.COMPLEX: (("x", False), (42, False)),
}


def mistakes(model: ResourceModel, *, every: bool = False) -> list[Mistake]:
    """Wrong values for the type's attributes: one attribute of each kind, or ``every`` one."""
    seen: set[tuple[DataType, bool, bool]] = set()
    chosen: list[Mistake] = []
    for located in _candidates(model):
        kind = (located.attribute.type, located.attribute.multi_valued, located.parent is not None)
        if every or kind not in seen:
            seen.add(kind)
            chosen.extend(_mistakes(located))
    return chosen


def _candidates(model: ResourceModel) -> Iterator[Located]:
    for located in model.attributes():
        attribute = located.attribute
        if attribute.mutability is not Mutability.READ_WRITE or (reserved(attribute) and attribute.name != "active"):
            continue
        if located.schema is not None and not _optional_container(model, located.schema):
            continue
        yield located
        if attribute.type is DataType.COMPLEX and not attribute.multi_valued:
            yield from (
                Located(located.schema, sub, attribute)
                for sub in attribute.sub_attributes
                if sub.mutability is Mutability.READ_WRITE
            )


def _optional_container(model: ResourceModel, urn: str) -> bool:
    """Whether the extension may be given one attribute alone."""
    extension = model.extension(urn)
    return extension is not None and not any(attribute.required for attribute in extension.attributes)


def _mistakes(located: Located) -> Iterator[Mistake]:
    attribute = located.attribute
    if attribute.multi_valued:
        yield Mistake(located, "x")
        if attribute.type is DataType.COMPLEX:
            yield Mistake(located, ["x"])
            yield from _inside(located, attribute)
        return
    for value, convertible in _WRONG.get(attribute.type, ()):
        yield Mistake(located, value, tolerated=convertible, advised=convertible)
    if attribute.type is DataType.BOOLEAN:
        yield Mistake(located, "true", tolerated=True)
    if attribute.type is DataType.STRING:
        yield Mistake(located, ["x", "y"])


def _inside(located: Located, attribute: Attribute) -> Iterator[Mistake]:
    """Wrong values of sub-attributes of a multi-valued attribute."""
    for sub in attribute.sub_attributes:
        if sub.type is DataType.BOOLEAN and sub.mutability is Mutability.READ_WRITE:
            yield Mistake(located, [{"value": "scimcheck@example.com", sub.name: "yes"}])
