"""Deviations of texts and numbers that come back, which few values show (RFC 7643 §2.3)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from scimcheck.core.json import JSONObject
from scimcheck.core.urns import USER
from scimcheck.provider.app import Provider
from scimcheck.provider.context import Context
from scimcheck.provider.faults.editing import edit_replaced
from scimcheck.provider.faults.registry import change_schema, deviation


def _replace_values(provider: Provider, kind: type, change: Callable[[Any], Any]) -> None:
    """Let ``change(value)`` alter the top-level values of that JSON type that a PUT is about to store."""

    def alter(ctx: Context, attributes: JSONObject, body: JSONObject, current: JSONObject) -> None:
        for name in set(attributes) & set(body) - {"id", "userName"}:
            if type(attributes[name]) is kind:
                attributes[name] = change(attributes[name])

    edit_replaced(provider, alter)


@deviation(
    "replaced-texts-are-cut",
    breaks=["RFC7643-2.3.1-01"],
    text="PUT stores the first 255 characters of a text.",
)
def replaced_texts_are_cut(provider: Provider) -> None:
    _replace_values(provider, str, lambda text: text[:255])


@deviation(
    "replaced-texts-lose-astral-letters",
    breaks=["RFC7643-2.3.1-01"],
    text="PUT stores letters beyond the basic multilingual plane as question marks.",
)
def replaced_texts_lose_astral_letters(provider: Provider) -> None:
    _replace_values(provider, str, lambda text: "".join(letter if ord(letter) < 0x10000 else "?" for letter in text))


@deviation(
    "replaced-texts-are-unescaped",
    breaks=["RFC7643-2.3.1-01"],
    text="PUT reads entities in texts as markup: &amp; is stored as &.",
)
def replaced_texts_are_unescaped(provider: Provider) -> None:
    _replace_values(provider, str, lambda text: text.replace("&amp;", "&"))


def _number(name: str, kind: str) -> Callable[[JSONObject], None]:
    def declare(schema: JSONObject) -> None:
        schema["attributes"].append({"name": name, "type": kind, "multiValued": False, "description": name})

    return declare


@deviation(
    "replaced-integers-have-32-bits",
    breaks=["RFC7643-2.3.4-01"],
    text="Users have an integer; PUT stores its lower 32 bits.",
)
def replaced_integers_have_32_bits(provider: Provider) -> None:
    change_schema(provider, USER, _number("floor", "integer"))
    _replace_values(provider, int, lambda value: (value + 2**31) % 2**32 - 2**31)


@deviation(
    "replaced-decimals-are-capped",
    breaks=["RFC7643-2.3.3-01"],
    text="Users have a decimal; PUT stores 99999.99 for what is greater.",
)
def replaced_decimals_are_capped(provider: Provider) -> None:
    change_schema(provider, USER, _number("rating", "decimal"))
    _replace_values(provider, float, lambda value: min(value, 99999.99))
