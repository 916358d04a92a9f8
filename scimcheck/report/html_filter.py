"""The controls above the requirements; they need script and stay hidden without it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from scimcheck.report.html_parts import SIGNS, slug, state_of
from scimcheck.report.markup import Html, element
from scimcheck.report.verdicts import AudienceVerdict, RequirementResult

#: Choices of level: (value, label); the script takes SHOULD for SHOULD NOT as well.
_LEVELS = (("", "Any level"), ("MUST", "MUST"), ("SHOULD", "SHOULD"), ("MAY", "MAY"), ("ENTRA", "ENTRA"))


def filter_form(results: Sequence[RequirementResult], audiences: Sequence[AudienceVerdict]) -> Html:
    """Switches for verdicts, a choice of level and audience, a search field, and how many rows are shown."""
    counts = Counter(map(state_of, results))
    switches = [_switch(state, counts[state]) for state in SIGNS if counts[state]]
    names = (("", "Any audience"), *((audience.name, audience.title) for audience in audiences))
    return element(
        "form",
        element("fieldset", element("legend", "Verdict"), *switches),
        _choice("Level", "level", _LEVELS),
        _choice("Audience", "audience", names),
        element("label", "Search ", element("input", type="search", name="text", placeholder="id, word, status, …")),
        element("button", "Show all", type="reset"),
        element("output", class_="note", aria_live="polite"),
        class_="filter",
        hidden=True,
        role="search",
        aria_label="Filter requirements",
    )


def _switch(state: str, count: int) -> Html:
    sign = element("span", SIGNS[state], aria_hidden="true")
    box = element("input", type="checkbox", name="state", value=slug(state), checked=True)
    return element("label", box, sign, f" {state} {count:,}", class_=f"badge {slug(state)}")


def _choice(label: str, name: str, options: Sequence[tuple[str, str]]) -> Html:
    items = [element("option", text, value=value) for value, text in options]
    return element("label", f"{label} ", element("select", *items, name=name))
