"""Small pieces of HTML that all parts of the report share: badges, tags and anchors."""

from __future__ import annotations

import re

from scimcheck.checks.findings import Verdict
from scimcheck.report.markup import Html, element, link
from scimcheck.report.verdicts import RequirementResult

#: How a verdict looks besides its colour, so that colour is never the only sign.
SIGNS = {
    "failed": "✕",
    "error": "!",
    "blocked": "‖",
    "advisory": "i",
    "passed": "✓",
    "not applicable": "–",
    "not judged": "○",
}


def state_of(result: RequirementResult) -> str:
    """The verdict as a word; *not judged* apart from *not applicable*."""
    return result.verdict.value if result.judged else "not judged"


def slug(state: str) -> str:
    """A state as class name and filter value."""
    return state.replace(" ", "-")


def badge(state: str | Verdict, label: str = "") -> Html:
    """A verdict as a coloured word with its sign."""
    word = state.value if isinstance(state, Verdict) else state
    sign = element("span", SIGNS[word], aria_hidden="true")
    return element("span", sign, " ", label or word, class_=f"badge {slug(word)}")


def anchor(requirement_id: str) -> str:
    """The id of a requirement's row on the page."""
    return "req-" + re.sub(r"[^\w.-]", "_", requirement_id)


def row_link(requirement_id: str) -> Html:
    """A link to the requirement's row on this page."""
    return link(f"#{anchor(requirement_id)}", requirement_id, class_="id")


def row_links(names: tuple[str, ...], limit: int = 12) -> list[Html | str]:
    """Links to rows with blanks between them, and how many there are besides; empty without names."""
    pieces: list[Html | str] = []
    for name in names[:limit]:
        pieces += [row_link(name), " "]
    return [*pieces, f"and {len(names) - limit} more"] if len(names) > limit else pieces[:-1]
