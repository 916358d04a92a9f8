"""Deviations of filters as expressions: logic, grouping, brackets, grammar and operands (RFC 7644 §3.4.2.2)."""

from __future__ import annotations

import dataclasses
import re
import unicodedata
from typing import Any

from scimcheck.core.errors import InvalidFilter, ScimError
from scimcheck.core.filter.ast import And, AttrPath, Comparison, Filter, Not, Or, Present, ValuePath
from scimcheck.core.filter.parser import parse_filter
from scimcheck.core.json import JSONObject
from scimcheck.provider.app import Provider
from scimcheck.provider.context import Context
from scimcheck.provider.faults.registry import deviation, on_request, on_response, variant, wrap
from scimcheck.provider.faults.rewriting import (
    EVERYTHING,
    NOTHING,
    compare,
    fallback,
    map_filter,
    refuse,
    reword,
    rewrite,
    rewrite_whole,
)

_STRING = re.compile(r'"(?:[^"\\]|\\.)*"')


def _outside_strings(text: str, change: Any) -> str:
    """The text with ``change`` applied to what stands outside its strings."""
    strings = _STRING.findall(text)
    parts = _STRING.split(text)
    return "".join(change(part) + string for part, string in zip(parts, [*strings, ""], strict=True))


# --- logic -----------------------------------------------------------------------------------------------------------


@deviation(
    "and-is-or",
    breaks=["RFC7644-3.4.2.2-25"],
    also=["ENTRA-2.2-09", "ENTRA-2.6-01", "ENTRA-2.6-02", "RFC7643-3-07", "RFC7644-3.5.2.2-05"],
    text="and is carried out as or.",
)
def and_is_or(provider: Provider) -> None:
    rewrite(provider, lambda part: Or(part.operands) if isinstance(part, And) else part)


@deviation("and-keeps-its-last", breaks=["RFC7644-3.4.2.2-25"], text="Of operands joined by and the last counts.")
def and_keeps_its_last(provider: Provider) -> None:
    rewrite(provider, lambda part: part.operands[-1] if isinstance(part, And) else part)


@deviation("or-is-and", breaks=["RFC7644-3.4.2.2-26"], text="or is carried out as and.")
def or_is_and(provider: Provider) -> None:
    rewrite(provider, lambda part: And(part.operands) if isinstance(part, Or) else part)


@deviation("or-keeps-its-first", breaks=["RFC7644-3.4.2.2-26"], text="Of operands joined by or the first counts.")
def or_keeps_its_first(provider: Provider) -> None:
    rewrite(provider, lambda part: part.operands[0] if isinstance(part, Or) else part)


@deviation("not-is-ignored", breaks=["RFC7644-3.4.2.2-27"], text="not has no effect.")
def not_is_ignored(provider: Provider) -> None:
    rewrite(provider, lambda part: part.operand if isinstance(part, Not) else part)


@deviation("not-is-refused", breaks=["RFC7644-3.4.2.2-27"], text="not is refused as unknown.")
def not_is_refused(provider: Provider) -> None:
    refuse(provider, lambda text: re.search(r"\bnot \(", text, re.IGNORECASE))


@deviation(
    "parentheses-are-ignored",
    breaks=["RFC7644-3.4.2.2-28"],
    also=["RFC7643-2.5-01"],
    text="Groups are read as if not grouped.",
)
def parentheses_are_ignored(provider: Provider) -> None:
    def flat(part: str) -> str:
        return part if re.search("not", part, re.IGNORECASE) else part.replace("(", "").replace(")", "")

    def change(text: str) -> str:
        return text if re.search(r"\bnot ?\(", text, re.IGNORECASE) or "[" in text else _outside_strings(text, flat)

    def parse(original: Any, ctx: Context, text: str) -> Filter:
        original(ctx, text)
        parsed: Filter = original(ctx, change(text))
        return parsed

    wrap(provider, "parse_filter", parse)


@deviation("groups-are-refused", breaks=["RFC7644-3.4.2.2-28"], text="A group beside and or or is refused.")
def groups_are_refused(provider: Provider) -> None:
    refuse(provider, lambda text: re.search(r"(^|\b(and|or) )\(", text, re.IGNORECASE) and "[" not in text)


@deviation("or-binds-tighter", breaks=["RFC7644-3.4.2.2-29"], text="Without parentheses or goes before and.")
def or_binds_tighter(provider: Provider) -> None:
    def parse(original: Any, ctx: Context, text: str) -> Filter:
        parsed: Filter = original(ctx, text)
        if "(" in text or "[" in text or not isinstance(parsed, Or):
            return parsed
        terms = [each.strip() for each in re.split(r" and ", text)]
        return And(tuple(original(ctx, term) for term in terms)) if len(terms) > 1 else parsed

    wrap(provider, "parse_filter", parse)


@deviation("not-binds-loosely", breaks=["RFC7644-3.4.2.2-29"], text="A not in front negates all that follows.")
def not_binds_loosely(provider: Provider) -> None:
    def change(ctx: Context, tree: Filter) -> Filter:
        if isinstance(tree, (And, Or)) and isinstance(tree.operands[0], Not):
            return Not(dataclasses.replace(tree, operands=(tree.operands[0].operand, *tree.operands[1:])))
        return tree

    rewrite_whole(provider, change)


@deviation(
    "logic-in-lower-case-alone", breaks=["RFC7644-3.4.2.2-07"], text="AND, OR and NOT in capital letters are refused."
)
def logic_in_lower_case_alone(provider: Provider) -> None:
    refuse(provider, lambda text: re.search(r"\b(AND|And|OR|Or|NOT|Not)\b[ (]", _STRING.sub('""', text)))


# --- brackets --------------------------------------------------------------------------------------------------------


@deviation(
    "brackets-join-values",
    breaks=["RFC7644-3.4.2.2-31"],
    also=["ENTRA-4.3-03"],
    text="Conditions in brackets may hold for different values.",
)
def brackets_join_values(provider: Provider) -> None:
    def spread(path: AttrPath, inner: Filter) -> Filter:
        def change(part: Filter) -> Filter:
            if isinstance(part, (Comparison, Present)):
                return dataclasses.replace(part, path=AttrPath(path.name, part.path.name, path.urn))
            return part

        return map_filter(inner, change)

    rewrite(provider, lambda part: spread(part.path, part.filter) if isinstance(part, ValuePath) else part)


@deviation("brackets-know-eq-alone", breaks=["RFC7644-3.4.2.2-31"], text="In brackets sw, co and ew match nothing.")
def brackets_know_eq_alone(provider: Provider) -> None:
    def plain(part: Filter) -> Filter:
        return NOTHING if isinstance(part, Comparison) and part.op in ("sw", "co", "ew") else part

    def change(part: Filter) -> Filter:
        return ValuePath(part.path, map_filter(part.filter, plain)) if isinstance(part, ValuePath) else part

    rewrite(provider, change)


@deviation(
    "brackets-see-the-resource",
    breaks=["RFC7644-3.4.2.2-32"],
    text="In brackets the attributes of the resource can be compared.",
    settings={"unknown_filter_attribute": "no-match"},
)
def brackets_see_the_resource(provider: Provider) -> None:
    def change(part: Filter) -> Filter:
        outer = isinstance(part, ValuePath) and isinstance(part.filter, Comparison)
        if isinstance(part, ValuePath) and outer and isinstance(part.filter, Comparison):
            return part.filter if part.filter.path.name.lower() in ("username", "displayname") else part
        return part

    rewrite(provider, change)


# --- grammar ---------------------------------------------------------------------------------------------------------


@deviation(
    "empty-filter-fails",
    breaks=["RFC7644-3.4.2.2-08"],
    also=["RFC7644-3.12-15"],
    text="An empty filter is answered with an internal error.",
)
def empty_filter_fails(provider: Provider) -> None:
    def parse(original: Any, ctx: Context, text: str) -> Filter:
        if not text.strip():
            raise ScimError("unexpected end", status=500)
        parsed: Filter = original(ctx, text)
        return parsed

    wrap(provider, "parse_filter", parse)


@variant("empty-filter-is-none", reading="RFC7644-3.4.2.2-08", text="An empty filter counts as no filter.")
def empty_filter_is_none(provider: Provider) -> None:
    fallback(provider, lambda text: None if text.strip() else EVERYTHING)


@deviation(
    "incomplete-comparisons-guessed",
    breaks=["RFC7644-3.4.2.2-09"],
    text="An attribute without operator or operand is taken for a test of presence.",
)
def incomplete_comparisons_guessed(provider: Provider) -> None:
    def guess(text: str) -> Filter | None:
        match = re.fullmatch(r"([A-Za-z]+)( eq)?", text)
        return Present(AttrPath(match[1])) if match else None

    fallback(provider, guess)


@deviation("bare-words-are-operands", breaks=["RFC7644-3.4.2.2-33"], text="Texts need no quotation marks in filters.")
def bare_words_are_operands(provider: Provider) -> None:
    def guess(text: str) -> Filter | None:
        match = re.fullmatch(r"([A-Za-z]+) (eq|co|sw) '?([\w-]+)'?", text)
        return Comparison(AttrPath(match[1]), match[2], match[3]) if match else None

    fallback(provider, guess)


@deviation(
    "rest-of-filter-ignored",
    breaks=["RFC7644-3.4.2.2-33"],
    also=["RFC7644-3.4.3-13"],
    text="What follows a complete filter is ignored.",
)
def rest_of_filter_ignored(provider: Provider) -> None:
    def guess(text: str) -> Filter | None:
        match = re.match(r'[A-Za-z]+ (?:pr\b|eq "[^"]*")', text)
        return parse_filter(match[0]) if match else None

    fallback(provider, guess)


@deviation(
    "open-parentheses-closed",
    breaks=["RFC7644-3.4.2.2-33"],
    also=["RFC7644-3.4.3-13"],
    text="Parentheses that are not closed are closed at the end.",
)
def open_parentheses_closed(provider: Provider) -> None:
    def guess(text: str) -> Filter | None:
        missing = text.count("(") - text.count(")")
        return parse_filter(text + ")" * missing) if missing > 0 else None

    fallback(provider, guess)


@deviation(
    "faulty-filter-fails",
    breaks=["RFC7644-3.4.2.2-33"],
    also=["ENTRA-4.7-01",
        "RFC7644-3.4.2.2-08", "RFC7644-3.4.2.2-09", "RFC7644-3.4.2.2-43", "RFC7644-3.4.3-13", "RFC7644-3.12-15",
        "RFC7643-9.2-02",
    ],
    text="A filter that does not follow the grammar is answered with an internal error.",
)  # fmt: skip
def faulty_filter_fails(provider: Provider) -> None:
    def parse(original: Any, ctx: Context, text: str) -> Filter:
        try:
            parsed: Filter = original(ctx, text)
        except InvalidFilter as error:
            raise ScimError("the parser failed", status=500) from error
        return parsed

    wrap(provider, "parse_filter", parse)


def _keyword(name: str, keyword: str | None, text: str) -> None:
    """A deviation that answers faulty filters with another keyword, or without one."""

    @deviation(
        name,
        breaks=["RFC7644-3.4.2.2-33"],
        also=[
            "RFC7644-3.4.2.2-08", "RFC7644-3.4.2.2-09", "RFC7644-3.4.2.2-24", "RFC7644-3.4.2.2-43",
            "RFC7644-3.4.3-13", "RFC7644-3.12-17",
        ],
        text=text,
    )  # fmt: skip
    def other_keyword(provider: Provider) -> None:
        def body(original: Any, ctx: Context, error: ScimError) -> JSONObject:
            found: JSONObject = original(ctx, error)
            if found.get("scimType") == "invalidFilter":
                found.pop("scimType") if keyword is None else found.update(scimType=keyword)
            return found

        wrap(provider, "error_body", body)


_keyword("faulty-filter-is-invalid-value", "invalidValue", "Faulty filters are answered with scimType invalidValue.")
_keyword("faulty-filter-without-keyword", None, "Faulty filters are answered with 400 and no scimType.")


@deviation(
    "unknown-operator-is-eq", breaks=["RFC7644-3.4.2.2-43"],
    text="An operator that is not known is taken for eq.",
)  # fmt: skip
def unknown_operator_is_eq(provider: Provider) -> None:
    def guess(text: str) -> Filter | None:
        match = re.fullmatch(r'([A-Za-z]+) (?!pr )\S+ "([^"]*)"', text)
        return Comparison(AttrPath(match[1]), "eq", match[2]) if match else None

    fallback(provider, guess)


@deviation(
    "unknown-operator-finds-all",
    breaks=["RFC7644-3.4.2.2-43"],
    also=["RFC7643-9.2-02"],
    text="An operator that is not known matches anything.",
)
def unknown_operator_finds_all(provider: Provider) -> None:
    fallback(provider, lambda text: EVERYTHING if re.fullmatch(r'[A-Za-z]+ (?!pr )\S+ "[^"]*"', text) else None)


@deviation("faulty-filter-without-detail", breaks=["RFC7644-3.4.2.2-44"], text="Errors about filters have no detail.")
def faulty_filter_without_detail(provider: Provider) -> None:
    def hide(request: Any, reply: Any) -> None:
        if isinstance(reply.body, dict) and reply.body.get("scimType") == "invalidFilter":
            reply.body.pop("detail", None)

    on_response(provider, hide, status=400)


# --- operands --------------------------------------------------------------------------------------------------------


@deviation(
    "null-fails",
    breaks=["RFC7644-3.4.2.2-36"],
    also=["RFC7644-3.12-15"],
    text="A comparison with null is an internal error.",
)
def null_fails(provider: Provider) -> None:
    def change(part: Comparison) -> Filter:
        if part.value is None:
            raise ScimError("no value", status=500)
        return part

    compare(provider, change)


@variant("null-refused", reading="RFC7644-3.4.2.2-36", text="A comparison with null is refused.")
def null_refused(provider: Provider) -> None:
    def change(part: Comparison) -> Filter:
        if part.value is None:
            raise InvalidFilter("null is no operand")
        return part

    compare(provider, change)


@deviation("parentheses-in-texts-count", breaks=["RFC7644-3.4.2.2-34"], text="Parentheses in operands count as groups.")
def parentheses_in_texts_count(provider: Provider) -> None:
    refuse(provider, lambda text: any(string.count("(") != string.count(")") for string in _STRING.findall(text)))


@deviation(
    "plus-is-a-blank-everywhere",
    breaks=["RFC7644-3.4.2.2-34"],
    text="Encoded plus signs in a query are taken for blanks.",
    also=["RFC7644-3.4.2.2-22"],
)
def plus_is_a_blank_everywhere(provider: Provider) -> None:
    on_request(provider, lambda request: dataclasses.replace(request, query=request.query.replace("%2B", "%20")))


@deviation(
    "letters-beyond-ascii-lost",
    breaks=["RFC7644-3.4.2.2-34"],
    also=["ENTRA-2.5-04", "RFC7644-3.4.2.2-35"],
    text="Filters compare no letters beyond ASCII.",
)
def letters_beyond_ascii_lost(provider: Provider) -> None:
    def change(part: Comparison) -> Filter:
        odd = isinstance(part.value, str) and not part.value.isascii()
        return NOTHING if odd else part

    compare(provider, change)


@deviation("escapes-not-decoded", breaks=["RFC7644-3.4.2.2-35"], text="Escapes in operands stand for themselves.")
def escapes_not_decoded(provider: Provider) -> None:
    reword(provider, lambda text: text.replace("\\", "\\\\"))


@deviation(
    "unicode-escapes-refused", breaks=["RFC7644-3.4.2.2-35"], text="An escape of four digits in an operand is refused."
)
def unicode_escapes_refused(provider: Provider) -> None:
    refuse(provider, lambda text: re.search(r"\\u[0-9A-Fa-f]{4}", text))


@deviation(
    "apostrophes-break-queries",
    breaks=["RFC7643-9.2-02"],
    also=["ENTRA-4.7-01", "RFC7644-3.12-15"],
    text="An operand that closes a SQL string is answered with an internal error.",
)
def apostrophes_break_queries(provider: Provider) -> None:
    def change(part: Comparison) -> Filter:
        if isinstance(part.value, str) and re.search(r"' *(or|;)", part.value, re.IGNORECASE):
            raise ScimError("syntax error near OR", status=500)
        return part

    compare(provider, change)


@deviation(
    "operands-are-injected",
    breaks=["RFC7644-3.4.2.2-03"],
    also=["ENTRA-4.3-07", "RFC7643-9.2-02"],
    text="An operand that closes a SQL string finds everything.",
)
def operands_are_injected(provider: Provider) -> None:
    def change(part: Comparison) -> Filter:
        return EVERYTHING if isinstance(part.value, str) and "' OR '1'='1" in part.value else part

    compare(provider, change)


@deviation(
    "names-not-normalised",
    breaks=["RFC7644-7.8-01"],
    also=["RFC7644-5-01"],
    text="A userName is not found by a decomposed form of its letters.",
)
def names_not_normalised(provider: Provider) -> None:
    def change(part: Comparison) -> Filter:
        text = part.value
        other = isinstance(text, str) and unicodedata.normalize("NFC", text) != text
        return NOTHING if other else part

    compare(provider, change)
