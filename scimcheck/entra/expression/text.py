"""Functions on texts. Positions count from 1; most functions of no value have no value."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable

from scimcheck.entra.data import table
from scimcheck.entra.expression.evaluate import Arguments
from scimcheck.entra.expression.registry import implements
from scimcheck.entra.expression.values import Value

_DIGITS = "0123456789"
_SPECIAL = "!#$%&*+-.:;<=>?@^_~"
_CAPITALS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_LONGEST_RANDOM = 256
# Languages whose i has a dot in capitals too.
_TURKIC = ("tr", "az")


def _plain(name: str, change: Callable[[str], str]) -> None:
    """Register a function of one text."""

    @implements(name)
    def implementation(a: Arguments) -> Value:
        text = a.text(0)
        return None if text is None else change(text)


@implements("Append")
def _append(a: Arguments) -> Value:
    source = a.text(0)
    return None if source is None else source + (a.text(1) or "")


@implements("Left")
def _left(a: Arguments) -> Value:
    source, count = a.text(0) or "", a.number(1)
    return source if count < 0 else source[:count]


@implements("Mid")
def _mid(a: Arguments) -> Value:
    source, start, length = a.text(0), a.number(1), a.number(2)
    if source is None:
        return None
    if start < 1:
        a.fail("positions count from 1", 1)
    if length < 0:
        a.fail("a length is not negative", 2)
    return source[start - 1 : start - 1 + length]


@implements("InStr")
def _in_str(a: Arguments) -> Value:
    searched, sought = a.text(0) or "", a.text(1) or ""
    start = a.number(2) if a.given(2) else 1
    if start < 1:
        a.fail("positions count from 1", 2)
    mode = a.text(3) if a.given(3) else "vbBinaryCompare"
    if mode == "vbTextCompare":
        searched, sought = _lower(searched), _lower(sought)
    elif mode != "vbBinaryCompare":
        a.fail("expected vbTextCompare or vbBinaryCompare", 3)
    return searched.find(sought, start - 1) + 1


@implements("Word")
def _word(a: Arguments) -> Value:
    source, number, delimiters = a.text(0) or "", a.number(1), a.text(2) or ""
    words = [word for word in re.split(f"[{re.escape(delimiters)}]", source) if word] if delimiters else [source]
    return words[number - 1] if 1 <= number <= len(words) else ""


@implements("PCase")
def _p_case(a: Arguments) -> Value:
    source, separators = a.text(0), a.text(1)
    if source is None:
        return None
    cased, starts = [], True
    for character in _lower(source):
        cased.append(_upper(character) if starts else character)
        # Without separators .NET's title case begins a word after anything but a letter or an apostrophe.
        starts = character in separators if separators else not (character.isalpha() or character == "'")
    return "".join(cased)


@implements("ToLower")
def _to_lower(a: Arguments) -> Value:
    source = a.text(0)
    if source is not None and _is_turkic(a.text(1)):
        source = source.replace("I", "ı").replace("İ", "i")
    return None if source is None else _lower(source)


@implements("ToUpper")
def _to_upper(a: Arguments) -> Value:
    source = a.text(0)
    if source is not None and _is_turkic(a.text(1)):
        source = source.replace("i", "İ").replace("ı", "I")
    return None if source is None else _upper(source)


@implements("NormalizeDiacritics")
def _normalize_diacritics(a: Arguments) -> Value:
    source = a.text(0)
    letters: dict[str, str] = table("functions")["diacritics"]
    return None if source is None else "".join(letters.get(character, character) for character in source)


@implements("RandomString")
def _random_string(a: Arguments) -> Value:
    length, *minimums = (a.number(index) for index in range(5))
    avoided = a.text(5) or ""
    classes = [
        "".join(character for character in characters if character not in avoided)
        for characters in (_DIGITS, _SPECIAL, _CAPITALS, _CAPITALS.lower())
    ]
    if not 0 <= length <= _LONGEST_RANDOM:
        a.fail(f"the length lies between 0 and {_LONGEST_RANDOM}", 0)
    if sum(minimums) > length or min(minimums) < 0:
        a.fail("the minimums together exceed the length, or one is negative", 0)
    # Classes asked for nothing of stay out, as in the documented example; what is left to fill comes from the others.
    wanted = [(characters, least) for characters, least in zip(classes, minimums, strict=True) if least]
    pool = "".join(characters for characters, _ in wanted) or "".join(classes)
    if not pool or any(not characters for characters, _ in wanted):
        a.fail("the characters to avoid leave nothing of a class that is asked for", 5)
    chance = a.context.random
    drawn = [chance.choice(characters) for characters, least in wanted for _ in range(least)]
    drawn += [chance.choice(pool) for _ in range(length - len(drawn))]
    chance.shuffle(drawn)
    return "".join(drawn)


@implements("Guid")
def _guid(a: Arguments) -> Value:
    digits = f"{a.context.random.getrandbits(128):032x}"
    # Version 4, variant 1 (RFC 9562).
    digits = digits[:12] + "4" + digits[13:16] + "89ab"[int(digits[16], 16) % 4] + digits[17:]
    return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))


def _is_turkic(culture: str | None) -> bool:
    return bool(culture) and str(culture).lower().split("-")[0] in _TURKIC


def _upper(text: str) -> str:
    """Capitals letter by letter, as .NET has them: the sharp s stays as it is."""
    return "".join(upper if len(upper := character.upper()) == 1 else character for character in text)


def _lower(text: str) -> str:
    return "".join(lower if len(lower := character.lower()) == 1 else character for character in text)


_plain("ConvertToBase64", lambda text: base64.b64encode(text.encode("utf-16-le")).decode("ascii"))
_plain("ConvertToUTF8Hex", lambda text: text.encode("utf-8").hex().upper())
_plain("StripSpaces", lambda text: text.replace(" ", ""))
_plain("Trim", str.strip)
