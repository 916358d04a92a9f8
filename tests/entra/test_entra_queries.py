"""Query strings as Entra and the gallery's workflow write them."""

from __future__ import annotations

from urllib.parse import parse_qsl, unquote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scimcheck.core.filter.ast import Comparison
from scimcheck.core.filter.parser import parse_filter
from scimcheck.entra import queries

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)


def test_matching_query_of_a_user() -> None:
    assert queries.matching_query("userName", "ada@example.com") == "filter=userName+eq+%22ada%40example.com%22"


def test_matching_query_of_a_group_leaves_members_out_first() -> None:
    query = queries.matching_query("displayName", "Field Ops", group=True)
    assert query == "excludedAttributes=members&filter=displayName+eq+%22Field+Ops%22"


def test_extension_attributes_have_their_colons_escaped() -> None:
    query = queries.matching_query("urn:x:2.0:User:badge", "7")
    assert query == "filter=urn%3ax%3a2.0%3aUser%3abadge+eq+%227%22"


def test_connection_probe_searches_the_matching_attribute() -> None:
    assert queries.connection_probe("externalId", "9f-1") == "filter=externalId+eq+%229f-1%22"


def test_reference_check_asks_for_the_id_alone() -> None:
    query = queries.reference_check("42", "manager", "7")
    assert query == "attributes=id&filter=id+eq+%2242%22+and+manager+eq+%227%22"


def test_page_query() -> None:
    assert queries.page_query(6, 5) == "startIndex=6&count=5"


def test_parameters_come_in_entras_order_whatever_order_they_are_given_in() -> None:
    given_order = {"count": "5", "filter": "a", "excludedAttributes": "members", "attributes": "id", "startIndex": "1"}
    query = queries.encode_query(given_order)
    assert query == "attributes=id&excludedAttributes=members&filter=a&startIndex=1&count=5"


def test_the_flag_stands_bare_and_first() -> None:
    assert queries.with_flag() == "aadOptscim062020"
    assert queries.with_flag("filter=a") == "aadOptscim062020&filter=a"
    assert queries.encode_query({"filter": "a", queries.OLD_FLAG: ""}) == "AzureAdScimPatch062020&filter=a"


@pytest.mark.parametrize(("text", "encoded"), [("!*()-_.", "!*()-_."), ("~'ü", "%7e%27%c3%bc"), ("a b+c", "a+b%2bc")])
def test_form_encoding_is_that_of_dotnet(text: str, encoded: str) -> None:
    assert queries.form_encode(text) == encoded


def test_gallery_query_leaves_the_value_as_it_is() -> None:
    query = queries.gallery_query("displayName", "LACreateGroup-(1a2b)")
    assert query == "filter=displayName%20eq%20%22LACreateGroup-(1a2b)%22"


def test_gallery_query_can_escape_the_value() -> None:
    assert (
        queries.gallery_query("displayName", "A (b)", encode_value=True)
        == "filter=displayName%20eq%20%22A%20%28b%29%22"
    )


def test_the_reference_library_does_not_escape_quotes_in_a_value() -> None:
    assert queries.equality("displayName", 'a"b', escaped=False) == 'displayName eq "a"b"'


@given(TEXT)
def test_form_encoding_decodes_to_the_text(text: str) -> None:
    """Law: what Entra encodes, a server's form decoding gives back."""
    encoded = queries.form_encode(text)
    assert encoded.isascii()
    assert unquote_plus(encoded) == text


@given(TEXT.filter(lambda text: not any(ord(character) < 32 for character in text)))
def test_a_matching_query_parses_to_the_comparison_it_means(value: str) -> None:
    """Law: decoded and parsed, the filter compares with exactly the value searched for."""
    [(name, text)] = parse_qsl(queries.matching_query("userName", value))
    parsed = parse_filter(text)
    assert name == "filter"
    assert isinstance(parsed, Comparison)
    assert (str(parsed.path), parsed.op, parsed.value) == ("userName", "eq", value)
