"""The project's own files, as tests of the whole tree see them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
_SKIPPED = {".git", "__pycache__", ".pytest_cache", ".mypy_cache", ".ruff_cache", ".hypothesis", ".import_linter_cache"}
_SKIPPED |= {"build", "dist", "htmlcov", ".scimcheck", "node_modules"}
_TEXT = {".py", ".toml", ".md", ".json", ".yml", ".yaml", ".css", ".js", ".html", ".txt", ".lark", ".csv", ""}


def text_files() -> Iterator[Path]:
    """Every text file that belongs to the project; environments, caches and generated reports are left out."""
    for folder, names, files in os.walk(ROOT):
        here = Path(folder)
        names[:] = sorted(name for name in names if _belongs(here / name))
        for name in sorted(files):
            if Path(name).suffix in _TEXT and not name.startswith(".coverage") and name != ".git":
                yield here / name


def _belongs(folder: Path) -> bool:
    if folder.name in _SKIPPED or folder.name.endswith(".egg-info") or (folder / "pyvenv.cfg").exists():
        return False
    return folder.parent != ROOT / "reports" or folder.name == "templates"


def python_files(*rooms: str) -> list[Path]:
    """The Python files below the named folders, or of the whole project."""
    folders = tuple(ROOT / room for room in rooms)
    return [path for path in text_files() if path.suffix == ".py" and (not rooms or _below(path, folders))]


def _below(path: Path, folders: tuple[Path, ...]) -> bool:
    return any(path.is_relative_to(folder) for folder in folders)


def shown(path: Path) -> str:
    """The path as a reader of a failure message names it."""
    return path.relative_to(ROOT).as_posix()
