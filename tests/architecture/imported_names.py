"""Which modules a file imports, read from its syntax tree."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Any

_HOLDERS = (ast.stmt, ast.ExceptHandler, ast.match_case)


def imports(path: Path, *, top_level_only: bool = False) -> set[str]:
    """Dotted names of all absolute imports of a file; ``from a import b`` gives ``a`` and ``a.b``.

    Imports under ``if TYPE_CHECKING`` never run and are left out; so are those in functions with ``top_level_only``.
    """
    return set(_names(ast.parse(path.read_text(encoding="utf-8")).body, top_level_only))


def _names(body: list[Any], top_level_only: bool) -> Iterator[str]:
    for node in body:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.If) and ast.unparse(node.test).endswith("TYPE_CHECKING"):
            yield from _names(node.orelse, top_level_only)
        elif not (top_level_only and isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))):
            yield from _names(
                [child for child in ast.iter_child_nodes(node) if isinstance(child, _HOLDERS)], top_level_only
            )
