"""What the pages for users say: their links, tables and console commands."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from project_tree import ROOT

PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "ARCHITECTURE.md", *sorted((ROOT / "docs").glob("*.md"))]


@dataclass(frozen=True, slots=True)
class Command:
    """One line after ``$ `` in a console block, and where it stands."""

    page: str
    text: str


def blocks(page: Path, language: str) -> Iterator[str]:
    """The fenced blocks of a page in the given language, in order."""
    text = page.read_text(encoding="utf-8")
    yield from re.findall(rf"^```{language}\n(.*?)^```", text, flags=re.MULTILINE | re.DOTALL)


def commands() -> list[Command]:
    """Every console command of every page, in order."""
    return [
        Command(page.name, line.removeprefix("$ "))
        for page in PAGES
        for block in blocks(page, "console")
        for line in block.splitlines()
        if line.startswith("$ ")
    ]


def links(page: Path) -> list[str]:
    """The targets of a page's links that lead to files of the project or to headings."""
    text = re.sub(r"^```.*?^```", "", page.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    return [link for link in re.findall(r"\]\(([^)\s]+)\)", text) if not re.match(r"[a-z]+:", link)]


def anchors(page: Path) -> set[str]:
    """The anchors a renderer makes of a page's headings."""
    headings = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def option_rows(page: Path) -> list[tuple[str, str, str]]:
    """Option, ini key and environment variable of each row of the option tables; empty where there is none."""
    rows = re.findall(r"^\| `(--[\w-]+)[^`]*` \|([^|]*)\|([^|]*)\|", page.read_text("utf-8"), re.MULTILINE)
    return [(option, ini.strip(" `"), variable.strip(" `")) for option, ini, variable in rows]
