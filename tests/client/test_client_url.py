"""Base URLs: what is accepted, how request URLs are built on them, and what never leaves for elsewhere."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scimcheck.client.errors import ForeignOrigin
from scimcheck.client.url import BaseUrl, encode_params
from scimcheck.core.errors import UsageError

SEGMENTS = st.text("abcXYZ019-._~%!$'()*+,;=:@", min_size=1, max_size=12)
PATHS = st.lists(SEGMENTS, max_size=4).map(lambda parts: "".join(f"/{part}" for part in parts))
BASES = st.tuples(
    st.sampled_from(["https://h.example", "http://h.example:8080", "https://[::1]:44"]), PATHS, st.booleans()
).map(lambda t: f"{t[0]}{t[1].rstrip('/')}{'/' if t[2] else ''}")


@pytest.mark.parametrize("slash", ["", "/", "//"])
def test_a_trailing_slash_makes_no_difference(slash: str) -> None:
    """Users paste both forms."""
    base = BaseUrl.parse(f"https://h.example/scim/v2{slash}")
    assert base.url == "https://h.example/scim/v2"
    assert base.join("/Users") == base.join("Users") == "https://h.example/scim/v2/Users"


def test_the_base_itself_can_be_asked() -> None:
    """RFC 7644 §3.4.2.1 queries the server root."""
    base = BaseUrl.parse("https://h.example/scim")
    assert base.join("") == "https://h.example/scim"
    assert base.join("/", "filter=x") == "https://h.example/scim/?filter=x"


def test_the_riding_query_leads_every_query() -> None:
    """Entra keeps the flag of the tenant URL on each request."""
    base = BaseUrl.parse("https://h.example/scim/?aadOptscim062020")
    assert base.flag
    assert base.join("/Users", {"count": 1}) == "https://h.example/scim/Users?aadOptscim062020&count=1"
    assert base.join("/Users?a=b", "c=d") == "https://h.example/scim/Users?aadOptscim062020&a=b&c=d"
    assert str(base) == "https://h.example/scim?aadOptscim062020"


@pytest.mark.parametrize(
    ("query", "flag"), [("", False), ("aadoptscim062020", True), ("x=1&aadOptscim062020=", True), ("y=aadOpt", False)]
)
def test_the_flag_is_a_parameter_of_that_name(query: str, flag: bool) -> None:
    """In any letter case and with or without a value; nothing that merely resembles it."""
    assert BaseUrl.parse(f"https://h.example/?{query}").flag is flag


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "character 1"),
        ("scim.example/v2", "https://"),
        ("ftp://h.example", "character 1"),
        ("https://", "host is missing at character 9"),
        ("https:///scim", "host is missing at character 9"),
        ("https://[]/scim", "host is missing"),
        ("https://user:pw@h.example/", "--scim-auth basic"),
        ("https://h.example/scim#top", "fragment (#) cannot be sent, at character 23"),
        (" https://h.example", "character 1"),
        ("https://h.example/a b", "character 20"),
        ("https://h.example/\n", "character 19"),
        ("https://h.example:port/", "character 19"),
        ("https://h.example:0/", "1 to 65535"),
        ("https://h.example:65536/", "1 to 65535"),
        ("https://[::1/", "malformed"),
        ("https://300.1.1.1/", "malformed"),
    ],
)
def test_a_bad_base_url_is_named_with_its_place_and_not_repeated(text: str, says: str) -> None:
    """It may hold a secret, so only the position is told."""
    with pytest.raises(UsageError) as caught:
        BaseUrl.parse(text)
    message = str(caught.value)
    assert says in message
    assert "\n" not in message
    assert "pw" not in message


def test_hosts_are_normalised() -> None:
    """Letter case, default ports and IDNA must not make an origin foreign."""
    assert BaseUrl.parse("HTTPS://H.Example:443/S").url == "https://h.example/S"
    assert BaseUrl.parse("https://bücher.example").origin == "https://xn--bcher-kva.example"
    assert BaseUrl.parse("http://[::1]:8080/x").origin == "http://[::1]:8080"


def test_mappings_are_encoded_and_raw_text_is_left_alone() -> None:
    """A plus sign and a blank must not be mistaken for each other, and suites must be able to write either."""
    assert encode_params({"filter": 'a eq "x+y"', "b": True}) == "filter=a%20eq%20%22x%2By%22&b=true"
    assert encode_params({"a": ["1", "2"]}) == "a=1&a=2"
    base = BaseUrl.parse("https://h.example")
    assert base.join("/Users", "filter=a+eq+%22x%2by%22") == "https://h.example/Users?filter=a+eq+%22x%2by%22"


def test_what_cannot_stand_in_a_url_is_encoded_unless_exact() -> None:
    """Ids of other people's making go into paths."""
    base = BaseUrl.parse("https://h.example")
    assert base.join("/Users/a b#ü") == "https://h.example/Users/a%20b%23%C3%BC"
    assert base.join('/Users/"%zz', "q=<", exact=True) == 'https://h.example/Users/"%zz?q=<'


def test_absolute_urls_of_the_same_origin_are_followed() -> None:
    """meta.location may lie below the base or beside it; the riding query rides once."""
    base = BaseUrl.parse("https://h.example/scim?flag")
    assert base.resolve("https://H.example:443/scim/Users/1#x") == "https://h.example/scim/Users/1?flag"
    assert base.resolve("https://h.example/v1/Users/1?flag&a=1") == "https://h.example/v1/Users/1?flag&a=1"


@pytest.mark.parametrize(
    "url",
    ["http://h.example/scim/Users", "https://evil.example/scim", "https://h.example:8443/", "https://h.example.evil/"],
)
def test_another_origin_is_refused(url: str) -> None:
    """A token must not be lured away by a Location or a $ref."""
    base = BaseUrl.parse("https://h.example/scim")
    with pytest.raises(ForeignOrigin):
        base.resolve(url)
    assert base.relative(url) is None


def test_credentials_in_a_url_make_it_foreign() -> None:
    """https://h.example@evil.example is evil's."""
    with pytest.raises(UsageError):
        BaseUrl.parse("https://h.example").resolve("https://h.example@evil.example/")


@given(BASES, PATHS)
def test_relative_undoes_join(text: str, path: str) -> None:
    """What lies below the base has the path it was asked by, riding query or not."""
    for base in (BaseUrl.parse(text), BaseUrl.parse(f"{text}?ride=1")):
        assert base.relative(base.join(path, {"a": "b"})) == path
        assert base.resolve(base.join(path)) == base.join(path)


@given(BASES, SEGMENTS)
def test_a_longer_segment_is_not_below_the_base(text: str, more: str) -> None:
    """/scim2 is beside /scim, not below it."""
    base = BaseUrl.parse(text)
    if base.path:
        assert base.relative(f"{base.url}{more}/Users") is None


@given(st.dictionaries(st.text(min_size=1), st.text(), max_size=3))
def test_encoded_parameters_read_back(params: dict[str, str]) -> None:
    """Whatever the characters, the server decodes what was meant."""
    from urllib.parse import parse_qsl

    encodable = {k: v for k, v in params.items() if (k + v).isprintable() or (k + v).isascii()}
    assert dict(parse_qsl(encode_params(encodable), keep_blank_values=True)) == encodable


@given(st.text(max_size=40))
def test_parsing_never_crashes(text: str) -> None:
    """Any text is a base URL or a usage error."""
    try:
        base = BaseUrl.parse(f"https://{text}")
    except UsageError:
        return
    assert BaseUrl.parse(str(base)) == base
