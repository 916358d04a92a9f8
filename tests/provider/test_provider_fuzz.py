"""Whatever bytes arrive, the provider answers with a well-formed response, never with 500, and stays consistent."""

from __future__ import annotations

import json
from collections.abc import Sequence

from fuzz_values import (
    CONVERSATIONS,
    DEFINITIONS,
    MESSAGES,
    QUERIES,
    REQUESTS,
    SETTINGS,
    TOKENS,
    Asked,
    Talk,
    cases,
    check_whole,
    count,
    over_asgi,
)
from hypothesis import given
from hypothesis import strategies as st
from provider_client import check_response

from scimcheck.provider import Settings, build_provider, profiles, variants

PLAIN = Settings(tokens=TOKENS, definition_files=(str(DEFINITIONS),))


@cases("requests")
@given(REQUESTS)
def test_any_request_gets_a_well_formed_answer(asked: Asked) -> None:
    """Methods, paths, queries, header fields and bodies of any kind; every answer keeps the schemas."""
    count("requests")
    talk = Talk(build_provider(settings=PLAIN))
    check_response(talk.provider, talk.say(*asked))


@cases("talks")
@given(CONVERSATIONS)
def test_any_conversation_leaves_resources_that_can_be_read(conversation: Sequence[Asked]) -> None:
    """Several requests to one provider: afterwards what is listed is whole, and is what is read one by one."""
    count("talks")
    talk = Talk(build_provider(settings=PLAIN))
    for asked in conversation:
        check_response(talk.provider, talk.say(*asked))
    check_whole(talk)


@cases("variants")
@given(st.sampled_from(sorted([*variants(), *profiles()])), CONVERSATIONS)
def test_no_variant_and_no_profile_answers_500(name: str, conversation: Sequence[Asked]) -> None:
    count("variants")
    talk = Talk(build_provider(name, settings=PLAIN))
    for asked in conversation:
        talk.say(*asked)


@cases("settings")
@given(SETTINGS, CONVERSATIONS)
def test_no_combination_of_settings_answers_500(chosen: Settings, conversation: Sequence[Asked]) -> None:
    count("settings")
    talk = Talk(build_provider(settings=chosen))
    for asked in conversation:
        talk.say(*asked)


@cases("wire")
@given(
    st.sampled_from(["GET", "POST", "PUT", "PATCH", "DELETE", "BREW"]),
    st.binary(max_size=12),
    st.one_of(st.binary(max_size=20), QUERIES.map(lambda text: text.encode("utf-8", "replace"))),
    st.lists(st.tuples(st.sampled_from([b"accept", b"if-match", b"content-type"]), st.binary(max_size=8)), max_size=3),
    st.one_of(st.binary(max_size=30), MESSAGES.map(lambda value: json.dumps(value).encode())),
)
def test_any_bytes_on_the_wire_get_an_answer(
    method: str, path: bytes, query: bytes, fields: list[tuple[bytes, bytes]], body: bytes
) -> None:
    """The way through ASGI decodes paths, queries and header fields that no handler would ever be given."""
    count("wire")
    talk = Talk(build_provider(settings=PLAIN))
    status = over_asgi(talk.provider, method, b"/scim/Users/" + path, query, fields, body)
    assert status in set(range(200, 502)) - {500}
