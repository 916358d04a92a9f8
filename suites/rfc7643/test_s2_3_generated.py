"""RFC 7643 §2.3: generated texts and numbers, created and replaced, come back. Chosen ones: test_s2_3_types.py."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from hypothesis import strategies as st

from scimcheck.client.exchange import Exchange
from scimcheck.core.characteristics import DataType
from scimcheck.core.json import JSON, JSONObject
from scimcheck.core.schema import Located, ResourceModel
from scimcheck.harness import check, places
from scimcheck.harness.judge import Judge
from scimcheck.harness.properties import Broken, Effort, falsify, settle
from scimcheck.harness.representation import masked, path_of, put_body, value_at, with_value
from scimcheck.harness.target import Resource, Target

#: The clause on the values of each data type.
CLAUSES = {
    DataType.STRING: "RFC7643-2.3.1-01",
    DataType.DECIMAL: "RFC7643-2.3.3-01",
    DataType.INTEGER: "RFC7643-2.3.4-01",
}
TEXT, DECIMAL, INTEGER = CLAUSES.values()

#: What stores, templates and shells take for something else; beyond the BMP, in two normal forms, from right to left.
PIECES = (
    *("a", " ", "\\", '"', "'", "%", "&", "<b>", "&amp;", "\\u0041", "%41", "${a}", "{0}", "--", "\u2028"),
    *("Å", "A\u030a", "ß", "İ", "ς", "漢", "שלום", "ﷺ", "👍", "👍🏽", "𝄞", "𠮷", "\u200d", "1e3", "null", "٣"),
)
LONG = st.builds(str.__mul__, st.sampled_from([piece for piece in PIECES if piece.strip()]), st.integers(1, 1000))
TEXTS = st.one_of(
    st.lists(st.sampled_from(PIECES), min_size=1, max_size=8).map("".join),
    LONG.map(lambda text: text[:1000]),
).filter(lambda text: bool(_plain(text)))
INTEGERS = st.one_of(st.integers(-(2**31), 2**31 - 1), st.integers(-(2**53) + 1, 2**53 - 1))
DECIMALS = st.one_of(st.integers(-(10**6), 10**6).map(lambda n: n / 1000), st.floats(-1e15, 1e15, width=64))


def _plain(text: str) -> str:
    """The text without what a provider may change: letter case, blanks, joiners, Unicode normal form."""
    text = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    return "".join(letter for letter in text if not letter.isspace() and unicodedata.category(letter) != "Cf")


def _survives(sent: JSON, shown: JSON) -> bool:
    if isinstance(sent, str) and isinstance(shown, str):
        return masked(shown) or _plain(sent) == _plain(shown)
    if isinstance(sent, float) and isinstance(shown, (int, float)):
        return math.isclose(sent, shown, rel_tol=1e-6, abs_tol=0.01)  # precision has limits (RFC 8259 §6)
    return type(sent) is type(shown) and sent == shown


@dataclass(frozen=True, slots=True)
class Ground:
    """A resource, and the attributes of it that are known to take and to show a value of their type."""

    scim: Target
    resource: Resource
    places: tuple[Located, ...]

    @property
    def model(self) -> ResourceModel:
        """Its resource type."""
        return self.resource.model


def _ground(scim: Target, judge: Judge, chosen: list[Located], usual: Callable[[Located], JSON]) -> Ground:
    """A resource with a usual value at each place; places that do not show it are judged elsewhere."""
    model = scim.primary
    if not chosen:
        judge.not_applicable(f"{model.name} has no attribute of that type that takes any value")
    body = scim.payload(model)
    for place in chosen:
        body = with_value(body, place, usual(place))
    sent = scim.post(model.endpoint, json=body)
    if not sent.ok:
        judge.not_applicable(f"the target does not take the usual values: {sent.summary()}")
    resource = scim.resource_of(model, body, sent)
    state = scim.state(resource)
    kept = tuple(place for place in chosen if _survives(value_at(body, place), value_at(state, place)))
    if not kept:
        judge.not_applicable(f"{model.name} shows none of the attributes as they were created")
    return Ground(scim, resource, kept)


def _texts(scim: Target, judge: Judge) -> Ground:
    return _ground(scim, judge, places.texts(scim.primary, optional=True)[:3], lambda place: scim.unique("usual"))


def _with(ground: Ground, body: JSONObject, values: tuple[JSON, ...]) -> JSONObject:
    """A body with the values at the places, in turn."""
    for place, value in zip(ground.places, values, strict=False):
        body = with_value(body, place, value)
    return body


def _replaced(ground: Ground, clause: str, values: tuple[JSON, ...]) -> Broken | None:
    body = _with(ground, put_body(ground.scim, ground.resource), values)
    sent = ground.scim.put(ground.resource.path, json=body)
    return _told(ground, clause, values, sent, ground.resource)


def _created(ground: Ground, clause: str, values: tuple[JSON, ...]) -> Broken | None:
    scim, model = ground.scim, ground.model
    body = _with(ground, scim.payload(model), values)
    sent = scim.post(model.endpoint, json=body)
    return _told(ground, clause, values, sent, scim.resource_of(model, body, sent) if sent.ok else None)


def _told(
    ground: Ground, clause: str, values: tuple[JSON, ...], sent: Exchange, resource: Resource | None
) -> Broken | None:
    """What became of the values: a provider may refuse them, but neither fail on them nor store others."""
    if sent.status >= 500:
        return Broken(clause, f"success, or a refusal of {_brief(values)}", sent.summary(), (sent,))
    if not sent.ok or resource is None:
        return None
    found = ground.scim.read(resource)
    for place, value in zip(ground.places, values, strict=False):
        shown = value_at(found.body, place)
        ignored = _survives(value_at(resource.sent, place), shown)  # what PUT does not change is judged in RFC 7644
        if found.status == 200 and not ignored and not _survives(value, shown):
            name = path_of(place)
            return Broken(clause, f"{name}: {_brief(value)}", f"{name}: {_brief(shown)}", (sent, found))
    return None


def _brief(value: JSON | tuple[JSON, ...]) -> str:
    text = repr(value)
    size = f" ({len(value)} characters)" if isinstance(value, str) else ""
    return text if len(text) <= 120 else f"{text[:119]}…{size}"


def _some(values: st.SearchStrategy[JSON]) -> st.SearchStrategy[tuple[JSON, ...]]:
    return st.lists(values, min_size=1, max_size=3).map(tuple)


@check(TEXT, needs=("create", "put", "read"))
def test_replaced_texts_come_back(scim: Target, judge: Judge) -> None:
    """Whatever a text is made of, and however long it is: what PUT stores is what a GET shows."""
    ground = _texts(scim, judge)
    first: tuple[tuple[JSON, ...], ...] = (
        ("👍🏽" * 150, ' "\\u0041\\"', "<b>&amp;"),
        ("A\u030a𝄞", "%41 ${a}", "x" * 1000),
    )
    found = falsify(scim, _some(TEXTS), partial(_replaced, ground, TEXT), Effort(2, 60, 40), first=first)
    settle(judge, scim, found, TEXT)


@check(TEXT, needs=("create", "read"))
def test_created_texts_come_back(scim: Target, judge: Judge) -> None:
    """The same for what POST stores."""
    ground = _texts(scim, judge)
    found = falsify(scim, _some(TEXTS), partial(_created, ground, TEXT), Effort(2, 30, 30))
    settle(judge, scim, found, TEXT)


@check(INTEGER, needs=("create", "put", "read"))
def test_replaced_integers_come_back(scim: Target, judge: Judge) -> None:
    """Integers keep their value up to where JSON is read alike everywhere (RFC 8259 §6)."""
    ground = _ground(scim, judge, _numbers(scim.primary, DataType.INTEGER), lambda place: 7)
    first = ((2**31,), (-(2**31) - 1,), (2**53 - 1,))
    found = falsify(scim, INTEGERS.map(lambda n: (n,)), partial(_replaced, ground, INTEGER), Effort(1, 30), first=first)
    settle(judge, scim, found, INTEGER)


@check(DECIMAL, needs=("create", "put", "read"))
def test_replaced_decimals_come_back(scim: Target, judge: Judge) -> None:
    """Decimals keep their value, as far as six digits and hundredths go."""
    ground = _ground(scim, judge, _numbers(scim.primary, DataType.DECIMAL), lambda place: 7.25)
    first = ((-0.5,), (123456.789,))
    found = falsify(scim, DECIMALS.map(lambda n: (n,)), partial(_replaced, ground, DECIMAL), Effort(1, 30), first=first)
    settle(judge, scim, found, DECIMAL)


def _numbers(model: ResourceModel, kind: DataType) -> list[Located]:
    return [place for place in places.typed(model) if place.attribute.type is kind]
