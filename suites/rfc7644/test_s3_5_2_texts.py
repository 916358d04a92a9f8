"""RFC 7644 §3.5.2.3, RFC 7643 §2.3.1: texts of any letters by PATCH and in a creation. By PUT: ``…_2_3_generated``."""

from __future__ import annotations

import unicodedata

from scimcheck.core.json import JSON, JSONObject
from scimcheck.core.schema import Located, ResourceModel
from scimcheck.harness import check, places
from scimcheck.harness.expected import value_at, with_value
from scimcheck.harness.judge import Judge
from scimcheck.harness.patching import Patching, operation
from scimcheck.harness.target import Target
from scimcheck.harness.trial import keeps_text

SET, TEXT = "RFC7644-3.5.2.3-02", "RFC7643-2.3.1-01"

#: A text of 80 characters: markup, quotes, signs of URLs and patterns, letters beyond ASCII and beyond 16 bits.
ANY = 'Zoë & "Ōsaka" <b>50% + ½</b>, O\'Neil #7; a=b? \\d+ {x} [y] 日本語 Ελλάς Привет 🙂 done'


def _listed(model: ResourceModel) -> list[Located]:
    """Two texts of the core, a part of a complex attribute, and a text of an extension."""
    whole = places.singular_complex(model)
    parts = places.sub_texts(whole)[:1] if whole else []
    return [*places.texts(model)[:2], *parts, *places.extension_texts(model)[:1]]


def _same(sent: str, shown: JSON) -> bool:
    """Whether it is the same text; letter case and the composition of letters may be the target's own."""
    forms = (unicodedata.normalize("NFC", str(text)).casefold() for text in (sent, shown))
    return len(set(forms)) == 1


@check(SET, TEXT, needs=("create", "patch-replace", "read"))
def test_texts_of_any_letters(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """A text is stored as it was sent, by a creation and by a PATCH, whatever letters and signs it is made of."""
    listed = _listed(model)
    body: JSONObject = with_value(scim.payload(model), listed[0], f"{ANY} {scim.unique('text')}")
    for place in listed[1:]:
        body = with_value(body, place, places.fresh(scim, place))
    created = scim.post(model.endpoint, json=body)
    if not created.ok:
        judge.not_applicable(f"{places.path_of(listed[0])} does not take any text: {created.summary()}")
    resource = scim.resource_of(model, body, created)
    first = scim.read(resource)
    name = str(value_at(body, listed[0]))
    intact = _same(name, value_at(first.body, listed[0]))
    plain = listed[0].attribute.name
    if not intact and listed[0].parent is None and listed[0].schema is None and not keeps_text(scim, model, plain):
        judge.blocked("RFC7643-2.2-04", f"no text at all is kept in {plain}")
    kept = judge.expect(
        TEXT,
        intact,
        expected=f"{places.path_of(listed[0])} {name!r}",
        observed=f"{value_at(first.body, listed[0])!r}",
        at=(created, first),
    )
    if not kept:
        judge.blocked(TEXT, "the text of the creation is not kept either")
    listed = [place for place in listed if value_at(first.body, place) is not None]
    texts = [f"{ANY} {scim.unique('text')}" for _ in listed]
    changes = zip(listed, texts, strict=True)
    patched = Patching(scim, resource, first.body).send(
        *(operation("replace", places.path_of(place), value=text) for place, text in changes)
    )
    if not patched.exchange.ok:
        judge.skip(SET, f"one of the texts is refused: {patched.answer}")
        return
    for place, text in zip(listed, texts, strict=True):
        shown = value_at(patched.after, place)
        judge.expect(
            SET,
            _same(text, shown),
            expected=f"{places.path_of(place)} {text!r}",
            observed=f"{patched.exchange.summary()}, and then {shown!r}",
            at=patched.evidence,
        )
