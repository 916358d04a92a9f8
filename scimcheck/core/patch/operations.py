"""The PatchOp message (RFC 7644 §3.5.2) as operations."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Final, Literal

from scimcheck.core import urns
from scimcheck.core.errors import InvalidPath, InvalidSyntax, InvalidValue, NoTarget, ScimError
from scimcheck.core.json import JSON, JSONObject
from scimcheck.core.messages import require_schema
from scimcheck.core.patch.dialect import ENTRA, PatchDialect
from scimcheck.core.path import PatchPath, parse_patch_path
from scimcheck.core.resource import key_of, member
from scimcheck.core.schema import ResourceModel


class Missing(Enum):
    """The type of `MISSING`."""

    MISSING = "missing"


#: The value of an operation that has none; ``null`` is a value.
MISSING: Final = Missing.MISSING


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation: ``op`` in lower case, ``index`` its place in the request, from 0.

    ``extension`` is set instead of ``path`` when the path is the URN of an extension; both are ``None`` without path.
    """

    op: Literal["add", "remove", "replace"]
    path: PatchPath | None
    value: JSON | Missing
    index: int
    extension: str | None = None

    def __str__(self) -> str:
        target = self.extension or self.path
        return f"Operations[{self.index}] ({self.op} {target})" if target else f"Operations[{self.index}] ({self.op})"


def parse_patch(body: JSON, dialect: PatchDialect = ENTRA, model: ResourceModel | None = None) -> tuple[Operation, ...]:
    """Read a PatchOp message; the model is needed to tell an extension's URN from other paths.

    Unknown members are ignored. Raises ``InvalidSyntax`` for a malformed message, ``InvalidPath`` for a malformed path,
    ``NoTarget`` for a remove without path, ``InvalidValue`` for an add or replace without value; the detail begins with
    the place of the operation, such as ``Operations[0]``.
    """
    message = require_schema(body, urns.PATCH_OP, "a PATCH request")
    listed = member(message, "Operations")
    if not isinstance(listed, list) or not listed:
        raise InvalidSyntax("Operations must be an array of at least one operation")
    return tuple(_positioned(index, item, dialect, model) for index, item in enumerate(listed))


def positioned(error: ScimError, place: str) -> ScimError:
    """The same error with its place in front of the detail."""
    return type(error)(f"{place}: {error.detail}", status=error.status, scim_type=error.scim_type)


def _positioned(index: int, item: JSON, dialect: PatchDialect, model: ResourceModel | None) -> Operation:
    try:
        return _operation(index, item, dialect, model)
    except ScimError as error:
        raise positioned(error, f"Operations[{index}]") from None


def _operation(index: int, item: JSON, dialect: PatchDialect, model: ResourceModel | None) -> Operation:
    if not isinstance(item, dict):
        raise InvalidSyntax("an operation must be an object")
    op = _op(member(item, "op"), dialect)
    path, extension = _path(member(item, "path"), dialect, model)
    value = _value(item)
    if op == "remove":
        if path is None and extension is None:
            raise NoTarget("remove needs a path")
    elif value is MISSING:
        raise InvalidValue(f"{op} needs a value")
    return Operation(op, path, value, index, extension)


def _value(item: JSONObject) -> JSON | Missing:
    key = key_of(item, "value")
    value: JSON | Missing = MISSING if key is None else item[key]
    return value


def _op(text: JSON, dialect: PatchDialect) -> Literal["add", "remove", "replace"]:
    folded = text.lower() if isinstance(text, str) and dialect.any_case_op else text
    if folded == "add":
        return "add"
    if folded == "remove":
        return "remove"
    if folded == "replace":
        return "replace"
    raise InvalidSyntax("op must be add, remove or replace")


def _path(text: JSON, dialect: PatchDialect, model: ResourceModel | None) -> tuple[PatchPath | None, str | None]:
    """The path, or the URN of the extension that it consists of."""
    if text is None:
        return None, None
    if not isinstance(text, str):
        raise InvalidPath("path must be a string")
    extension = model.extension(text.strip()) if model is not None else None
    if extension is None:
        return parse_patch_path(text, lenient=dialect.lenient_paths), None
    if not dialect.extension_paths:
        raise InvalidPath(f"{extension.id} names a schema, not an attribute")
    return None, extension.id
