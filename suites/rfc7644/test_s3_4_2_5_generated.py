"""RFC 7644 §3.4.2.5: generated lists of names in both parameters. Chosen ones: test_s3_4_2_5_projection.py."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from hypothesis import strategies as st

from scimcheck.client.exchange import Exchange
from scimcheck.core.schema import Located
from scimcheck.harness import check
from scimcheck.harness.judge import Judge
from scimcheck.harness.projecting import Subject, demand_subject, shown, subs_of
from scimcheck.harness.properties import Broken, Effort, falsify, settle
from scimcheck.harness.representation import path_of, value_at
from scimcheck.harness.target import Target

SELECTED, LEFT_OUT = "RFC7644-3.9-06", "RFC7644-3.9-04"
#: Most names in a generated list.
MOST = 8

Names = tuple[str, ...]


def _lists(pool: Names) -> st.SearchStrategy[Names]:
    return st.lists(st.sampled_from(pool), min_size=2, max_size=MOST, unique=True).map(tuple)


def _whole(subject: Subject) -> dict[str, Located]:
    """The attributes that can be named, by name."""
    return {path_of(place): place for place in subject.defaults}


def _parts(subject: Subject) -> dict[str, tuple[Located, str]]:
    """The sub-attributes that can be named, by name: the attribute and the sub-attribute."""
    return {
        f"{name}.{sub}": (place, sub)
        for name, place in _whole(subject).items()
        if place.attribute.name.lower() != "meta"
        for sub in subject.sub_names(place)
    }


@check(SELECTED, needs=("read",))
def test_any_names_are_selected(scim: Target, judge: Judge) -> None:
    """``attributes`` shows what each of its names shows by itself, whichever and however many they are."""
    subject = demand_subject(scim, judge, scim.primary, "attributes")
    whole, parts = _whole(subject), _parts(subject)
    if len(whole) < 2:
        judge.not_applicable(f"{subject.model.name} shows just one attribute that is returned by default")
    first = [tuple(whole)[:MOST], tuple(whole)[: -MOST - 1 : -1], *_of_one_parent(parts)]
    found = falsify(scim, _lists((*whole, *parts)), partial(_selected, subject), Effort(4, 60), first=first)
    settle(judge, scim, found, SELECTED)


def _of_one_parent(parts: dict[str, tuple[Located, str]]) -> Iterator[Names]:
    """Two parts of one attribute, if there are such."""
    for name, (place, _) in parts.items():
        other = next((each for each, (home, _) in parts.items() if home is place and each != name), None)
        if other is not None:
            yield name, other
            return


def _selected(subject: Subject, names: Names) -> Broken | None:
    exchange = subject.get(attributes=",".join(names))
    parts = _parts(subject)
    wanted = {path_of(parts[name][0]) if name in parts else name for name in names}
    missing, extra = subject.missing(exchange, wanted), subject.extra(exchange, wanted)
    missing += [name for name in names if name in parts and not _has_part(exchange, *parts[name])]
    if (exchange.status == 200 and not missing and not extra) or not _each_selected(subject, names):
        return None
    return Broken(
        SELECTED,
        f"{', '.join(names)} and what is always returned",
        f"{exchange.summary()}: {', '.join(missing) or 'nothing'} missing, {', '.join(extra) or 'nothing'} too many",
        subject.at(exchange),
    )


def _each_selected(subject: Subject, names: Names) -> bool:
    """Whether each name is heeded by itself; if not, that is judged elsewhere."""
    parts = _parts(subject)
    for name in names:
        alone = subject.get(attributes=name)
        wanted = path_of(parts[name][0]) if name in parts else name
        there = _has_part(alone, *parts[name]) if name in parts else not subject.missing(alone, [wanted])
        if alone.status != 200 or not there or subject.extra(alone, [wanted]):
            return False
    return True


def _has_part(exchange: Exchange, place: Located, sub: str) -> bool:
    return sub.lower() in subs_of(value_at(exchange.body, place))


@check(LEFT_OUT, needs=("read",))
def test_any_names_are_left_out(scim: Target, judge: Judge) -> None:
    """``excludedAttributes`` leaves out just what it names, whichever and however many names there are."""
    subject = demand_subject(scim, judge, scim.primary, "excludedAttributes")
    whole = tuple(_whole(subject))
    if len(whole) < 2:
        judge.not_applicable(f"{subject.model.name} shows just one attribute that can be left out")
    first = (whole[:MOST], whole[: -MOST - 1 : -1])
    found = falsify(scim, _lists(whole), partial(_left_out, subject), Effort(3, 40), first=first)
    settle(judge, scim, found, LEFT_OUT)


def _left_out(subject: Subject, names: Names) -> Broken | None:
    exchange = subject.get(excludedAttributes=",".join(names))
    there, unwanted = shown(exchange.body, subject.model), {name.lower() for name in names}
    lost, still = sorted(subject.names - unwanted - there), sorted(unwanted & there)
    if (exchange.status == 200 and not lost and not still) or not all(_is_left_out(subject, name) for name in names):
        return None
    return Broken(
        LEFT_OUT,
        f"the default set without {', '.join(names)}",
        f"{exchange.summary()}: {', '.join(lost) or 'nothing else'} missing, {', '.join(still) or 'nothing'} left in",
        subject.at(exchange),
    )


def _is_left_out(subject: Subject, name: str) -> bool:
    """Whether the name by itself leaves out what it names and nothing else; if not, that is judged elsewhere."""
    alone = subject.get(excludedAttributes=name)
    return alone.status == 200 and subject.names - shown(alone.body, subject.model) == {name.lower()}
