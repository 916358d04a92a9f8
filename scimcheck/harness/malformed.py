"""Filters off the grammar, from the example file, in the attributes of the resource type under test."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache

from scimcheck.core.schema import ResourceModel
from scimcheck.harness import attributes
from scimcheck.resources import bundled

#: What the examples are written in, by what stands for it in another resource type.
_WORD = re.compile(r"(?<![\w:.])(userName|title|nickName|meta|emails|name|active|user@name|level)(?![\w@])")


@dataclass(frozen=True, slots=True)
class Malformed:
    """A filter that has to be refused, and the reason in a few words."""

    expression: str
    why: str


@cache
def _examples() -> tuple[Malformed, ...]:
    text = (bundled("fixtures") / "filters" / "filter_examples.json").read_text(encoding="utf-8")
    return tuple(
        Malformed(item["expr"], item["why"])
        for item in json.loads(text)
        if item["kind"] == "filter" and not item["valid"] and not (item.get("ambiguous") or item.get("parser_only"))
    )


def malformed(model: ResourceModel) -> list[Malformed]:
    """The malformed examples that this type can be asked, its own attribute names in place of the standard's."""
    naming = attributes.naming(model)
    text = attributes.optional_text(model, naming)
    names = {"userName": naming, "title": text.name if text else naming, "nickName": naming}

    def rename(match: re.Match[str]) -> str:
        return names.get(match[0], match[0])

    usable = (item for item in _examples() if _concerns(model, item.expression))
    return [Malformed(_WORD.sub(rename, item.expression), item.why) for item in usable]


def _concerns(model: ResourceModel, expression: str) -> bool:
    """Whether the type has the attributes that an example cannot do without."""
    needed = {word for word in _WORD.findall(expression) if word in ("emails", "name", "active")}
    return all(model.core.attribute(word) for word in needed)
