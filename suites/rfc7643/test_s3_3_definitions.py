"""RFC 7643 §2.4 and §3.3 as far as definitions show it: the predefined sub-attributes, and what extensions define."""

from __future__ import annotations

from collections.abc import Iterator

from scimcheck.core.characteristics import DataType
from scimcheck.core.schema import COMMON_ATTRIBUTES, Attribute, ResourceModel
from scimcheck.harness import check
from scimcheck.harness.judge import Judge
from scimcheck.harness.target import Target

#: The data types of the predefined sub-attributes; ``value`` has the type of what it holds.
_PREDEFINED = {
    "primary": DataType.BOOLEAN,
    "$ref": DataType.REFERENCE,
    "type": DataType.STRING,
    "display": DataType.STRING,
}


def _parts(model: ResourceModel) -> Iterator[tuple[str, Attribute]]:
    """The sub-attributes of multi-valued attributes, with their paths."""
    for located in model.attributes():
        for sub in located.attribute.sub_attributes if located.attribute.multi_valued else ():
            yield f"{located.attribute.name}.{sub.name}", sub


@check("RFC7643-2.4-02", writes=False)
def test_predefined_parts_have_their_types(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """primary is a boolean, $ref a reference, type and display are strings, wherever they are defined."""
    other = [
        f"{path} is a {sub.type.value}"
        for path, sub in _parts(model)
        if sub.type is not _PREDEFINED.get(sub.name.lower(), sub.type)
    ]
    judge.expect(
        "RFC7643-2.4-02",
        not other,
        expected="primary: boolean; $ref: reference; type, display: string",
        observed="; ".join(other),
        at=scim.discovery.exchanges,
    )


@check("RFC7643-3.3-04", needs=("extension",), writes=False)
def test_extensions_define_nothing_again(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """No extension has an attribute under the name of a core or common attribute."""
    if not model.extensions:
        judge.not_applicable(f"{model.name} has no extension")
    known = {attribute.name.lower() for attribute in (*model.core.attributes, *COMMON_ATTRIBUTES)}
    again = [
        f"{extension.id}:{attribute.name}"
        for extension in model.extensions
        for attribute in extension.attributes
        if attribute.name.lower() in known
    ]
    judge.expect(
        "RFC7643-3.3-04",
        not again,
        expected="extensions with attributes of their own",
        observed=f"defined by the core schema as well: {', '.join(again)}",
        at=scim.discovery.exchanges,
    )
