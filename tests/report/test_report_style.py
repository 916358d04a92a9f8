"""Whoever reads the report can read it: contrast in light, dark and print."""

from __future__ import annotations

import re

import pytest

from scimcheck.report.html import css_path
from scimcheck.report.html_parts import SIGNS, slug

#: Text and what it stands on; WCAG 2 AA asks for 4.5 to 1.
PAIRS = [
    *((colour, f"{colour}-soft") for colour in ("failed", "error", "blocked", "advisory", "passed", "quiet")),
    *((text, ground) for text in ("text", "muted", "link") for ground in ("page", "surface", "sunken")),
    ("failed", "surface"),
    ("passed", "surface"),
    ("blocked", "surface"),
]


def palettes() -> dict[str, dict[str, str]]:
    """The colours of each of the three blocks that define them."""
    blocks = re.findall(r":root \{(.*?)\}", css_path().read_text(encoding="utf-8"), flags=re.DOTALL)
    read = [dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", block)) for block in blocks]
    light, dark, printed = read
    return {"light": light, "dark": {**light, **dark}, "print": {**light, **printed}}


def luminance(colour: str) -> float:
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("name", ["light", "dark", "print"])
def test_text_stands_out_from_its_ground(name: str) -> None:
    palette = palettes()[name]
    weak = {}
    for text, ground in PAIRS:
        bright, dim = sorted((luminance(palette[text]), luminance(palette[ground])), reverse=True)
        if (bright + 0.05) / (dim + 0.05) < 4.5:
            weak[text, ground] = (bright + 0.05) / (dim + 0.05)
    assert weak == {}


def test_every_verdict_has_a_style() -> None:
    """Adding a verdict means giving it a colour beside its sign."""
    style = css_path().read_text(encoding="utf-8")
    assert [state for state in SIGNS if f".scim .badge.{slug(state)}" not in style] == []
