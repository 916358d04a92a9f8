"""The mapping of an application that somebody set up, as the validation knows it."""

from __future__ import annotations

from collections.abc import Iterator

from scimcheck.entra.apps import App
from scimcheck.entra.expression.ast import Attribute
from scimcheck.entra.gallery.mapping import GalleryMapping, Row, from_rows


def mapping_of(app: App) -> GalleryMapping:
    """The rows of an app's object mappings; none for what it does not provision."""
    return from_rows(_rows(app, "User"), _rows(app, "Group"))


def _rows(app: App, source: str) -> Iterator[Row]:
    mapping, definition = app.mapping(source), app.definition(source)
    for line in mapping.mappings if mapping else ():
        known = definition.attribute(line.target) if definition else None
        node = line.node
        direct = isinstance(node, Attribute)
        mutability = known.mutability if known else "ReadWrite"
        yield Row(
            target=line.target,
            source=node.name if isinstance(node, Attribute) else "",
            expression="" if direct else line.expression,
            only_on_creation=line.only_at_creation,
            precedence=line.matching,
            type=known.type if known else "String",
            multi_valued=known.multi_valued if known else False,
            mutability=mutability[:1].lower() + mutability[1:],
        )
