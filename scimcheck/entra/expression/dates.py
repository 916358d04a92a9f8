"""Functions on dates. Texts without a time zone are taken as UTC; results are texts in UTC.

DateDiff counts boundaries as VBA does: calendar days, Sundays for weeks, calendar months and years.
"""

from __future__ import annotations

import calendar
import re
from datetime import datetime, timedelta, timezone

from scimcheck.entra.expression.dotnet_dates import offset, read_date, write_date
from scimcheck.entra.expression.evaluate import Arguments
from scimcheck.entra.expression.registry import implements
from scimcheck.entra.expression.values import Value

_PATTERN = "M/d/yyyy h:mm:ss tt"
_CLOCK = r"(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:\.(?P<fraction>\d{1,7}))?)?"
_ZONE = r"(?P<zone>Z|UTC|[+-]\d{2}:?\d{2})?"
_ISO = re.compile(rf"(?P<year>\d{{4}})-(?P<month>\d{{1,2}})-(?P<day>\d{{1,2}})(?:[T ]{_CLOCK})? ?{_ZONE}")
_AMERICAN = re.compile(
    rf"(?P<month>\d{{1,2}})/(?P<day>\d{{1,2}})/(?P<year>\d{{4}})(?: {_CLOCK}(?: ?(?P<half>AM|PM))?)?(?P<zone>Z)?",
    re.IGNORECASE,
)
# Windows counts steps of 100 nanoseconds from here.
_FILE_TIME_START = datetime(1601, 1, 1, tzinfo=timezone.utc)
_STYLES = {
    "none", "roundtripkind", "allowleadingwhite", "allowtrailingwhite", "allowinnerwhite", "allowwhitespaces",
    "adjusttouniversal", "assumeuniversal", "assumelocal", "nocurrentdatedefault",
}  # fmt: skip
_SPANS = {"d": timedelta(days=1), "ww": timedelta(weeks=1), "h": timedelta(hours=1)}
_SPANS |= {"n": timedelta(minutes=1), "s": timedelta(seconds=1)}
_INTERVALS = ("yyyy", "m", *_SPANS)


@implements("CDate")
def _c_date(a: Arguments) -> Value:
    return None if a.text(0) is None else _shown(_date(a, 0))


@implements("DateAdd")
def _date_add(a: Arguments) -> Value:
    interval, count = _interval(a), a.number(1)
    if a.text(2) is None:
        return None
    moment = _date(a, 2)
    try:
        if interval in _SPANS:
            return _shown(moment + count * _SPANS[interval])
        return _shown(_months_later(moment, count * (12 if interval == "yyyy" else 1)))
    except (OverflowError, ValueError):
        a.fail("the result lies outside the calendar")


@implements("DateDiff")
def _date_diff(a: Arguments) -> Value:
    interval = _interval(a)
    if a.text(1) is None or a.text(2) is None:
        return None
    return _boundaries(_date(a, 2), interval) - _boundaries(_date(a, 1), interval)


@implements("DateFromNum")
def _date_from_num(a: Arguments) -> Value:
    try:
        return _shown(_FILE_TIME_START + timedelta(microseconds=a.number(0) // 10))
    except OverflowError:
        a.fail("the result lies outside the calendar")


@implements("NumFromDate")
def _num_from_date(a: Arguments) -> Value:
    if a.text(0) is None:
        return None
    return (_date(a, 0) - _FILE_TIME_START) // timedelta(microseconds=1) * 10


@implements("Now")
def _now(a: Arguments) -> Value:
    return _shown(a.context.now().astimezone(timezone.utc))


@implements("FormatDateTime")
def _format_date_time(a: Arguments) -> Value:
    # Graph's list of functions knows a form without the styles.
    styles = "" if len(a) == 3 else a.text(1) or ""
    source, read, write = a.text(0), a.text(len(a) - 2), a.text(len(a) - 1)
    if source is None:
        return None
    unknown = {style.strip().lower() for style in styles.split(",") if style.strip()} - _STYLES
    if unknown:
        a.fail(f"there is no style {sorted(unknown)[0]}", 1)
    if not read or not write:
        a.fail("needs a format to read and one to write")
    try:
        return write_date(read_date(source.strip(), read), write)
    except ValueError as error:
        a.fail(str(error), 0)


def _date(a: Arguments, index: int) -> datetime:
    """The argument as an instant in UTC."""
    text = (a.text(index) or "").strip()
    found = _ISO.fullmatch(text) or _AMERICAN.fullmatch(text)
    if found is None:
        a.fail(f"{text!r} is no date", index)
    try:
        return _moment(found.groupdict())
    except (ValueError, OverflowError):
        a.fail(f"{text!r} is no date", index)


def _moment(parts: dict[str, str | None]) -> datetime:
    """The instant in UTC; ValueError or OverflowError for one that no calendar has."""
    year, month, day, hour, minute, second = (
        int(parts[name] or "0") for name in ("year", "month", "day", "hour", "minute", "second")
    )
    half = (parts.get("half") or "").upper()
    if half:
        hour = hour % 12 + (12 if half == "PM" else 0)
    microsecond = int(((parts["fraction"] or "") + "000000")[:6])
    moment = datetime(year, month, day, hour, minute, second, microsecond, tzinfo=timezone.utc)
    return moment - offset(parts["zone"] or "Z")


def _interval(a: Arguments) -> str:
    interval = a.text(0) or ""
    if interval not in _INTERVALS:
        a.fail(f"expected one of {', '.join(_INTERVALS)}, found {interval!r}", 0)
    return interval


def _months_later(moment: datetime, months: int) -> datetime:
    """As many months later, on the last day of a month that is too short."""
    count = moment.year * 12 + moment.month - 1 + months
    year, month = count // 12, count % 12 + 1
    return moment.replace(year=year, month=month, day=min(moment.day, calendar.monthrange(year, month)[1]))


def _boundaries(moment: datetime, interval: str) -> int:
    """How many boundaries of the interval lie before the moment, counted from an arbitrary start."""
    if interval == "yyyy":
        return moment.year
    if interval == "m":
        return moment.year * 12 + moment.month
    if interval == "ww":
        # 1 January of year 1 was a Monday, so day 7 is the first Sunday.
        return moment.toordinal() // 7
    return (moment - _FILE_TIME_START) // _SPANS[interval]


def _shown(moment: datetime) -> str:
    return write_date(moment, _PATTERN)
