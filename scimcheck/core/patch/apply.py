"""Operations on a resource, in order and all or nothing (RFC 7644 §3.5.2)."""

from __future__ import annotations

from collections.abc import Iterable

from scimcheck.core.characteristics import Mutability
from scimcheck.core.errors import InvalidPath, InvalidValue, ScimError
from scimcheck.core.json import JSON, JSONObject
from scimcheck.core.patch.complexes import check_writable
from scimcheck.core.patch.conformance import Touched
from scimcheck.core.patch.dialect import ENTRA, PatchChoices, PatchDialect
from scimcheck.core.patch.draft import Draft
from scimcheck.core.patch.operations import MISSING, Operation, parse_patch, positioned
from scimcheck.core.patch.reading import Reader
from scimcheck.core.patch.removing import Remover
from scimcheck.core.patch.target import Target, resolve, whole_attribute
from scimcheck.core.patch.writing import Writer
from scimcheck.core.path import parse_patch_path
from scimcheck.core.schema import ResourceModel

_DEFAULT_CHOICES = PatchChoices()


def apply_patch(
    resource: JSONObject,
    body: JSON,
    model: ResourceModel,
    dialect: PatchDialect = ENTRA,
    choices: PatchChoices = _DEFAULT_CHOICES,
) -> JSONObject:
    """The resource after a PatchOp message; ``resource`` itself never changes.

    The result shares all untouched values with ``resource``, so neither may be changed in place afterwards. Raises
    ``InvalidSyntax``, ``InvalidPath``, ``InvalidFilter``, ``NoTarget``, ``InvalidValue`` or ``MutabilityError``; the
    detail begins with the operation, as in ``Operations[1] (replace name.givenName): …``.
    """
    return apply_operations(resource, parse_patch(body, dialect, model), model, dialect, choices)


def apply_operations(
    resource: JSONObject,
    operations: Iterable[Operation],
    model: ResourceModel,
    dialect: PatchDialect = ENTRA,
    choices: PatchChoices = _DEFAULT_CHOICES,
) -> JSONObject:
    """The resource after operations that are already parsed; else as `apply_patch`."""
    draft = Draft(resource, model)
    touched = Touched(draft, model, resource)
    patcher = _Patcher(draft, model, dialect, choices, touched)
    for operation in operations:
        patcher.apply(operation)
    touched.check()
    return draft.resource


class _Patcher:
    """Carries out one operation after the other on a draft."""

    def __init__(
        self, draft: Draft, model: ResourceModel, dialect: PatchDialect, choices: PatchChoices, touched: Touched
    ) -> None:
        self._model = model
        self._dialect = dialect
        self._choices = choices
        self._touched = touched
        reader = Reader(dialect, choices)
        self._writer = Writer(draft, reader, dialect)
        self._remover = Remover(draft, reader, dialect, choices)

    def apply(self, operation: Operation) -> None:
        """Carry out one operation; the detail of errors begins with it."""
        try:
            self._apply(operation)
        except ScimError as error:
            raise positioned(error, str(operation)) from None

    def _apply(self, operation: Operation) -> None:
        if operation.op == "remove":
            self._remove(operation)
        elif operation.path is None:
            self._write_attributes(operation)
        else:
            self._write(operation, resolve(operation.path, self._model, self._dialect), _given(operation))

    def _remove(self, operation: Operation) -> None:
        if operation.extension is not None:
            self._remover.remove_extension(operation.extension, self._model)
        elif operation.path is not None:
            target = resolve(operation.path, self._model, self._dialect)
            self._touched.note(target, operation)
            self._remover.remove(target, operation.value)

    def _write(self, operation: Operation, target: Target, value: JSON) -> None:
        check_writable(target.attribute, target.attribute.name)
        if target.sub is not None:
            check_writable(target.sub, f"{target.attribute.name}.{target.sub.name}")
        self._touched.note(target, operation)
        self._writer.write(target, value, replace=operation.op == "replace")

    def _write_attributes(self, operation: Operation) -> None:
        """Write each attribute of a path-less value, or of the value of an extension as a whole."""
        value = _given(operation)
        if self._dialect.wrapped_values and isinstance(value, list) and len(value) == 1:
            value = value[0]
        if operation.extension is not None:
            value = {operation.extension: value}
        if not isinstance(value, dict):
            raise InvalidValue("without a path, the value must be an object of attributes")
        for name, item in value.items():
            extension = self._model.extension(name)
            if extension is not None:
                self._write_extension(operation, extension.id, item)
            else:
                self._write_named(operation, None, name, item)

    def _write_extension(self, operation: Operation, urn: str, value: JSON) -> None:
        """Write an extension's attributes; to replace it with nothing unassigns them all."""
        if isinstance(value, dict):
            for name, item in value.items():
                self._write_named(operation, urn, name, item)
        elif value is not None:
            raise InvalidValue(f"{urn} must be an object of attributes")
        elif operation.op == "replace":
            self._remover.remove_extension(urn, self._model)

    def _write_named(self, operation: Operation, urn: str | None, name: str, value: JSON) -> None:
        """Write an attribute that stands as a key in a value."""
        target = whole_attribute(urn, name, self._model) or self._by_path(name, urn)
        if target is None:
            if self._choices.unknown == "refuse":
                raise InvalidValue(f"{urn or self._model.name} has no attribute {name}")
        elif not self._skips(target):
            self._write(operation, target, value)

    def _skips(self, target: Target) -> bool:
        """Whether a readOnly attribute among others is passed over."""
        parts = (target.attribute, target.sub)
        read_only = any(part is not None and part.mutability is Mutability.READ_ONLY for part in parts)
        return read_only and self._choices.read_only == "ignore"

    def _by_path(self, name: str, urn: str | None) -> Target | None:
        """The target of a key that is a path, when the dialect knows such; ``None`` when it names nothing."""
        if not self._dialect.dotted_keys:
            return None
        try:
            path = parse_patch_path(f"{urn}:{name}" if urn else name, lenient=self._dialect.lenient_paths)
            return resolve(path, self._model, self._dialect)
        except InvalidPath:
            return None


def _given(operation: Operation) -> JSON:
    if operation.value is MISSING:
        raise InvalidValue(f"{operation.op} needs a value")
    return operation.value
