"""Reading and writing dates with .NET's format strings, in the invariant culture's English names.

An instant has a time zone here; a date that tells none has none (.NET's *unspecified* kind).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from functools import lru_cache

_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

#: .NET's standard formats, which are a single letter.
_STANDARD = {
    "d": "MM/dd/yyyy",
    "D": "dddd, dd MMMM yyyy",
    "t": "HH:mm",
    "T": "HH:mm:ss",
    "f": "dddd, dd MMMM yyyy HH:mm",
    "F": "dddd, dd MMMM yyyy HH:mm:ss",
    "g": "MM/dd/yyyy HH:mm",
    "G": "MM/dd/yyyy HH:mm:ss",
    "M": "MMMM dd",
    "m": "MMMM dd",
    "O": "yyyy-MM-dd'T'HH:mm:ss.fffffffK",
    "o": "yyyy-MM-dd'T'HH:mm:ss.fffffffK",
    "R": "ddd, dd MMM yyyy HH:mm:ss 'GMT'",
    "r": "ddd, dd MMM yyyy HH:mm:ss 'GMT'",
    "s": "yyyy-MM-dd'T'HH:mm:ss",
    "u": "yyyy-MM-dd HH:mm:ss'Z'",
    "Y": "yyyy MMMM",
    "y": "yyyy MMMM",
}
_TOKEN = re.compile(
    r"yyyyy+|yyyy|yy?|M{1,4}|d{1,4}|H{1,2}|h{1,2}|m{1,2}|s{1,2}|f{1,7}|F{1,7}|t{1,2}|z{1,3}|K|'[^']*'|\"[^\"]*\"|\\.|%|.",
    re.DOTALL,
)


def write_date(moment: datetime, pattern: str) -> str:
    """The moment in a .NET format; ValueError for a standard format there is none of."""
    return "".join(_WRITERS[token](moment) if token in _WRITERS else _literal(token) for token in _tokens(pattern))


def read_date(text: str, pattern: str) -> datetime:
    """The date that a text in a .NET format means; ValueError when it does not follow the format."""
    expression, names = _reader(pattern)
    found = expression.fullmatch(text)
    if found is None:
        raise ValueError(f"{text!r} does not follow the format {pattern}")
    fields = {name: value for name, value in zip(names, found.groups(), strict=True) if value}
    try:
        return _moment(fields)
    except (ValueError, OverflowError) as error:
        raise ValueError(f"{text!r} is no date: {error}") from None


def _tokens(pattern: str) -> list[str]:
    if len(pattern) == 1:
        if pattern not in _STANDARD:
            raise ValueError(f"there is no standard format {pattern!r}")
        pattern = _STANDARD[pattern]
    # A percent sign only tells a format of one letter from a standard one.
    return [token for token in _TOKEN.findall(pattern) if token != "%"]


def _literal(token: str) -> str:
    return token[1:] if token[0] == "\\" else token[1:-1] if token[0] in "'\"" and len(token) > 1 else token


@lru_cache(maxsize=128)
def _reader(pattern: str) -> tuple[re.Pattern[str], tuple[str, ...]]:
    parts, names = [], []
    for token in _tokens(pattern):
        if token in _READERS:
            name, expression = _READERS[token]
            names.append(name)
            parts.append(f"({expression})")
        else:
            parts.append(re.escape(_literal(token)))
    return re.compile("".join(parts), re.IGNORECASE), tuple(names)


def _moment(fields: dict[str, str]) -> datetime:
    moment = datetime(_year(fields), _month(fields), int(fields.get("day", "1")))
    fraction = (fields.get("fraction", "") + "000000")[:6]
    moment = moment.replace(
        hour=_hour(fields),
        minute=int(fields.get("minute", "0")),
        second=int(fields.get("second", "0")),
        microsecond=int(fraction),
    )
    zone = fields.get("zone")
    return moment if zone is None else (moment - offset(zone)).replace(tzinfo=timezone.utc)


def offset(zone: str) -> timedelta:
    """The offset that ``Z``, ``+02``, ``+0200`` or ``+02:00`` means."""
    if zone.upper() in ("Z", "UTC", "GMT"):
        return timedelta()
    digits = zone[1:].replace(":", "")
    hours, minutes = int(digits[:2]), int(digits[2:] or "0")
    span = timedelta(hours=hours, minutes=minutes)
    return -span if zone[0] == "-" else span


def _year(fields: dict[str, str]) -> int:
    year = int(fields.get("year", "1"))
    if "short_year" in fields:
        # .NET's invariant calendar takes two digits for the hundred years up to 2049.
        short = int(fields["short_year"])
        return short + (2000 if short < 50 else 1900)
    return year


def _month(fields: dict[str, str]) -> int:
    if "month_name" in fields:
        wanted = fields["month_name"].lower()[:3]
        return next(number for number, name in enumerate(_MONTHS, 1) if name.lower().startswith(wanted))
    return int(fields.get("month", "1"))


def _hour(fields: dict[str, str]) -> int:
    if "half_hour" not in fields:
        return int(fields.get("hour", "0"))
    hour = int(fields["half_hour"]) % 12
    return hour + 12 if fields.get("half", "a").lower().startswith("p") else hour


def _zone(moment: datetime) -> str:
    return moment.strftime("%z")[:3] + ":" + moment.strftime("%z")[3:5] if moment.tzinfo else "+00:00"


def _kind(moment: datetime) -> str:
    return "" if moment.tzinfo is None else "Z"


def _half_hour(moment: datetime) -> int:
    return moment.hour % 12 or 12


def _fraction(digits: int, *, trimmed: bool) -> Callable[[datetime], str]:
    def write(moment: datetime) -> str:
        text = f"{moment.microsecond:06}0"[:digits]
        return text.rstrip("0") if trimmed else text

    return write


_WRITERS: dict[str, Callable[[datetime], str]] = {
    "yyyy": lambda moment: f"{moment.year:04}",
    "yy": lambda moment: f"{moment.year % 100:02}",
    "y": lambda moment: str(moment.year % 100),
    "MMMM": lambda moment: _MONTHS[moment.month - 1],
    "MMM": lambda moment: _MONTHS[moment.month - 1][:3],
    "MM": lambda moment: f"{moment.month:02}",
    "M": lambda moment: str(moment.month),
    "dddd": lambda moment: _DAYS[moment.weekday()],
    "ddd": lambda moment: _DAYS[moment.weekday()][:3],
    "dd": lambda moment: f"{moment.day:02}",
    "d": lambda moment: str(moment.day),
    "HH": lambda moment: f"{moment.hour:02}",
    "H": lambda moment: str(moment.hour),
    "hh": lambda moment: f"{_half_hour(moment):02}",
    "h": lambda moment: str(_half_hour(moment)),
    "mm": lambda moment: f"{moment.minute:02}",
    "m": lambda moment: str(moment.minute),
    "ss": lambda moment: f"{moment.second:02}",
    "s": lambda moment: str(moment.second),
    "tt": lambda moment: "AM" if moment.hour < 12 else "PM",
    "t": lambda moment: "A" if moment.hour < 12 else "P",
    "zzz": _zone,
    "zz": lambda moment: _zone(moment)[:3],
    "z": lambda moment: f"{int(_zone(moment)[:3]):+}",
    "K": _kind,
    **{"f" * digits: _fraction(digits, trimmed=False) for digits in range(1, 8)},
    **{"F" * digits: _fraction(digits, trimmed=True) for digits in range(1, 8)},
}

_MONTH_NAMES = "|".join([*_MONTHS, *(name[:3] for name in _MONTHS)])
_DAY_NAMES = "|".join([*_DAYS, *(name[:3] for name in _DAYS)])
_READERS: dict[str, tuple[str, str]] = {
    "yyyy": ("year", r"\d{4}"),
    "yy": ("short_year", r"\d{2}"),
    "y": ("short_year", r"\d{1,2}"),
    "MMMM": ("month_name", _MONTH_NAMES),
    "MMM": ("month_name", _MONTH_NAMES),
    "MM": ("month", r"\d{2}"),
    "M": ("month", r"\d{1,2}"),
    "dddd": ("day_name", _DAY_NAMES),
    "ddd": ("day_name", _DAY_NAMES),
    "dd": ("day", r"\d{2}"),
    "d": ("day", r"\d{1,2}"),
    "HH": ("hour", r"\d{2}"),
    "H": ("hour", r"\d{1,2}"),
    "hh": ("half_hour", r"\d{2}"),
    "h": ("half_hour", r"\d{1,2}"),
    "mm": ("minute", r"\d{2}"),
    "m": ("minute", r"\d{1,2}"),
    "ss": ("second", r"\d{2}"),
    "s": ("second", r"\d{1,2}"),
    "tt": ("half", "AM|PM"),
    "t": ("half", "A|P"),
    "zzz": ("zone", r"[+-]\d{2}:\d{2}"),
    "zz": ("zone", r"[+-]\d{2}"),
    "z": ("zone", r"[+-]\d{2}"),
    "K": ("zone", r"(?:Z|[+-]\d{2}:\d{2})?"),
    **{"f" * digits: ("fraction", rf"\d{{{digits}}}") for digits in range(1, 8)},
    **{"F" * digits: ("fraction", rf"\d{{0,{digits}}}") for digits in range(1, 8)},
}
