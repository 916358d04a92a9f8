"""Laws of parser and printer on generated trees and texts."""

from __future__ import annotations

import contextlib

from core_strategies import filters, patch_paths
from hypothesis import given
from hypothesis import strategies as st

from scimcheck.core.errors import InvalidFilter, InvalidPath
from scimcheck.core.filter.ast import Filter
from scimcheck.core.filter.parser import parse_filter
from scimcheck.core.filter.printer import print_filter
from scimcheck.core.path import PatchPath, parse_patch_path

#: Scraps that are likely to come close to a filter.
_SCRAPS = (
    *("a", "urn:x:y:", ".b", " ", "  ", "\t", "eq", "pr", "and", "or", "not", "(", ")", "[", "]"),
    *('"s"', '"', "\\", "1", "-0.5e1", "01", "true", "True", "null", "$ref", "é", "\n", "\ud800"),
)
_scraps = st.lists(st.sampled_from(_SCRAPS), max_size=14).map("".join)


@given(filters)
def test_core_filter_print_then_parse_is_identity(tree: Filter) -> None:
    assert parse_filter(print_filter(tree)) == tree
    assert parse_filter(print_filter(tree), lenient=True) == tree


def test_core_filter_print_is_utf8() -> None:
    """What is printed can go over the wire: lone surrogates, which JSON admits as escapes, stay escapes."""
    tree = parse_filter(r'a eq "\ud800é😀"')
    assert print_filter(tree).encode("utf-8").decode("utf-8") == r'a eq "\ud800é😀"'


@given(patch_paths)
def test_core_path_print_then_parse_is_identity(path: PatchPath) -> None:
    assert parse_patch_path(str(path)) == path
    assert parse_patch_path(str(path), lenient=True) == path


@given(_scraps | st.text(max_size=40))
def test_core_filter_parse_accepts_or_refuses_any_text(text: str) -> None:
    """Any text gives a tree or InvalidFilter; what strictness accepts, leniency accepts with the same meaning."""
    with contextlib.suppress(InvalidFilter):
        parse_filter(text, lenient=True)
    with contextlib.suppress(InvalidFilter):
        assert parse_filter(text) == parse_filter(text, lenient=True)


@given(_scraps | st.text(max_size=40))
def test_core_path_parse_accepts_or_refuses_any_text(text: str) -> None:
    """Any text gives a path that prints as it was written, or InvalidPath."""
    with contextlib.suppress(InvalidPath):
        path = parse_patch_path(text)
        assert parse_patch_path(str(path)) == path
        assert path.filter is not None or str(path) == text
