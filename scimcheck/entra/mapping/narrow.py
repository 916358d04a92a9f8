"""A resource type as an app sees it: what no mapping writes is as good as not there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from scimcheck.core.characteristics import Mutability
from scimcheck.core.errors import UsageError
from scimcheck.core.path import PatchPath
from scimcheck.core.schema import Attribute, Located, ResourceModel, Schema
from scimcheck.entra.creation import target_attribute


@dataclass(frozen=True, slots=True)
class MappedModel(ResourceModel):
    """A model without what the app leaves alone: ``targets`` are what it writes, ``whole`` is the full model."""

    targets: tuple[str, ...] = ()
    whole: ResourceModel | None = None

    @property
    def unmapped(self) -> frozenset[str]:
        """The names, in small letters, of attributes that the target has and the app maps nothing to."""
        if self.whole is None:
            return frozenset()
        return frozenset(_names(self.whole)) - frozenset(_names(self))


def as_mapped(model: ResourceModel, targets: Iterable[str]) -> MappedModel:
    """The model with the attributes that are mapped, required, or the provider's own."""
    paths = tuple(targets)
    mapped = [path for text in paths if (path := _path(text)) is not None]
    core = _narrowed(model.core, None, mapped, model)
    if not _maps(mapped, None, "externalId", model):
        core = replace(core, attributes=(*_besides(core, "externalId"), _OUT_OF_REACH))
    extensions = tuple(_narrowed(schema, schema.id, mapped, model) for schema in model.extensions)
    kept = tuple(schema for schema in extensions if schema.attributes or model.requires(schema.id))
    return MappedModel(model.resource_type, core, kept, targets=paths, whole=model)


#: A common attribute cannot be taken out of a model; this way no client may write it.
_OUT_OF_REACH = Attribute("externalId", case_exact=True, mutability=Mutability.READ_ONLY)


def _path(text: str) -> PatchPath | None:
    try:
        return target_attribute(text)
    except UsageError:
        return None


def _besides(schema: Schema, name: str) -> Iterator[Attribute]:
    return (attribute for attribute in schema.attributes if attribute.name.lower() != name.lower())


def _narrowed(schema: Schema, urn: str | None, mapped: list[PatchPath], model: ResourceModel) -> Schema:
    kept = []
    for attribute in schema.attributes:
        paths = _of(mapped, urn, attribute.name, model)
        if paths:
            kept.append(_with_parts(attribute, paths))
        elif attribute.required or attribute.mutability is Mutability.READ_ONLY:
            kept.append(attribute)
    return replace(schema, attributes=tuple(kept))


def _with_parts(attribute: Attribute, paths: list[PatchPath]) -> Attribute:
    """The attribute with the sub-attributes that are mapped; entries of a multi-valued one keep all of theirs."""
    named = {path.target_sub.lower() for path in paths if path.target_sub}
    if attribute.multi_valued or not attribute.sub_attributes or any(path.target_sub is None for path in paths):
        return attribute
    kept = tuple(sub for sub in attribute.sub_attributes if sub.required or sub.name.lower() in named)
    return replace(attribute, sub_attributes=kept)


def _maps(mapped: list[PatchPath], urn: str | None, name: str, model: ResourceModel) -> bool:
    return bool(_of(mapped, urn, name, model))


def _of(mapped: list[PatchPath], urn: str | None, name: str, model: ResourceModel) -> list[PatchPath]:
    """The paths that aim at the attribute; the core schema's URN may stand before a core attribute."""
    core = {"", model.core.id.lower()}
    wanted = core if urn is None else {urn.lower()}
    return [
        path for path in mapped if (path.attr.urn or "").lower() in wanted and path.attr.name.lower() == name.lower()
    ]


def _names(model: ResourceModel) -> Iterator[str]:
    located: Iterable[Located] = model.attributes()
    for found in located:
        if found.attribute.mutability is not Mutability.READ_ONLY:
            yield found.attribute.name.lower()
            if not found.attribute.multi_valued:
                yield from (f"{found.attribute.name}.{sub.name}".lower() for sub in found.attribute.sub_attributes)
