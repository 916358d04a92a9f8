"""Searches for user names that are hard to encode, to escape or to compare, and for names that are no names at all."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

import pytest

from scimcheck.harness import check
from scimcheck.harness.entra_search import expect_alone, hits, made, match, told, twin, users
from scimcheck.harness.judge import Judge
from scimcheck.harness.target import Target, error_text

ODD, FOUND = "ENTRA-2.5-04", "ENTRA-4.3-01"


@dataclass(frozen=True, slots=True)
class Probe:
    """A userName with a twin that a careless comparison takes for it; ``{}`` stands for something unique."""

    word: str
    requirement: str
    name: str
    twin: str


PROBES = (
    Probe("apostrophe", ODD, "{}.o'neil@example.com", "{}.oneil@example.com"),
    Probe("plus-sign", ODD, "{}+test@example.com", "{}-test@example.com"),
    Probe("umlaut", ODD, "{}.müller@example.com", "{}.muller@example.com"),
    Probe("non-latin", ODD, "{}.мария山田@example.com", "{}.марта山田@example.com"),
    Probe("emoji", ODD, "{}.🦊@example.com", "{}.🐼@example.com"),
    Probe("quotation-mark", ODD, '{}."kim"@example.com', "{}.kim@example.com"),
    Probe("backslash", ODD, "{}.dom\\nadia@example.com", "{}.domnadia@example.com"),
    Probe("percent-sign", FOUND, "{}.50%41@example.com", "{}.50A@example.com"),
    Probe("number-sign", FOUND, "{}.room#12@example.com", "{}.room"),
    Probe("ampersand", FOUND, "{}.r&d=1@example.com", "{}.r"),
    Probe(
        "over-a-hundred-characters",
        FOUND,
        f"{{}}.{'n' * 64}@{'long.' * 4}example.com",
        f"{{}}.{'n' * 64}@{'long.' * 4}example.org",
    ),
    Probe("blank", FOUND, "{} ann marie@example.com", "{}annmarie@example.com"),
)


def _word(probe: Probe) -> str:
    return probe.word


def _judge_name(scim: Target, judge: Judge, requirement: str, name: str, other: str, subject: str) -> None:
    """Create a user of that name and one of the other, and expect a search to find the first alone."""
    model = users(scim, judge)
    user = made(scim, judge, model, scim.payload(model, userName=name), f"the userName {name}")
    others = twin(scim, model, scim.payload(model, userName=other))
    expect_alone(scim, judge, requirement, user, "userName", name, twins=others, subject=subject)


def _judge_probe(scim: Target, judge: Judge, probe: Probe) -> None:
    tag = scim.unique("probe")
    name, other = (text.replace("{}", tag) for text in (probe.name, probe.twin))
    _judge_name(scim, judge, probe.requirement, name, other, probe.word)


@pytest.mark.parametrize("probe", [probe for probe in PROBES if probe.requirement == ODD], ids=_word)
@check(ODD, needs=("User", "filter"))
def test_an_odd_user_name_is_found(scim: Target, judge: Judge, probe: Probe) -> None:
    """A user whose name has marks or letters beyond ASCII is found by it, and the user named almost so is not."""
    _judge_probe(scim, judge, probe)


@pytest.mark.parametrize("probe", [probe for probe in PROBES if probe.requirement == FOUND], ids=_word)
@check(FOUND, needs=("User", "filter"))
def test_a_user_name_that_urls_encode_is_found(scim: Target, judge: Judge, probe: Probe) -> None:
    """A user whose name has characters with a meaning in URLs is found by it, and a shortened name is not."""
    _judge_probe(scim, judge, probe)


@check(FOUND, needs=("User", "filter"))
def test_a_long_number_is_a_user_name(scim: Target, judge: Judge) -> None:
    """A userName of twenty digits is compared as text: the next number is another user."""
    number = int(str(uuid.uuid4().int)[-19:]) + 10**19
    _judge_name(scim, judge, FOUND, str(number), str(number + 1), "20 digits")


#: Values that a careless service takes for instructions; ``{}`` is the beginning of an existing userName.
INJECTIONS = (
    "' OR '1'='1",
    "x'; DROP TABLE users; --",
    '" or "1"="1',
    'x" or userName pr or userName eq "x',
    "*)(userName=*",
    '{"$ne": null}',
    "{}%",
    "{}*",
    ".*",
    "\\",
    "${7*7}",
)


@check("ENTRA-4.3-07", "ENTRA-4.7-01", needs=("User", "filter"))
def test_a_value_is_nothing_but_a_value(scim: Target, judge: Judge) -> None:
    """A search for what looks like a query, a pattern or code finds nobody and breaks nothing."""
    model = users(scim, judge)
    present = scim.shared(model, 2)
    beginning = present[0].name.partition("@")[0]
    for pattern in INJECTIONS:
        value = pattern.replace("{}", beginning)
        found = match(scim, model, "userName", value)
        at = (*(user.exchange for user in present), found)
        judge.expect(
            "ENTRA-4.3-07",
            not hits(found) and found.body.get("totalResults", 0) in (0, "0"),
            expected=f"nobody, for nobody has the userName {value}",
            observed=told(found),
            at=at,
            subject=value,
        )
        judge.expect(
            "ENTRA-4.7-01",
            found.status < 500,
            expected="200 with nobody, or a refusal with 4xx",
            observed=f"{found.summary()} {error_text(found)}",
            at=at,
            subject=value,
        )


@check("ENTRA-4.7-01", needs=("User", "filter"))
def test_an_unescaped_value_breaks_nothing(scim: Target, judge: Judge) -> None:
    """A quotation mark or backslash that is not escaped, as Microsoft's library sends it, is no reason for a 5xx."""
    model = users(scim, judge)
    for value in ('say"hi', "domain\\", '"', "a\\nb"):
        found = match(scim, model, "userName", scim.unique(value), escaped=False)
        judge.expect(
            "ENTRA-4.7-01",
            found.status < 500,
            expected="200 with nobody, or a refusal with 4xx",
            observed=f"{found.summary()} {error_text(found)}",
            at=found,
            subject=value,
        )
