"""Redaction: no secret survives, and what is not secret stays as it was, byte for byte."""

from __future__ import annotations

import base64
import html
import json
from collections.abc import Callable
from typing import Any
from urllib.parse import quote, quote_plus

import pytest
from client_sessions import answer, session_on
from hypothesis import given
from hypothesis import strategies as st

from scimcheck.client.auth import BearerToken
from scimcheck.client.jsonmask import mask_json
from scimcheck.client.redact import MINIMUM_LENGTH, Redactor

#: Beginning with a character that no text of ours has, so that a hit is a leak and not a coincidence.
SECRETS = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), min_size=8, max_size=24).map(
    "§".__add__
)
HEADER_SECRETS = st.text("abcXYZ0189-._~+/", min_size=12, max_size=40).map("0Zq".__add__)


def escaped_throughout(text: str) -> str:
    """Every character as a JSON escape."""
    units = text.encode("utf-16-be")
    return "".join(f"\\u{units[i]:02x}{units[i + 1]:02x}" for i in range(0, len(units), 2))


SPELLINGS: dict[str, Callable[[str], str]] = {
    "plain": lambda s: s,
    "percent": lambda s: quote(s, safe=""),
    "percent, lower case": lambda s: quote(s, safe="").lower(),
    "form": quote_plus,
    "json": lambda s: json.dumps(s),
    "json, unicode": lambda s: json.dumps(s, ensure_ascii=False),
    "json, all escaped": lambda s: f'"{escaped_throughout(s)}"',
    "html": html.escape,
}


@pytest.mark.parametrize("spelling", SPELLINGS)
@given(SECRETS, st.text(max_size=20))
def test_a_known_secret_is_found_in_every_spelling(spelling: str, secret: str, around: str) -> None:
    """Servers echo what they were sent in the encoding of the place where they put it."""
    redactor = Redactor()
    redactor.add_secret(secret, "token")
    spelt = SPELLINGS[spelling](secret)
    if spelling.startswith("json"):
        body = f'{{"detail": [1.0, {spelt}]}}'
    else:
        body = f"<p>{spelt}</p>" if spelling == "html" else f"{spelt} {around}"
    cleaned = redactor.body(body.encode("utf-8", "replace")).decode()
    assert spelt not in cleaned
    assert "[redacted:token]" in cleaned
    if spelling.startswith("json"):
        assert json.loads(cleaned) == {"detail": [1.0, "[redacted:token]"]}


@given(st.binary(max_size=5), SECRETS, st.binary(max_size=5))
def test_a_secret_is_found_inside_base64(before: bytes, secret: str, after: bytes) -> None:
    """Basic credentials hold the password at any offset."""
    redactor = Redactor()
    redactor.add_secret(secret)
    encoded = base64.b64encode(before + secret.encode() + after)
    cleaned = redactor.body(encoded)
    assert b"[redacted:secret]" in cleaned
    rest = cleaned.replace(b"[redacted:secret]", b"")
    assert len(rest) <= len(before) * 4 // 3 + len(after) * 4 // 3 + 10


@given(HEADER_SECRETS, st.sampled_from(["body", "header", "location", "detail", "reason-free"]))
def test_no_token_survives_in_a_recorded_exchange(token: str, place: str) -> None:
    """Wherever a target echoes the token, the record does not hold it."""
    echoes: dict[str, Any] = {
        "body": answer(200, f"you said {token}"),
        "header": answer(200, {}, X_Echo=f"Bearer {token}"),
        "location": answer(302, {}, Location=f"https://scim.example/?access_token={quote(token)}"),
        "detail": answer(401, {"detail": f"bad token '{token}'", "b64": base64.b64encode(token.encode()).decode()}),
        "reason-free": answer(204),
    }
    with session_on(lambda request: echoes[place], credentials=BearerToken(token)) as session:
        exchange = session.post("/Users", {"note": token}, params={"q": token}, headers={"X-Note": f"<{token}>"})
    record = json.dumps(exchange.to_json(), ensure_ascii=False)
    for form in (token, quote(token, safe=""), base64.b64encode(token.encode()).decode()):
        assert form not in record


@given(st.binary(max_size=60))
def test_bodies_without_secrets_stay_byte_for_byte(body: bytes) -> None:
    """Bodies are evidence."""
    redactor = Redactor()
    redactor.add_secret("correct horse battery staple")
    assert redactor.body(body) == body


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.floats(allow_nan=False) | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("pathvlue.", max_size=6), inner, max_size=3),
)


@given(JSON_VALUES, st.sampled_from([None, 2]), st.booleans())
def test_json_without_secrets_stays_as_it_was(value: Any, indent: int | None, plain: bool) -> None:
    """Number spellings, white space and escapes are part of the evidence."""
    text = json.dumps(value, indent=indent, ensure_ascii=plain)
    assert mask_json(text, lambda string: string) == text


@given(JSON_VALUES)
def test_values_of_password_names_are_masked_however_deep(value: Any) -> None:
    """Only null, booleans and empty text, which say nothing, remain."""
    text = json.dumps({"a": [{"password": value}]})
    masked = json.loads(mask_json(text, lambda string: string))["a"][0]["password"]

    def leaves(item: Any) -> list[Any]:
        if isinstance(item, dict):
            return [leaf for inner in item.values() for leaf in leaves(inner)]
        return [leaf for inner in item for leaf in leaves(inner)] if isinstance(item, list) else [item]

    assert set(map(str, leaves(masked))) <= {"None", "True", "False", "", "[redacted]"}


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ('{"password" : "x\\"y", "n":1.50}', '{"password" : "[redacted]", "n":1.50}'),
        ('{"urn:ietf:params:scim:schemas:core:2.0:User:password":"x"}', None),
        ('{"client_secret":12345}', '{"client_secret":"[redacted]"}'),
        ('{"password":null,"Password":true,"a":"password"}', '{"password":null,"Password":true,"a":"password"}'),
        ('{"op":"replace","path":"password","value":"x"}', '{"op":"replace","path":"password","value":"[redacted]"}'),
        ('{"value":"x","path":"urn:a:User:password"}', '{"value":"[redacted]","path":"urn:a:User:password"}'),
        ('{"op":"add","path":"name.familyName","value":"x"}', '{"op":"add","path":"name.familyName","value":"x"}'),
        ('{"passw\\u006frd":"x"}', '{"passw\\u006frd":"[redacted]"}'),
        ('{"password":"x","password":"y"}', '{"password":"[redacted]","password":"[redacted]"}'),
        ('{"password":"x', None),
        ('[{"name":"password","type":"string"}]', '[{"name":"password","type":"string"}]'),
    ],
)
def test_passwords_are_masked_by_name(body: str, expected: str | None) -> None:
    """In resources, in PATCH operations, with duplicates, with escapes; definitions of them stay readable."""
    cleaned = Redactor().body(body.encode()).decode()
    if expected is not None:
        assert cleaned == expected
    else:
        assert '"x"' not in cleaned


def test_deeply_nested_json_is_no_trouble() -> None:
    """A hostile body must not exhaust the stack."""
    body = b'{"password":' + b"[" * 100_000 + b'"x"'
    assert b'"x"' not in Redactor().body(body)


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("authorization", "Bearer abc", "Bearer [redacted]"),
        ("Authorization", "Bearer abc def", "Bearer [redacted] [redacted]"),
        ("authorization", "Bearer", "Bearer"),
        ("authorization", "abc", "[redacted]"),
        ("proxy-authorization", "Basic abc=", "Basic [redacted]"),
        ("set-cookie", "sid=1; Path=/", "sid=[redacted]; Path=/"),
        ("cookie", "sid=1", "[redacted]"),
        ("x-api-key", "k", "[redacted]"),
        ("X-Tenant-Token", "k", "[redacted]"),
        ("x-custom", "k", "[redacted]"),
        ("www-authenticate", 'Bearer realm="r"', 'Bearer realm="r"'),
        ("location", "https://u:p@h/x?access_token=q&a=b", "https://[redacted]@h/x?access_token=[redacted]&a=b"),
        ("etag", 'W/"1"', 'W/"1"'),
    ],
)
def test_headers(name: str, value: str, expected: str) -> None:
    """Credentials keep their shape, so that malformed ones still show; challenges are evidence."""
    redactor = Redactor()
    redactor.add_header("X-Custom")
    assert redactor.headers([(name, value)]) == ((name, expected),)


def test_secret_path_segments_are_hidden_and_can_be_followed() -> None:
    """A key in the tenant URL comes back in every meta.location, in whatever letter case."""
    redactor = Redactor()
    redactor.add_path_secret("6f1c0d5e-aaaa-bbbb-cccc-1234567890ab")
    location = "https://h.example/scim/6f1c0d5e-aaaa-bbbb-cccc-1234567890ab/Users/1"
    hidden = redactor.url(location)
    assert hidden == "https://h.example/scim/[redacted:path-1]/Users/1"
    assert redactor.url(location.replace("6f1c", "6F1C")) == hidden
    assert redactor.restore(hidden) == location
    assert redactor.restore(quote(hidden, safe="/:")) == location


def test_very_short_values_are_not_searched_for() -> None:
    """Replacing every "abc" would leave no evidence."""
    redactor = Redactor()
    redactor.add_secret("a" * (MINIMUM_LENGTH - 1))
    assert redactor.text("aaa") == "aaa"
    redactor.add_secret("a" * MINIMUM_LENGTH)
    assert redactor.text("xaaaax") == "x[redacted:secret]x"


def test_the_longer_of_two_secrets_wins() -> None:
    """No tail of a secret is left when another secret is its beginning."""
    redactor = Redactor()
    redactor.add_secret("abcd", "short")
    redactor.add_secret("abcdefgh", "long")
    assert redactor.text("abcdefgh abcd") == "[redacted:long] [redacted:short]"


@pytest.mark.parametrize("body", [b'{"a":"x\\/y","b":"\\u00e9\\ud83d\\ude00\\ud800"}', b'{"a":"\\\\', b'{"a":"\\u12'])
def test_escapes_that_hide_nothing_stay(body: bytes) -> None:
    """Many servers escape every slash; some bodies end in the middle."""
    redactor = Redactor()
    redactor.add_secret("correct horse battery staple")
    assert redactor.body(body) == body


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ("Bearer own-token", "Bearer [redacted]"),
        ("bearer made-up", "bearer [redacted:other-token]"),
        ("Bearer own-tokenx", "Bearer [redacted:other-token]"),
        ("Bearer neighbours", "Bearer [redacted:second-token]"),
        ("Bearer a b", "Bearer [redacted] [redacted]"),
        ("Basic made-up", "Basic [redacted]"),
    ],
)
def test_tokens_that_are_not_the_runs_own_are_told(value: str, told: str) -> None:
    """Whose token a request carried is evidence, the token itself never is."""
    redactor = Redactor()
    redactor.add_secret("own-token", "token")
    redactor.add_secret("neighbours", "second-token")
    assert redactor.headers([("authorization", value)]) == (("authorization", told),)
