"""Dates in .NET's formats."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scimcheck.entra.expression.dotnet_dates import read_date, write_date

MOMENT = datetime(2024, 3, 9, 15, 4, 5, 678900)
UTC = MOMENT.replace(tzinfo=timezone.utc)


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        ("yyyy-MM-dd HH:mm:ss.fffffff", "2024-03-09 15:04:05.6789000"),
        ("d.M.yy h:m:s t", "9.3.24 3:4:5 P"),
        ("dddd, dd MMMM", "Saturday, 09 March"),
        ("ddd MMM tt", "Sat Mar PM"),
        ("HH'h' \"m\" \\y", "15h m y"),
        ("%d", "9"),
        ("%y", "24"),
        ("s.FFFFFF", "5.6789"),
        ("o", "2024-03-09T15:04:05.6789000"),
        ("R", "Sat, 09 Mar 2024 15:04:05 GMT"),
        ("u", "2024-03-09 15:04:05Z"),
        ("zzz zz z", "+00:00 +00 +0"),
    ],
)
def test_writing(pattern: str, text: str) -> None:
    assert write_date(MOMENT, pattern) == text


def test_an_instant_has_a_zone() -> None:
    assert write_date(UTC, "yyyyK") == "2024Z"


@pytest.mark.parametrize(
    ("text", "pattern", "moment"),
    [
        ("20150123105347.1Z", "yyyyMMddHHmmss.fZ", datetime(2015, 1, 23, 10, 53, 47, 100000)),
        ("9 september 2024", "d MMMM yyyy", datetime(2024, 9, 9)),
        ("12:30 AM", "hh:mm tt", datetime(1, 1, 1, 0, 30)),
        ("12:30 PM", "hh:mm tt", datetime(1, 1, 1, 12, 30)),
        ("31.12.49", "dd.MM.yy", datetime(2049, 12, 31)),
        ("31.12.50", "dd.MM.yy", datetime(1950, 12, 31)),
        ("2024-03-09T01:00:00+02:00", "yyyy-MM-ddTHH:mm:ssK", datetime(2024, 3, 8, 23, tzinfo=timezone.utc)),
        ("2024-03-09T01:00:00-0130", "yyyy-MM-ddTHH:mm:sszz30", None),
        ("Saturday 2024", "dddd yyyy", datetime(2024, 1, 1)),
    ],
)
def test_reading(text: str, pattern: str, moment: datetime | None) -> None:
    if moment is not None:
        assert read_date(text, pattern) == moment
    else:
        assert read_date(text, pattern).tzinfo is not None


@pytest.mark.parametrize(("text", "pattern"), [("2024-3-9", "yyyy-MM-dd"), ("2024-02-30", "yyyy-MM-dd"), ("x", "q")])
def test_what_does_not_follow_the_format_is_refused(text: str, pattern: str) -> None:
    with pytest.raises(ValueError, match=r"format|no date"):
        read_date(text, pattern)


@given(st.datetimes(min_value=datetime(1, 1, 1), max_value=datetime(9999, 12, 31)))
def test_round_trip_format_round_trips(moment: datetime) -> None:
    """Law: what the round-trip format writes it reads back, to the microsecond."""
    assert read_date(write_date(moment, "o"), "o") == moment


@given(
    st.datetimes(min_value=datetime(1950, 1, 1), max_value=datetime(2049, 12, 31)),
    st.sampled_from(["d MMM yy H:m:s", "dddd, dd MMMM yyyy hh:mm:ss tt", "yyyyMMddHHmmss", "M/d/yyyy h:mm:ss tt"]),
)
def test_formats_with_date_and_time_round_trip(moment: datetime, pattern: str) -> None:
    moment = moment.replace(microsecond=0)
    assert read_date(write_date(moment, pattern), pattern) == moment
    assert read_date(write_date(moment, pattern), pattern) - moment == timedelta()
