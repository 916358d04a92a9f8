"""RFC 7644 §3.5.2: value filters in paths select values; and how ``primary`` is handed over."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from scimcheck.core.json import JSON, JSONObject
from scimcheck.core.schema import Located, ResourceModel
from scimcheck.harness import check, places
from scimcheck.harness.expected import elements, of_kind, with_sub
from scimcheck.harness.judge import Judge
from scimcheck.harness.patching import Patched, holding, operation, settled, typed_holding, typed_values
from scimcheck.harness.target import Target

Selection = tuple[str, Callable[[JSONObject], bool]]


def _eq(name: str, value: JSON) -> Callable[[JSONObject], bool]:
    return lambda item: str(item.get(name)).lower() == str(value).lower()


def _basic(values: list[JSONObject], sub: str) -> Iterator[Selection]:
    """Filters on one value with what each selects: equality on each kind of sub-attribute, and, or, not."""
    first, second, third = (str(item["type"]) for item in values)
    yield f'type eq "{first}"', of_kind(first)
    yield f'type eq "{third}"', of_kind(third)
    yield f'{sub} eq "{values[1][sub]}"', _eq(sub, values[1][sub])
    yield f'type eq "{second}" and {sub} ne "{values[0][sub]}"', of_kind(second)
    yield f'type eq "{first}" or type eq "{third}"', lambda item: not of_kind(second)(item)
    yield f'not (type eq "{first}")', lambda item: not of_kind(first)(item)


def _further(values: list[JSONObject], sub: str) -> Iterator[Selection]:
    """Filters with the other operators, and in unusual but legal spelling."""
    first, second, third = (str(item["type"]) for item in values)
    text = str(values[0][sub])
    yield f'{sub} co "{text[1:-1]}"', lambda item: text[1:-1].lower() in str(item.get(sub)).lower()
    yield f'{sub} sw "{text[:-1]}"', lambda item: str(item.get(sub)).lower().startswith(text[:-1].lower())
    yield f'{sub} ew "{text[1:]}"', lambda item: str(item.get(sub)).lower().endswith(text[1:].lower())
    yield f'type ne "{second}"', lambda item: not of_kind(second)(item)
    yield f'{sub} pr and type eq "{second}"', of_kind(second)
    yield f'TYPE EQ "{third}"', of_kind(third)
    yield f'type eq "{first.upper()}"', of_kind(first)
    yield (
        f'type eq "{third}" and ({sub} eq "nobody" or {sub} eq "{values[2][sub]}")',
        of_kind(third),
    )
    yield f'type eq "{first}" or type eq "{second}" and {sub} eq "nobody"', of_kind(first)


def _select(
    scim: Target, judge: Judge, model: ResourceModel, selections: Callable[[list[JSONObject], str], Iterator[Selection]]
) -> None:
    """Replace one text behind each filter; another text is what the filters speak of."""
    subject, listed, values = typed_holding(scim, judge, model, 3, subs=2)
    asked, written = (sub.attribute.name for sub in places.sub_texts(listed)[:2])
    for condition, selects in selections(values, asked):
        value = places.fresh(scim, places.sub_texts(listed)[1])
        path = f"{listed.attribute.name}[{condition}].{written}"
        patched = subject.send(operation("replace", path, value=value))
        settled(judge, "RFC7644-3.5.2-09", patched, with_sub(patched.before, listed, selects, written, value))


@check("RFC7644-3.5.2-09", needs=("patch-filter",))
def test_value_filter_selects_by_value_and_type(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """A filter on ``type`` or on the value itself selects just that value."""
    subject, listed, values = typed_holding(scim, judge, model, 3)
    name, sub = listed.attribute.name, places.sub_texts(listed)[0]
    key = sub.attribute.name
    for condition, selects in (
        (f'type eq "{values[1]["type"]}"', of_kind(values[1]["type"])),
        (f'{key} eq "{values[2][key]}"', of_kind(values[2]["type"])),
    ):
        held = (item.get(key) for item in elements(subject.state, listed))
        value = places.fresh(scim, sub, *held)
        patched = subject.send(operation("replace", f"{name}[{condition}].{key}", value=value))
        settled(judge, "RFC7644-3.5.2-09", patched, with_sub(patched.before, listed, selects, key, value))


@check("RFC7644-3.5.2-09", needs=("patch-filter",))
def test_value_filter_with_logical_operators(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """``and``, ``or`` and ``not`` select what they say, one value or several."""
    _select(scim, judge, model, _basic)


@check("RFC7644-3.5.2-09", needs=("patch-filter",))
def test_value_filter_with_every_operator(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """The other operators work in paths, names and operators in any letter case, and ``and`` binds before ``or``."""
    _select(scim, judge, model, _further)


@check("RFC7644-3.5.2-09", needs=("patch-filter",), depth="deep")
def test_value_filter_with_brackets_and_quotes_in_its_text(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """A text in a filter may hold brackets, dots, words of the grammar and escaped quotation marks."""
    listed, values = typed_values(scim, judge, model, 3, subs=2)
    asked, written = (sub.attribute.name for sub in places.sub_texts(listed)[:2])
    if asked == "value":
        judge.not_applicable(f"{listed.attribute.name}.value may have a format of its own")
    for item, text in zip(values, ("1 [rear] ] and or", 'the "old" mill', "a.b eq c"), strict=True):
        item[asked] = text
    subject = holding(scim, judge, model, (listed, values))
    for item in values:
        quoted = str(item[asked]).replace('"', '\\"')
        value = places.fresh(scim, places.sub_texts(listed)[1])
        path = f'{listed.attribute.name}[{asked} eq "{quoted}"].{written}'
        patched = subject.send(operation("replace", path, value=value))
        expected = with_sub(patched.before, listed, _eq(asked, item[asked]), written, value)
        settled(judge, "RFC7644-3.5.2-09", patched, expected)


def _primaries(state: JSONObject, listed: Located) -> list[JSONObject]:
    return [item for item in elements(state, listed) if isinstance(item, dict) and item.get("primary") is True]


def _expect_primary(judge: Judge, patched: Patched, listed: Located, kind: str) -> None:
    if not patched.exchange.ok:
        judge.expect(
            "RFC7644-3.5.2-19",
            False,
            expected="success (200 or 204)",
            observed=patched.answer,
            at=patched.evidence,
            subject=f"{patched.model.name}: {patched.told}",
        )
        return
    found = _primaries(patched.after, listed)
    judge.expect(
        "RFC7644-3.5.2-19",
        len(found) == 1 and of_kind(kind)(found[0]),
        expected=f"the value of type {kind} is primary, and no other",
        observed=f"{patched.exchange.summary()}, and then primary is set on {[item.get('type') for item in found]}",
        at=patched.evidence,
        subject=f"{patched.model.name}: {patched.told}",
    )


@check("RFC7644-3.5.2-19", needs=("patch-filter", "attr:primary"))
def test_primary_is_handed_over(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """A value that becomes primary, in whatever way, is the only one afterwards."""
    listed = places.collection(model, primary=True)
    if listed is None or len(places.kinds(listed)) < 3:
        judge.not_applicable(f"{model.name} has no list of values with a primary one")
    name = listed.attribute.name
    first, second, third = places.three(scim, listed)
    subject = holding(scim, judge, model, (listed, [{**first, "primary": True}, second]))
    if not _primaries(subject.state, listed):
        judge.not_applicable("the target does not keep primary")
    sub = places.sub_texts(listed)[0].attribute.name
    whole = {**first, sub: places.fresh(scim, places.sub_texts(listed)[0]), "primary": True}
    for kind, body in (
        (second["type"], operation("replace", f'{name}[type eq "{second["type"]}"].primary', value=True)),
        (third["type"], operation("add", name, value=[{**third, "primary": True}])),
        (first["type"], operation("replace", f'{name}[type eq "{first["type"]}"]', value=whole)),
        (second["type"], operation("add", f'{name}[type eq "{second["type"]}"].primary', value=True)),
    ):
        _expect_primary(judge, subject.send(body), listed, kind)


@check("RFC7644-3.5.2-19", needs=("patch-filter", "attr:primary"))
def test_primary_value_can_be_selected(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """``primary eq true`` selects the primary value, which stays primary when something else of it changes."""
    listed = places.collection(model, primary=True)
    if listed is None or len(places.kinds(listed)) < 2:
        judge.not_applicable(f"{model.name} has no list of values with a primary one")
    first, second, *_ = places.three(scim, listed)
    subject = holding(scim, judge, model, (listed, [first, {**second, "primary": True}]))
    if not _primaries(subject.state, listed):
        judge.not_applicable("the target does not keep primary")
    sub = places.sub_texts(listed)[0]
    value = places.fresh(scim, sub, first[sub.attribute.name], second[sub.attribute.name])
    path = f"{listed.attribute.name}[primary eq true].{sub.attribute.name}"
    patched = subject.send(operation("replace", path, value=value))
    expected = with_sub(patched.before, listed, of_kind(second["type"]), sub.attribute.name, value)
    settled(judge, "RFC7644-3.5.2-19", patched, expected)
