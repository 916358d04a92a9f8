"""What filters parse to, where errors point, and that hostile input costs little."""

from __future__ import annotations

import pytest

from scimcheck.core.errors import InvalidFilter
from scimcheck.core.filter.ast import And, AttrPath, Comparison, Filter, Not, Or, Present, ValuePath
from scimcheck.core.filter.grammar import MAX_DEPTH, MAX_LENGTH
from scimcheck.core.filter.parser import parse_filter

A, B, C = (Present(AttrPath(name)) for name in "abc")
WORK = Comparison(AttrPath("type"), "eq", "work")
VALUE_X = Comparison(AttrPath("value"), "eq", "x")


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("a pr or b pr and c pr", Or((A, And((B, C))))),
        ("a pr and b pr or c pr", Or((And((A, B)), C))),
        ("(a pr or b pr) and c pr", And((Or((A, B)), C))),
        ("a pr and b pr and c pr", And((A, B, C))),
        ("(a pr and b pr) and c pr", And((And((A, B)), C))),
        ("((a pr))", A),
        ("not (a pr) and b pr", And((Not(A), B))),
        ("not (a pr and b pr)", Not(And((A, B)))),
        ("not(a pr)", Not(A)),
        ("a PR And NOT (b Pr) oR c pR", Or((And((A, Not(B))), C))),
        ('emails[type eq "work"]', ValuePath(AttrPath("emails"), WORK)),
        ('emails[type eq "work" and value eq "x"]', ValuePath(AttrPath("emails"), And((WORK, VALUE_X)))),
        ('emails[not (type eq "work")]', ValuePath(AttrPath("emails"), Not(WORK))),
        ('x[(a pr or b pr) and c pr]', ValuePath(AttrPath("x"), And((Or((A, B)), C)))),
    ],
)  # fmt: skip
def test_core_filter_parser_structure(text: str, tree: Filter) -> None:
    """Comparisons bind tightest, then not, and, or; groups and brackets overrule."""
    assert parse_filter(text) == tree


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("name.familyName pr", AttrPath("name", "familyName")),
        ("urn:a:core:2.0:User:userName pr", AttrPath("userName", None, "urn:a:core:2.0:User")),
        ("urn:a:core:2.0:User:name.familyName pr", AttrPath("name", "familyName", "urn:a:core:2.0:User")),
        ("urn:a:core:2.0:User pr", AttrPath("User", None, "urn:a:core:2.0")),
        ("https://example.com/s?v=1:name pr", AttrPath("name", None, "https://example.com/s?v=1")),
        ("members.$ref pr", AttrPath("members", "$ref")),
        ("members.$REF pr", AttrPath("members", "$REF")),
        ("and pr", AttrPath("and")),
        ("or.eq pr", AttrPath("or", "eq")),
        ("not pr", AttrPath("not")),
        ("pr pr", AttrPath("pr")),
        ("nothing pr", AttrPath("nothing")),
        ("true pr", AttrPath("true")),
    ],
)
def test_core_filter_parser_paths(text: str, path: AttrPath) -> None:
    """The last colon ends the URI; names may look like operators, for position decides."""
    assert parse_filter(text) == Present(path)


def test_core_filter_parser_operators_as_names() -> None:
    """A whole expression of nothing but operator names."""
    assert parse_filter('or eq "x" or and eq "y" and not[eq eq 1]') == Or(
        (
            Comparison(AttrPath("or"), "eq", "x"),
            And(
                (
                    Comparison(AttrPath("and"), "eq", "y"),
                    ValuePath(AttrPath("not"), Comparison(AttrPath("eq"), "eq", 1)),
                )
            ),
        )
    )


@pytest.mark.parametrize(
    ("literal", "value"),
    [
        (r'"a\"b\\c\/d\b\f\n\r\t"', 'a"b\\c/d\b\f\n\r\t'),
        (r'"Andr\u00e9"', "André"),
        (r'"\ud83d\ude00"', "😀"),
        ('"a) or (b [c] and"', "a) or (b [c] and"),
        ('""', ""),
        ("10", 10),
        ("-0", 0),
        ("1.5E-3", 0.0015),
        ("1e3", 1000.0),
        ("123456789012345678901234567890", 123456789012345678901234567890),
        ("true", True),
        ("false", False),
        ("null", None),
    ],
)
def test_core_filter_parser_operands(literal: str, value: object) -> None:
    """Operands are JSON scalars, decoded with their JSON type."""
    parsed = parse_filter(f"x eq {literal}")
    assert isinstance(parsed, Comparison)
    assert parsed.value == value
    assert type(parsed.value) is type(value)


def test_core_filter_ast_tells_json_types_apart() -> None:
    """Trees serve as cache keys, so ``true``, 1 and 1.0 must differ although Python calls them equal."""
    trees = {parse_filter(f"x eq {literal}") for literal in ("true", "1", "1.0", '"1"')}
    assert len(trees) == 4


@pytest.mark.parametrize("operator", ["ſw", "ſW"])
def test_core_filter_parser_operators_are_ascii(operator: str) -> None:
    """Letters that merely fold to ASCII do not spell an operator."""
    with pytest.raises(InvalidFilter):
        parse_filter(f'userName {operator} "x"')


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("  a   pr\tand  b pr ", And((A, B))),
        ("( a pr )", A),
        ("not  ( a pr )", Not(A)),
        ("(a pr)and(b pr)or(c pr)", Or((And((A, B)), C))),
        ('emails [ type eq "work" ]', ValuePath(AttrPath("emails"), WORK)),
        ('type eq"work"', WORK),
        ("x eq TRUE", Comparison(AttrPath("x"), "eq", True)),
        ("x eq Null", Comparison(AttrPath("x"), "eq", None)),
        ('emails[type eq "work"].value eq "x"', ValuePath(AttrPath("emails"), And((WORK, VALUE_X)))),
        ('emails[type eq "work"].a pr', ValuePath(AttrPath("emails"), And((WORK, A)))),
        ('c pr and emails[type eq "work"].value eq "x"', And((C, ValuePath(AttrPath("emails"), And((WORK, VALUE_X)))))),
    ],
)
def test_core_filter_parser_lenient(text: str, tree: Filter) -> None:
    """Leniency takes what servers commonly relax and what Entra sends; strictness refuses the same text."""
    assert parse_filter(text, lenient=True) == tree
    with pytest.raises(InvalidFilter):
        parse_filter(text)


@pytest.mark.parametrize(
    "text",
    [
        "a prand b pr",
        "x eqtrue",
        "x eq 1and y eq 2",
        'emails[type eq "work"].value',
        "a pr an d b pr",
        "x eq yes",
        "a\npr",
    ],
)
def test_core_filter_parser_lenient_has_limits(text: str) -> None:
    """Words must stay apart, and what is no filter in any reading stays refused."""
    with pytest.raises(InvalidFilter):
        parse_filter(text, lenient=True)


@pytest.mark.parametrize(
    ("text", "column", "expected"),
    [
        ("", 1, "an attribute path"),
        ("userName", 9, "a blank"),
        ('userName = "x"', 10, "an operator"),
        ("userName eq bjensen", 13, "a JSON string"),
        ('(userName eq "a"', 17, "')'"),
        ('userName eq "a")', 16, "the end"),
        ("title pr nickName pr", 10, '"and" or "or"'),
        ("title pr and", 13, "an attribute path"),
        ('emails[type eq "work"', 22, "']'"),
        ("emails[0]", 8, "a sub-attribute name"),
        ("x eq 1e999", 6, "a number"),
    ],
)
def test_core_filter_parser_errors_say_where_and_what(text: str, column: int, expected: str) -> None:
    """The detail names the column, from 1, and what was expected there."""
    with pytest.raises(InvalidFilter) as caught:
        parse_filter(text)
    assert caught.value.detail.startswith(f"column {column}: expected ")
    assert expected in caught.value.detail
    assert caught.value.body()["scimType"] == "invalidFilter"


@pytest.mark.parametrize(("text", "column"), [("  title = 1", 9), ("  x eq 1e999", 8)])
def test_core_filter_parser_lenient_columns_count_leading_blanks(text: str, column: int) -> None:
    with pytest.raises(InvalidFilter, match=rf"^column {column}:"):
        parse_filter(text, lenient=True)


@pytest.mark.parametrize("lenient", [False, True], ids=["strict", "lenient"])
@pytest.mark.parametrize(
    "text",
    [
        "(" * 10_000 + "title pr" + ")" * 10_000,
        "not (" * 10_000 + "title pr" + ")" * 10_000,
        "(" * 10_000,
        "x[" * 10_000,
        'title eq "' + "a" * (MAX_LENGTH - 20),
        'title eq "' + "\\u00" * 10_000,
        'title eq "' + "a" * MAX_LENGTH + '"',
        "a" * (MAX_LENGTH + 1),
        '"' * MAX_LENGTH,
        '"\\' * (MAX_LENGTH // 2 - 100) + "(" * 100,
        "urn:" + "a:" * 20_000 + "!",
        "a." * 20_000,
        "x eq " + "9" * 10_000,
        "x eq 1 or " * 5_000,
    ],
    ids=lambda text: f"{text[:12]}...{len(text)}" if isinstance(text, str) else None,
)
def test_core_filter_parser_hostile(text: str, lenient: bool) -> None:
    """Deep or long nonsense is refused like any other error: no RecursionError, no endless search."""
    with pytest.raises(InvalidFilter):
        parse_filter(text, lenient=lenient)


def test_core_filter_parser_depth_limit_is_exact() -> None:
    """Nesting up to the limit is fine, parentheses inside strings do not count."""
    assert parse_filter("(" * MAX_DEPTH + "a pr" + ")" * MAX_DEPTH) == A
    with pytest.raises(InvalidFilter, match=f"column {MAX_DEPTH + 1}: "):
        parse_filter("(" * (MAX_DEPTH + 1) + "a pr" + ")" * (MAX_DEPTH + 1))
    parens = "(" * 1000 + r"\"" + "[" * 1000
    assert parse_filter(f'a eq "{parens}"') == Comparison(AttrPath("a"), "eq", "(" * 1000 + '"' + "[" * 1000)
    assert parse_filter("(a pr) or " * 200 + "(a pr)") == Or((A,) * 201)
