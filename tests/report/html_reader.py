"""Reads a page the way a test wants it: as a tree of elements, with an error for whatever is not well formed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = {"br", "input", "meta", "link", "img", "source"}


@dataclass
class Element:
    """An element with its attributes; ``parts`` are text and elements in order."""

    name: str
    attributes: dict[str, str | None] = field(default_factory=dict)
    parts: list[Element | str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """All text inside, as written."""
        return "".join(part if isinstance(part, str) else part.text for part in self.parts)

    @property
    def classes(self) -> set[str]:
        """The class names."""
        return set((self.attributes.get("class") or "").split())

    def walk(self) -> Iterator[Element]:
        """This element and all below it, in document order."""
        yield self
        for part in self.parts:
            if isinstance(part, Element):
                yield from part.walk()

    def all(self, name: str = "", *classes: str, **attributes: str) -> list[Element]:
        """The elements below with that name, those classes and those attributes (``data_state``)."""
        wanted = {key.replace("_", "-"): value for key, value in attributes.items()}
        return [
            each
            for each in self.walk()
            if name in ("", each.name)
            and each.classes.issuperset(classes)
            and all(each.attributes.get(key) == value for key, value in wanted.items())
        ]

    def one(self, name: str = "", *classes: str, **attributes: str) -> Element:
        """The only such element."""
        found = self.all(name, *classes, **attributes)
        assert len(found) == 1, f"{len(found)} of {name or 'any'} {classes} {attributes}"
        return found[0]


class _Builder(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.stack = [Element("")]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        assert len(names) == len(set(names)), f"<{tag}> has an attribute twice: {names}"
        element = Element(tag, dict(attrs))
        self.stack[-1].parts.append(element)
        if tag not in VOID:
            self.stack.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in VOID, f"<{tag}/> is not void"
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        open_tag = self.stack.pop().name
        assert open_tag == tag, f"</{tag}> closes <{open_tag}>"

    def handle_data(self, data: str) -> None:
        self.stack[-1].parts.append(data)


def read(page: str) -> Element:
    """The page as a tree; AssertionError when elements do not nest or an id is there twice."""
    builder = _Builder()
    builder.feed(page)
    builder.close()
    assert len(builder.stack) == 1, f"<{builder.stack[-1].name}> is not closed"
    root = builder.stack[0]
    ids = [str(each.attributes["id"]) for each in root.walk() if "id" in each.attributes]
    assert len(ids) == len(set(ids)), "an id is there twice"
    return root
