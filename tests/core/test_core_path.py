"""Attribute paths and PATCH paths; the bundled examples are tested with the filters."""

from __future__ import annotations

import pytest

from scimcheck.core.errors import InvalidPath
from scimcheck.core.filter.ast import Comparison
from scimcheck.core.path import AttrPath, PatchPath, parse_attr_path, parse_patch_path

URN = "urn:ietf:params:scim:schemas:core:2.0:User"
WORK = Comparison(AttrPath("type"), "eq", "work")


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("userName", AttrPath("userName")),
        ("name.familyName", AttrPath("name", "familyName")),
        (f"{URN}:userName", AttrPath("userName", None, URN)),
        (f"{URN}:name.familyName", AttrPath("name", "familyName", URN)),
        (URN, AttrPath("User", None, "urn:ietf:params:scim:schemas:core:2.0")),
        ("members.$ref", AttrPath("members", "$ref")),
    ],
)
def test_core_path_attr(text: str, path: AttrPath) -> None:
    """The last colon ends the URI, whose dots separate nothing; printing gives the text again."""
    assert parse_attr_path(text) == path
    assert str(path) == text


@pytest.mark.parametrize(
    ("text", "path", "target_sub"),
    [
        ("members", PatchPath(AttrPath("members")), None),
        ("name.familyName", PatchPath(AttrPath("name", "familyName")), "familyName"),
        ('emails[type eq "work"]', PatchPath(AttrPath("emails"), WORK), None),
        ('emails[type eq "work"].value', PatchPath(AttrPath("emails"), WORK, "value"), "value"),
        (f'{URN}:emails[type eq "work"].$ref', PatchPath(AttrPath("emails", None, URN), WORK, "$ref"), "$ref"),
    ],
)
def test_core_path_patch(text: str, path: PatchPath, target_sub: str | None) -> None:
    """Each form of a PATCH path; printing gives the text again."""
    assert parse_patch_path(text) == path
    assert str(path) == text
    assert path.target_sub == target_sub


def test_core_path_colons_and_dots_inside_brackets() -> None:
    """Only what stands in front of the brackets is split."""
    path = parse_patch_path('emails[value eq "a:b.c"].display')
    assert path == PatchPath(AttrPath("emails"), Comparison(AttrPath("value"), "eq", "a:b.c"), "display")


def test_core_path_lenient() -> None:
    """A missing blank in front of a string is in an example of the standard; Entra spells True."""
    with pytest.raises(InvalidPath):
        parse_patch_path('members[value eq"1"]')
    assert parse_patch_path('members[value eq"1"]', lenient=True) == parse_patch_path('members[value eq "1"]')
    assert parse_patch_path("roles[primary eq True].value", lenient=True).filter == Comparison(
        AttrPath("primary"), "eq", True
    )


@pytest.mark.parametrize(
    ("text", "column"),
    [
        ("", 1),
        (".name", 1),
        ("user name", 5),
        ("a.b.c", 4),
        ("emails[type eq work]", 16),
        ("emails[type pr].", 16),
        ("name.familyName[type pr]", 16),
        (f"{URN}:", len(URN) + 1),
    ],
)
def test_core_path_errors_say_where(text: str, column: int) -> None:
    """The detail names the column, from 1; faults inside the brackets are faults of the path."""
    with pytest.raises(InvalidPath, match=rf"^column {column}: expected "):
        parse_patch_path(text)


def test_core_path_attr_has_no_filter() -> None:
    with pytest.raises(InvalidPath, match=r"^column 7: expected "):
        parse_attr_path("emails[type pr]")


def test_core_path_hostile() -> None:
    """Depth and length are limited as in filters."""
    for text in ("emails[" + "(" * 10_000 + "type pr" + ")" * 10_000 + "]", "a." * 50_000, "a" * 100_000):
        with pytest.raises(InvalidPath):
            parse_patch_path(text)
