"""SCIM schemas as JSON Schema (draft 2020-12), to judge the resources in responses (RFC 7643 §2.3, §7)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from scimcheck.core.characteristics import DataType, Mutability, Returned
from scimcheck.core.json import JSONObject
from scimcheck.core.schema import Attribute, ResourceModel, Schema

#: End of text: ``$`` would let a final line feed pass in some regular expression dialects.
_END = r"(?![\s\S])"

#: xsd:dateTime; the zone is optional, there may be any number of fractional digits, and 24:00:00 is legal.
DATE_TIME_PATTERN = (
    r"^-?[0-9]{4,}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"
    r"T(([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\.[0-9]+)?|24:00:00(\.0+)?)"
    r"(Z|[+-](0[0-9]|1[0-4]):[0-5][0-9])?" + _END
)


def _base64(letter: str) -> str:
    return f"({letter}{{4}})*({letter}{{2}}(==)?|{letter}{{3}}=?)?"


#: base64 or base64url; padding may be left out (RFC 7643 §2.3.6).
BASE64_PATTERN = f"^({_base64('[A-Za-z0-9+/]')}|{_base64('[A-Za-z0-9_-]')})" + _END

_TYPES: dict[DataType, JSONObject] = {
    DataType.STRING: {"type": "string"},
    DataType.BOOLEAN: {"type": "boolean"},
    DataType.DECIMAL: {"type": "number"},
    DataType.INTEGER: {"type": "integer"},
    DataType.DATE_TIME: {"type": "string", "pattern": DATE_TIME_PATTERN},
    DataType.BINARY: {"type": "string", "pattern": BASE64_PATTERN, "contentEncoding": "base64"},
    DataType.REFERENCE: {"type": "string"},
    DataType.COMPLEX: {"type": "object"},
}


def json_schema(model: ResourceModel, *, strict: bool = False, projected: bool = False) -> JSONObject:
    """A JSON Schema for a resource of this type in a response.

    It demands the data types, the presence of what is required or always returned, and the absence of what is never
    returned; null and absence are the same where a value is optional (RFC 7643 §2.5). ``strict`` refuses attributes
    that no schema defines. ``projected`` is for responses to requests with ``attributes`` or ``excludedAttributes``:
    only what is always returned has to be present. Attribute names are expected as the schemas spell them.
    """
    core = [located.attribute for located in model.attributes() if located.schema is None]
    schema = _object(core, strict, projected)
    properties: JSONObject = schema["properties"]
    required: list[str] = schema.get("required", [])
    for extension in model.extensions:
        needed = model.requires(extension.id) and not projected
        properties[extension.id] = _extension(extension, strict, projected, needed)
        required += [extension.id] if needed else []
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": model.name,
        **schema,
        "required": required,
    }


def _extension(extension: Schema, strict: bool, projected: bool, needed: bool) -> JSONObject:
    schema = _object(extension.attributes, strict, projected)
    return schema if needed else _nullable(schema)


def _object(attributes: Iterable[Attribute], strict: bool, projected: bool) -> JSONObject:
    """The schema of an object with these attributes or sub-attributes."""
    listed = list(attributes)
    present = [attribute.name for attribute in listed if _is_present(attribute, projected)]
    schema: JSONObject = {
        "type": "object",
        "properties": {attribute.name: _attribute(attribute, strict, projected) for attribute in listed},
    }
    if present:
        schema["required"] = present
    if strict:
        schema["additionalProperties"] = False
    return schema


def _attribute(attribute: Attribute, strict: bool, projected: bool) -> JSONObject | bool:
    if _is_hidden(attribute):
        return False
    schema = _value(attribute, strict, projected)
    if attribute.multi_valued:
        schema = {"type": "array", "items": schema}
    return schema if _is_present(attribute, projected) else _nullable(schema)


def _value(attribute: Attribute, strict: bool, projected: bool) -> JSONObject:
    """The schema of one value."""
    if attribute.type is DataType.COMPLEX and attribute.sub_attributes:
        return _object(attribute.sub_attributes, strict, projected)
    return dict(_TYPES[attribute.type])


def _nullable(schema: JSONObject) -> JSONObject:
    kind: Any = schema["type"]
    return {**schema, "type": [kind, "null"]}


def _is_hidden(attribute: Attribute) -> bool:
    return attribute.returned is Returned.NEVER or attribute.mutability is Mutability.WRITE_ONLY


def _is_present(attribute: Attribute, projected: bool) -> bool:
    """Whether a response has to hold the attribute, or a value the sub-attribute."""
    if _is_hidden(attribute) or attribute.returned is Returned.REQUEST:
        return False
    if not projected:
        return attribute.required or attribute.name == "id"
    # Projected items of the standard's own examples lack schemas (RFC 7644 §3.4.2, erratum 8084).
    return attribute.name == "id" or (
        attribute.required and attribute.returned is Returned.ALWAYS and attribute.name != "schemas"
    )
