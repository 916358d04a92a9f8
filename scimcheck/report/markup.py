"""HTML that escapes by default: whatever is not :class:`Html` already is text, and text is escaped."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from typing import TypeAlias

from scimcheck.report.text import printable


class Html(str):
    """A piece of finished HTML; made by :func:`element` and :func:`joined` alone."""

    __slots__ = ()


#: What an element may contain: text, finished HTML, nothing, or several of these.
Content: TypeAlias = str | Iterable["Content"] | None

_VOID = frozenset(("br", "input", "meta"))


def element(name: str, /, *content: Content, **attributes: str | bool | int | None) -> Html:
    """An element with its content.

    An attribute is omitted when it is ``None`` or ``False`` and stands alone when it is ``True``. A trailing underscore
    in its name is dropped (``class_``), others become hyphens (``data_level``).
    """
    words = [name]
    for key, value in attributes.items():
        if value is None or value is False:
            continue
        label = key.rstrip("_").replace("_", "-")
        words.append(label if value is True else f'{label}="{escape(printable(str(value)))}"')
    start = f"<{' '.join(words)}>"
    return Html(start if name in _VOID else f"{start}{joined(*content)}</{name}>")


def joined(*content: Content) -> Html:
    """The pieces one after the other, text escaped."""
    return Html("".join(map(_piece, content)))


def _piece(content: Content) -> str:
    if content is None:
        return ""
    if isinstance(content, Html):
        return content
    if isinstance(content, str):
        return escape(printable(content))
    return "".join(map(_piece, content))


def link(target: str, /, *content: Content, **attributes: str | bool | int | None) -> Html:
    """A link to a place on this page (``#…``) or to a web page; any other address is not made a link."""
    if not target.startswith(("#", "https://", "http://")):
        return joined(*content)
    external = {} if target.startswith("#") else {"rel": "noopener noreferrer"}
    return element("a", *content, href=target, **external, **attributes)


def details(summary: Content, /, *content: Content, **attributes: str | bool | int | None) -> Html:
    """A part that opens and closes without script."""
    return element("details", element("summary", summary), *content, **attributes)


def facts(*pairs: tuple[str, Content], class_: str = "facts") -> Html | None:
    """Terms with what they are; pairs without content are left out, and nothing is made of none."""
    kept = [(term, content) for term, content in pairs if content]
    if not kept:
        return None
    rows = (element("div", element("dt", term), element("dd", content)) for term, content in kept)
    return element("dl", *rows, class_=class_)


def table(caption: str, columns: Iterable[str], rows: Iterable[Iterable[Content]], class_: str = "plain") -> Html:
    """A table whose first column names the rows."""
    head = element("thead", element("tr", *(element("th", column, scope="col") for column in columns)))
    body = []
    for row in rows:
        first, *rest = row
        body.append(element("tr", element("th", first, scope="row"), *(element("td", cell) for cell in rest)))
    return element(
        "div",
        element("table", element("caption", caption, class_="unseen"), head, element("tbody", *body), class_=class_),
        class_="scroll",
    )
