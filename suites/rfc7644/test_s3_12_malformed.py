"""RFC 7644 §3.12: bodies that are no SCIM message, at every endpoint that takes one.

What a well-formed body may hold is judged by the sections on the operations, the form of errors by exchange rules.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass

from scimcheck.client.exchange import Exchange
from scimcheck.core import urns
from scimcheck.harness import check
from scimcheck.harness.attempts import attempt
from scimcheck.harness.documents import same_document
from scimcheck.harness.judge import Judge
from scimcheck.harness.target import Resource, Target

#: Bodies that are no JSON object, with a word on each.
STRUCTURES: tuple[tuple[str, bytes], ...] = (
    ("a text that is not JSON", b"userName=ada&active=true"),
    ("an array", b"[]"),
    ("a string", b'"userName"'),
    ("null", b"null"),
    ("no body", b""),
)
#: What only a parser sees; the first is not UTF-8, the second is too deep for a careless one.
UNREADABLE: tuple[tuple[str, bytes], ...] = (
    ("a body that is not UTF-8", b'{"displayName":"\xff\xfe\xff"}'),
    ("twenty thousand nested arrays", b'{"schemas":' + b"[" * 20_000 + b"]" * 20_000 + b"}"),
    ("200 kB of garbage", b"{" + b"x" * 200_000),
    ("control characters", b'{"displayName":"\x00\x01"}'),
)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a body can be sent: the method, the path and a message that would be right there."""

    method: str
    path: str
    schema: str


def _places(scim: Target, resource: Resource) -> Iterator[Place]:
    """The endpoints of the target that take a body, of those that work."""
    model = resource.model
    yield Place("POST", model.endpoint, model.core.id)
    if scim.capabilities.works("put", model):
        yield Place("PUT", resource.path, model.core.id)
    if scim.capabilities.works("patch", model):
        yield Place("PATCH", resource.path, urns.PATCH_OP)
    if scim.capabilities.works("search", model):
        yield Place("POST", f"{model.endpoint}/.search", urns.SEARCH_REQUEST)
    if scim.capabilities.works("bulk"):
        yield Place("POST", "/Bulk", urns.BULK_REQUEST)


def _cut_off(schema: str) -> bytes:
    return json.dumps({"schemas": [schema], "displayName": "cut"})[:-3].encode()


@check("RFC7644-3.12-08", "RFC7644-3.12-21", needs=("create", "read"))
def test_truncated_json_is_refused(scim: Target, judge: Judge) -> None:
    """JSON that ends too early is refused with 400 invalidSyntax at every endpoint, and changes nothing."""
    resource = scim.some(scim.primary)
    before = scim.current(resource)
    sent = [_send(scim, place, _cut_off(place.schema)) for place in _places(scim, resource)]
    _expect_refused(judge, "JSON that ends too early", [exchange for exchange in sent if exchange])
    _expect_unchanged(judge, before, scim.read(resource), [exchange for exchange in sent if exchange])


@check("RFC7644-3.12-08", "RFC7644-3.12-21", needs=("create", "read"))
def test_what_is_no_object_is_refused(scim: Target, judge: Judge) -> None:
    """A body that is no JSON object is refused with 400 invalidSyntax at every endpoint, and changes nothing."""
    resource = scim.some(scim.primary)
    before = scim.current(resource)
    everything: list[Exchange] = []
    for place in _places(scim, resource):
        for words, body in STRUCTURES:
            exchange = _send(scim, place, body)
            if exchange is not None:
                _expect_refused(judge, words, [exchange])
                everything.append(exchange)
    _expect_unchanged(judge, before, scim.read(resource), everything)


@check("RFC7644-3.12-08", needs=("create", "read"))
def test_unreadable_bodies_are_refused(scim: Target, judge: Judge) -> None:
    """A body that cannot be decoded, or is absurd, is refused by a 4xx status, and changes nothing."""
    resource = scim.some(scim.primary)
    before = scim.current(resource)
    everything: list[Exchange] = []
    for place in _places(scim, resource):
        for words, body in UNREADABLE if place.path in (resource.path, resource.model.endpoint) else ():
            exchange = _send(scim, place, body)
            if exchange is None:
                continue
            everything.append(exchange)
            judge.expect(
                "RFC7644-3.12-08",
                exchange.status in (400, 413),
                expected=f"400 for {words}",
                observed=exchange.summary(),
                at=exchange,
            )
    judge.expect(
        "RFC7644-3.12-08",
        same_document(before.json, scim.read(resource).json),
        expected="the resource as it was",
        observed="a body that cannot be read changed it",
        at=(before, *everything),
    )


def _send(scim: Target, place: Place, body: bytes) -> Exchange | None:
    return attempt(scim, place.method, place.path, content=body, headers={"Content-Type": urns.MEDIA_TYPE})


def _expect_refused(judge: Judge, words: str, sent: list[Exchange]) -> None:
    """400 for each; scimType should be invalidSyntax, and another or none is worth a warning."""
    for exchange in sent:
        judge.status("RFC7644-3.12-08", exchange, 400)
        judge.expect(
            "RFC7644-3.12-21",
            exchange.status == 400,
            expected=f"400 invalidSyntax for {words}",
            observed=exchange.summary(),
            at=exchange,
        )
        if exchange.status == 400 and exchange.scim_type != "invalidSyntax":
            judge.advise(
                "RFC7644-3.12-21",
                expected=f"scimType invalidSyntax for {words}",
                observed=f"scimType {exchange.body.get('scimType')!r} on {exchange.summary()}",
                at=exchange,
            )


def _expect_unchanged(judge: Judge, before: Exchange, after: Exchange, sent: list[Exchange]) -> None:
    judge.expect(
        "RFC7644-3.12-21",
        same_document(before.json, after.json),
        expected="the resource as it was",
        observed="a body that is no message changed it",
        at=(before, *sent, after),
    )
