"""What a target sent cannot disturb whoever reads the report."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from report_builder import exchange

from scimcheck.report.text import BODY_LIMIT, body_text, laid_out, one_line, printable, request_text, response_text

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=12,
)


@given(st.text())
def test_printable_text_has_no_control_characters(text: str) -> None:
    """Terminal escapes, reversed text and lone surrogates are spelled out; the rest stays."""
    shown = printable(text)
    shown.encode("utf-8")
    assert not any(ord(c) < 32 and c not in "\n\t" for c in shown)
    assert printable(shown) == shown


def test_escapes_are_legible() -> None:
    assert printable("\x1b[31m\u202e\ud800ü\n") == "\\x1b[31m\\u202e\\ud800ü\n"
    assert one_line(" a\r\n\tb\x00 ") == "a\\x0d b\\x00"


@given(values)
def test_laid_out_json_is_the_same_json(value: object) -> None:
    """Layout changes white space alone, however compact or spread the text was."""
    for text in (
        json.dumps(value),
        json.dumps(value, indent=3, ensure_ascii=False),
        json.dumps(value, separators=(",", ":")),
    ):
        assert json.loads(laid_out(text)) == value


def test_layout_keeps_duplicate_names_and_spellings() -> None:
    """Evidence is not tidied up."""
    assert laid_out('{"a":1.0,"a":"\\u00e4","b":[],"c":[1,{"d":{}}]}') == (
        '{\n  "a": 1.0,\n  "a": "\\u00e4",\n  "b": [],\n  "c": [\n    1,\n    {\n      "d": {}\n    }\n  ]\n}'
    )


@pytest.mark.parametrize("text", ['{"a":[1,"b', '"\\', "}}}]", "[" * 5_000, '{"a" 1 : : ,}', ""])
def test_layout_takes_any_text(text: str) -> None:
    """A beginning that was cut off, or no JSON at all, is laid out as far as it goes and stays within bounds."""
    shown = laid_out(text)
    assert "".join(shown.split()) == "".join(text.split())
    assert len(shown) <= 60 * len(text) + 1


def test_a_long_body_is_cut_with_a_note() -> None:
    text, note = body_text(b"x" * (BODY_LIMIT + 1), is_json=False)
    assert len(text) == BODY_LIMIT
    assert note == "Cut: the body has 20,001 bytes; the JSON record has all of it."
    assert body_text(b"x" * BODY_LIMIT, is_json=False) == ("x" * BODY_LIMIT, "")


def test_a_body_that_grows_when_laid_out_is_cut_too() -> None:
    text, note = body_text(b"[" * 5_000 + b"]" * 5_000, is_json=True)
    assert len(text) == BODY_LIMIT
    assert note


def test_multi_byte_characters_count_once() -> None:
    body = "€".encode() * BODY_LIMIT
    assert body_text(body, is_json=False) == ("€" * BODY_LIMIT, "")


def test_bodies_of_an_exchange_are_laid_out_when_they_are_json() -> None:
    seen = exchange(sent={"a": 1}, answer=b"<html> \xff")
    assert request_text(seen) == ('{\n  "a": 1\n}', "")
    assert response_text(seen) == ("<html> \ufffd", "")
