"""Expressions: every documented example, errors with their column, and laws."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from datetime import datetime, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scimcheck.core.errors import UsageError
from scimcheck.entra.data import table
from scimcheck.entra.expression import (
    Context,
    EvaluationError,
    ExpressionError,
    Value,
    check_expression,
    evaluate,
    is_redacted,
    parse_expression,
    source_attributes,
)
from scimcheck.entra.expression.parser import MAX_LENGTH
from scimcheck.entra.expression.registry import functions

EXAMPLES = [
    pytest.param(example, id=f"{entry['name']}-{number}")
    for entry in table("functions")["functions"]
    for number, example in enumerate(entry.get("examples", []))
]
MAPPINGS = [
    mapping["expression"]
    for kind in table("default_mappings")["objects"]
    for mapping in kind["mappings"]
    if "expression" in mapping
]


@pytest.mark.parametrize("example", EXAMPLES)
def test_documented_example(example: dict[str, Any]) -> None:
    taken = example.get("taken", [])
    value = evaluate(example["expression"], example["inputs"], Context(taken=taken.__contains__))
    if "pattern" in example:
        assert re.fullmatch(example["pattern"], str(value))
    else:
        assert (value, type(value)) == (example["output"], type(example["output"]))


@pytest.mark.parametrize("example", EXAMPLES)
def test_documented_example_has_no_errors(example: dict[str, Any]) -> None:
    assert [problem for problem in check_expression(example["expression"]) if problem.error] == []


@pytest.mark.parametrize("expression", MAPPINGS)
def test_expressions_of_the_default_mapping_are_good(expression: str) -> None:
    assert check_expression(expression) == []


@pytest.mark.parametrize(
    ("expression", "inputs", "value"),
    [
        ("[mail]", {"mail": "a@example.com"}, "a@example.com"),
        ("[Mail]", {"mail": "a@example.com"}, None),
        ('"constant"', {}, "constant"),
        (r'"a \"quoted\" \\ text"', {}, 'a "quoted" \\ text'),
        (r'Replace([a], , "\d+", , "", , )', {"a": "a1b22"}, "ab"),
        ('  Join( " " ,\n [a] )  ', {"a": "x"}, "x"),
        ('Join(",", [a], "z")', {"a": ["x", "", "y"]}, "x,y,z"),
        ("Append([a], [b])", {"a": "x"}, "x"),
        ("Append([a], [b])", {"b": "x"}, None),
        ("Append([a], [b])", {"a": ["x"], "b": True}, "xTrue"),
        ("Left([a], 3)", {}, ""),
        ("Mid([a], 9, 2)", {"a": "abc"}, ""),
        ('InStr("ABC", "b", 1, vbTextCompare)', {}, 2),
        ('InStr("ABC", "b")', {}, 0),
        ('Word("a,,b", 2, ",")', {}, "b"),
        ('PCase("o\'neil mc-donald")', {}, "O'neil Mc-Donald"),
        ('ToUpper("straße")', {}, "STRAßE"),
        ('ToUpper("izmir", "tr-TR")', {}, "İZMİR"),
        ('ToLower("ISPARTA", "tr-TR")', {}, "ısparta"),
        ("Item([a], 3)", {"a": ["x"]}, None),
        ("Item([a], 0)", {"a": ["x"]}, None),
        ("Count([a])", {}, 0),
        ("RemoveDuplicates([a])", {"a": ["x", "X", "x"]}, ["x", "X"]),
        ('Split([a], ",")', {}, None),
        ('Switch([a], "other", "", "empty")', {}, "empty"),
        ('Switch([a], , "x", "y")', {"a": "z"}, None),
        ('Switch(IsPresent([a]), "none", "True", [a])', {"a": "x"}, "x"),
        ('IIF([a] > 9, "more", "less")', {"a": "10"}, "more"),
        ('IIF([a] <> "b", "x", Error("not reached"))', {"a": "a"}, "x"),
        ("IIF(IsNullOrEmpty([a]), [b], [a])", {"b": "fallback"}, "fallback"),
        ("CBool(0)", {}, False),
        ('CBool("True")', {}, True),
        ("CBool([a] >= [b])", {"a": "b", "b": "a"}, True),
        ("BitAnd(-1, &HFF)", {}, 255),
        ('CDate("2021-12-31 23:30:00 -01:00")', {}, "1/1/2022 12:30:00 AM"),
        ('CDate("8/25/2021 12:00:00 AM")', {}, "8/25/2021 12:00:00 AM"),
        ("CDate([a])", {}, None),
        ('DateAdd("m", 1, "2023-01-31")', {}, "2/28/2023 12:00:00 AM"),
        ('DateAdd("n", -1, "2023-01-01")', {}, "12/31/2022 11:59:00 PM"),
        ('DateDiff("ww", "2024-01-06", "2024-01-07")', {}, 1),
        ('DateDiff("h", "2024-01-01T10:59:00Z", "2024-01-01T11:00:00Z")', {}, 1),
        ('FormatDateTime([a], "dd.MM.yyyy", "d")', {"a": " 09.03.2024 "}, "03/09/2024"),
        ('FormatDateTime([a], "AllowWhiteSpaces", "d MMM yyyy", "yyyyMMdd")', {"a": "9 mar 2024"}, "20240309"),
        ('Replace([a], , "(?<x>b)(?<y>c)", , "${y}$1$$$&${z}", , )', {"a": "abcd"}, "acb$bc${z}d"),
        ('Replace([a], , "b", , , [c], )', {"a": "abc", "c": "x"}, EvaluationError),
        ('Replace([a], , "@(?<d>.*)", "d", , [c], )', {"a": "kept", "c": "x@y"}, "kept"),
        ('Replace([a], , "@(?<d>.*)", "d", , [c], )', {"c": "xy"}, None),
        ("SingleAppRoleAssignment([r])", {"r": [{"value": "ed", "displayName": "Editor"}]}, "ed"),
        ("SingleAppRoleAssignment([r])", {}, None),
        ("AssertiveAppRoleAssignmentsComplex([r])", {}, []),
        ('Trim("  a ")', {}, "a"),
        ('Len("abc")', {}, 3),
    ],
)
def test_value(expression: str, inputs: dict[str, Value], value: Any) -> None:
    if value is EvaluationError:
        with pytest.raises(EvaluationError):
            evaluate(expression, inputs)
    else:
        assert evaluate(expression, inputs) == value


@pytest.mark.parametrize(
    ("expression", "column", "words"),
    [
        ("", 1, "ends too early"),
        ('Join(" ", [a]', 14, "ends too early"),
        ('Join(" ", [a]))', 15, "did not expect"),
        ("Join(“ ”, [a])", 6, "straight double quotes"),
        ('Join(" "; [a])', 9, "commas"),
        ('Append([a], "b)', 13, "no closing quote"),
        ('Append([a] "b")', 12, "did not expect"),
        ("12", 1, "did not expect"),
        ("Append(" * 101, 707, "100 deep"),
        ('"' + "a" * MAX_LENGTH + '"', MAX_LENGTH + 1, "at most"),
    ],
)
def test_unreadable_expression_tells_the_column(expression: str, column: int, words: str) -> None:
    with pytest.raises(ExpressionError, match=words) as caught:
        parse_expression(expression)
    assert caught.value.column == column
    assert isinstance(caught.value, UsageError)


@pytest.mark.parametrize(
    ("expression", "column", "words"),
    [
        ('join(" ", [a])', 1, "case-sensitive: Join, not join"),
        ('Appendd([a], "b")', 1, "is it Append?"),
        ("Left([a])", 1, r"Left\(String, NumChars\) has other arguments, 1 given"),
        ('Append([a], Left("b", "c"))', 23, "whole number"),
        ('IIF([gone] = "x", "y", "z")', 5, "no value fails"),
        ('IIF([many] = "x", "y", "z")', 5, "several values"),
        ("ToLower([many])", 9, "several values"),
        ("Append([a], foo)", 13, "needs quotes"),
        ('Switch([a], , "x", "y", "z")', 1, "pairs"),
        ('Switch([a], "d", "x")', 1, "other arguments"),
        ('Append("x", CDate("soon"))', 19, "is no date"),
        ('CDate("2023-02-30")', 7, "is no date"),
        ('DateAdd("days", 1, "2023-01-01")', 9, "one of yyyy"),
        ('DateAdd("yyyy", 9999, "2023-01-01")', 1, "calendar"),
        ("DateFromNum(9999999999999999999999)", 1, "calendar"),
        ('FormatDateTime("x", , "yyyy", "yyyy")', 16, "does not follow"),
        ('FormatDateTime("20231301", , "yyyyMMdd", "yyyy")', 16, "no date"),
        ('FormatDateTime("2023", "Sloppy", "yyyy", "yyyy")', 24, "no style sloppy"),
        ('FormatDateTime("2023", , "yyyy", "q")', 16, "no standard format"),
        ('Mid("a", 0, 1)', 10, "from 1"),
        ('Mid("a", 1, -1)', 13, "negative"),
        ('InStr("a", "b", 0)', 17, "from 1"),
        ('InStr("a", "b", 1, "text")', 20, "vbTextCompare"),
        ('Split("a", "")', 12, "empty"),
        ('Replace("a", "b")', 1, "replacement or a template"),
        ('Replace("a", "", , , "c")', 14, "empty"),
        ('Replace("a", , "(", , "c")', 16, "malformed"),
        ('Replace("a", , "a{99999999999}", , "c")', 16, "malformed"),
        ('FormatDateTime("0001-01-01+02:00", , "yyyy-MM-ddzzz", "yyyy")', 16, "no date"),
        (r'Replace("a", , "\\p{L}", , "c")', 16, "not supported"),
        ('Replace("a", , "b", "g", "c")', 21, "no group"),
        ('Replace("a", , , , "c")', 9, "look for"),
        ('Replace("a", , "b")', 1, "replacement"),
        ("RandomString(300, 0, 0, 0, 0)", 14, "256"),
        ("RandomString(2, 1, 1, 1, 0)", 14, "exceed"),
        ('RandomString(2, 2, 0, 0, 0, "0123456789")', 29, "avoid"),
        ('SelectUniqueValue("a", "b")', 1, "taken"),
        ("AppRoleAssignments([r])", 1, "not documented"),
        ("DefaultDomain()", 1, "not known"),
        ('Error("no such country")', 1, "no such country"),
    ],
)
def test_failing_expression_tells_the_column(expression: str, column: int, words: str) -> None:
    context = Context(taken=lambda value: True)
    with pytest.raises(EvaluationError, match=words) as caught:
        evaluate(expression, {"a": "x", "many": ["x", "y"]}, context)
    assert caught.value.column == column


@pytest.mark.parametrize(
    ("expression", "column", "error"),
    [
        ("Nope([a])", 1, True),
        ("Left([a])", 1, True),
        ('Switch([a], , "x", "y", "z")', 1, True),
        ('Append([a] = "x", "y")', 12, True),
        ("Append([a], foo)", 13, True),
        ('Join(",", SelectUniqueValue("a", "b"))', 11, True),
        ("Len([a])", 1, False),
        ('IIF(IsNull([a]), "x", "y")', 5, False),
        ('Switch(IsPresent([a]), "x", "True", "y")', 8, False),
        ('Join("', 6, True),
    ],
)
def test_check_finds_the_problem(expression: str, column: int, error: bool) -> None:
    [problem] = check_expression(expression)
    assert (problem.column, problem.error) == (column, error)


def test_check_lists_problems_from_left_to_right() -> None:
    columns = [problem.column for problem in check_expression('Join(Foo([a]), Bar([b]), IIF("x" = "x", "y"))')]
    assert columns == sorted(columns)
    assert len(columns) == 3


def test_clock_domain_and_chance_come_from_the_context() -> None:
    context = Context(
        now=lambda: datetime(2026, 3, 1, 13, 5, 9, tzinfo=timezone.utc),
        random=random.Random(7),
        default_domain="example.com",
    )
    assert evaluate("Now()", {}, context) == "3/1/2026 1:05:09 PM"
    assert evaluate("DefaultDomain()", {}, context) == "example.com"
    first = evaluate("Guid()", {}, context)
    assert re.fullmatch(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", str(first))
    assert first != evaluate("Guid()", {}, context)


def test_source_attributes_and_redaction() -> None:
    node = parse_expression('Join(" ", Redact([surname]), [givenName], [surname])')
    assert source_attributes(node) == ("surname", "givenName")
    assert is_redacted(node)
    assert not is_redacted(parse_expression("[surname]"))


def test_every_function_is_implemented_and_every_implementation_listed() -> None:
    from scimcheck.entra.expression import registry

    assert set(functions()) == set(registry._IMPLEMENTATIONS)
    assert len(functions()) == 49


@given(
    st.integers(0, 4), st.integers(0, 4), st.integers(0, 4), st.integers(0, 4), st.integers(0, 9), st.integers(0, 99)
)
def test_random_string_keeps_its_minimums(
    digits: int, special: int, capital: int, lower: int, more: int, seed: int
) -> None:
    length = digits + special + capital + lower + more
    expression = f"RandomString({length}, {digits}, {special}, {capital}, {lower})"
    drawn = str(evaluate(expression, {}, Context(random=random.Random(seed))))
    assert len(drawn) == length
    assert sum(c.isdigit() for c in drawn) >= digits
    assert sum(c.isupper() for c in drawn) >= capital
    assert sum(c.islower() for c in drawn) >= lower
    assert sum(not c.isalnum() for c in drawn) >= special


ATOMS = st.sampled_from(
    ['"a b"', '""', "[one]", "[many]", "[gone]", "0", "3", "-1", "", '"2024-01-31"', '"d"', "[flag]"]
)


def _outcome(action: Callable[[], object]) -> object:
    """What the action returns, or the ExpressionError it raises."""
    try:
        return action()
    except ExpressionError as error:
        return error


@st.composite
def calls(draw: st.DrawFn, deeper: st.SearchStrategy[str]) -> str:
    function = draw(st.sampled_from(sorted(functions())))
    count = draw(st.integers(functions()[function].least, functions()[function].most or 6))
    return f"{function}({', '.join(draw(deeper) for _ in range(count))})"


@given(st.recursive(ATOMS, calls, max_leaves=12).filter(lambda text: text.endswith(")")))
def test_evaluation_gives_a_value_or_an_evaluation_error(expression: str) -> None:
    """Law: no combination of functions and arguments ends in anything else."""
    inputs: dict[str, Value] = {"one": "Ünï", "many": ["x", "y"], "flag": True}
    outcome = _outcome(lambda: evaluate(expression, inputs))
    if isinstance(outcome, EvaluationError):
        assert 1 <= outcome.column <= len(expression)
    else:
        assert outcome is None or isinstance(outcome, (str, int, list))


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    outcome = _outcome(lambda: parse_expression(text))
    if isinstance(outcome, ExpressionError):
        assert 1 <= outcome.column <= len(text) + 1


@given(st.text(max_size=20))
def test_a_text_constant_means_its_text(text: str) -> None:
    """Law: escaped as documented, every text comes back."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    assert evaluate(f'"{escaped}"', {}) == text
