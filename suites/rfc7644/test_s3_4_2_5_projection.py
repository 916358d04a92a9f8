"""RFC 7644 §3.4.2.5: ``attributes`` and ``excludedAttributes`` in the URL of a GET. Other requests: §3.9."""

from __future__ import annotations

from collections.abc import Iterator

from scimcheck.client.exchange import Exchange
from scimcheck.core.schema import Located, ResourceModel
from scimcheck.harness import check
from scimcheck.harness.judge import Judge
from scimcheck.harness.projecting import Subject, demand_subject, shown, subs_of, works
from scimcheck.harness.representation import path_of, value_at
from scimcheck.harness.target import Target


def _told(exchange: Exchange, subject: Subject) -> str:
    return f"{exchange.summary()}: {', '.join(sorted(shown(exchange.body, subject.model))) or 'nothing'}"


@check(
    "RFC7644-3.4.2.5-01",
    "RFC7644-3.9-02",
    "RFC7644-3.9-03",
    "RFC7643-7-31",
    "RFC7643-7-33",
    needs=("read",),
    depth="quick",
)
def test_attributes_selects_what_is_returned(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """With ``attributes`` a resource has what was named and what is always returned, and nothing else."""
    subject = demand_subject(scim, judge, model)
    chosen = list(subject.chosen())
    if not chosen:
        judge.not_applicable("the resource shows no attribute to ask for")
    for place in chosen:
        name = path_of(place)
        exchange = subject.get(attributes=name)
        at = subject.at(exchange)
        missing, extra = subject.missing(exchange, [name]), subject.extra(exchange, [name])
        rest = subject.names - subject.always - {name.lower()}
        judge.demand(
            "RFC7644-3.4.2.5-01",
            exchange.status == 200 and (not rest or set(extra) != rest),
            expected=f"200 with {name} in place of the default set",
            observed=_told(exchange, subject),
            at=at,
        )
        told = _told(exchange, subject)
        judge.expect("RFC7644-3.9-02", not missing, expected=f"{name}, which was asked for", observed=told, at=at)
        judge.expect(
            "RFC7644-3.9-03",
            not extra,
            expected=f"{name} and what is always returned",
            observed=f"also {', '.join(extra)}",
            at=at,
        )
        judge.expect(
            "RFC7643-7-33",
            not missing and not extra,
            expected=f"of what is returned by default, {name} alone",
            observed=told,
            at=at,
        )
        lost = subject.missing(exchange, subject.always)
        judge.expect(
            "RFC7643-7-31",
            not lost,
            expected=f"{', '.join(sorted(subject.always))}, always returned",
            observed=f"{', '.join(lost)} missing",
            at=at,
        )


@check("RFC7644-3.4.2.5-02", "RFC7644-3.9-04", needs=("read",))
def test_excluded_attributes_are_left_out(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """With ``excludedAttributes`` a resource lacks what was named, and has all the rest."""
    subject = demand_subject(scim, judge, model)
    names = [path_of(place) for place in subject.chosen()]
    if not names:
        judge.not_applicable(f"{model.name} shows nothing that can be left out")
    for left_out in ([names[0]], *([name] for name in names[1:]), names[:2]):
        exchange = subject.get(excludedAttributes=",".join(left_out))
        still = sorted({name.lower() for name in left_out} & shown(exchange.body, model))
        judge.demand(
            "RFC7644-3.4.2.5-02",
            exchange.status == 200 and (len(left_out) > 1 or not still),
            expected=f"200 without {', '.join(left_out)}",
            observed=_told(exchange, subject),
            at=subject.at(exchange),
        )
        lost = sorted(subject.names - {name.lower() for name in left_out} - shown(exchange.body, model))
        judge.expect(
            "RFC7644-3.9-04",
            not lost and not still,
            expected=f"the default set without {', '.join(left_out)}",
            observed=f"{', '.join(lost) or 'nothing else'} missing, {', '.join(still) or 'nothing'} left in",
            at=subject.at(exchange),
        )


@check("RFC7644-3.4.2.5-03", needs=("read",), depth="quick")
def test_what_is_always_returned_cannot_be_excluded(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """``excludedAttributes`` has no effect on the id and all else that is always returned."""
    subject = demand_subject(scim, judge, model)
    names = sorted(subject.always)
    for left_out in ([name] for name in names) if len(names) > 1 else [["id"], ["ID", "meta"]]:
        exchange = subject.get(excludedAttributes=",".join(left_out))
        if exchange.status == 400:
            judge.advise("RFC7644-3.4.2.5-03", expected="200 with the id", observed=exchange.summary(), at=exchange)
            continue
        lost = subject.missing(exchange, subject.always)
        judge.expect(
            "RFC7644-3.4.2.5-03",
            exchange.status == 200 and not lost,
            expected=f"{', '.join(names)}, always returned",
            observed=f"{exchange.summary()} without {', '.join(lost) or 'anything missing'}",
            at=subject.at(exchange),
        )


def _spellings(subject: Subject) -> Iterator[tuple[str, str]]:
    """Attributes in other notations than the plain name, each with the name under which it is shown."""
    core = [place for place in subject.chosen() if place.schema is None]
    for place in core[:2]:
        yield f"{subject.model.core.id}:{path_of(place)}", path_of(place)
    for place in core[:1]:
        yield path_of(place).upper(), path_of(place)
        yield f"{subject.model.core.id.upper()}:{path_of(place)}", path_of(place)
    for place in [place for place in subject.defaults if place.schema is not None][:2]:
        yield path_of(place), path_of(place)


@check("RFC7644-3.4.2.5-04", needs=("read",), every_type="deep")
def test_names_stand_in_attribute_notation(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """Names may carry the URN of their schema, and their letter case does not matter."""
    subject = demand_subject(scim, judge, model, "attributes")
    for spelling, name in _spellings(subject):
        exchange = subject.get(attributes=spelling)
        judge.expect(
            "RFC7644-3.4.2.5-04",
            exchange.status == 200 and not subject.missing(exchange, [name]) and not subject.extra(exchange, [name]),
            expected=f"what attributes={name} selects",
            observed=_told(exchange, subject),
            at=subject.at(exchange),
        )
    demand_subject(scim, judge, model, "excludedAttributes")
    for spelling, name in list(_spellings(subject))[::2]:
        exchange = subject.get(excludedAttributes=spelling)
        judge.expect(
            "RFC7644-3.4.2.5-04",
            exchange.status == 200 and name.lower() not in shown(exchange.body, model),
            expected=f"the resource without {name}",
            observed=_told(exchange, subject),
            at=subject.at(exchange),
        )


@check("RFC7644-3.9-07", "RFC7644-3.4.2.5-04", needs=("read", "User"))
def test_sub_attributes_can_be_selected(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """A complex attribute comes with all its sub-attributes, or with the one that was named."""
    subject = demand_subject(scim, judge, model, "attributes")
    place = subject.complex(multi_valued=False)
    if place is None:
        judge.not_applicable(f"{model.name} shows no complex attribute with two sub-attributes")
    _judge_subs(judge, "RFC7644-3.9-07", subject, place)


@check("RFC7644-3.9-08", "RFC7644-3.4.2.5-04", needs=("read", "attr:multi-complex"), every_type="deep")
def test_sub_attributes_of_lists_can_be_selected(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """The same holds for the elements of a multi-valued attribute."""
    subject = demand_subject(scim, judge, model, "attributes")
    place = subject.complex(multi_valued=True)
    if place is None:
        judge.not_applicable(f"{model.name} shows no list of complex values with two sub-attributes")
    _judge_subs(judge, "RFC7644-3.9-08", subject, place)


def _judge_subs(judge: Judge, requirement: str, subject: Subject, place: Located) -> None:
    whole, names = path_of(place), subject.sub_names(place)
    exchange = subject.get(attributes=whole)
    judge.expect(
        requirement,
        set(map(str.lower, names)) <= subs_of(value_at(exchange.body, place)),
        expected=f"{whole} with {', '.join(names)}",
        observed=_subs_told(exchange, place),
        at=subject.at(exchange),
    )
    for name in names[:2]:
        exchange = subject.get(attributes=f"{whole}.{name}")
        found = subs_of(value_at(exchange.body, place))
        judge.demand(
            "RFC7644-3.4.2.5-04",
            exchange.status == 200 and name.lower() in found and not subject.extra(exchange, [whole]),
            expected=f"{whole}.{name}",
            observed=_subs_told(exchange, place),
            at=subject.at(exchange),
        )
        judge.expect(
            requirement,
            not found - {name.lower(), *_kept_subs(place)},
            expected=f"{whole} with {name} alone",
            observed=_subs_told(exchange, place),
            at=subject.at(exchange),
        )
    if not works(subject, "excludedAttributes"):
        return
    exchange = subject.get(excludedAttributes=f"{whole}.{names[0]}")
    found, others = subs_of(value_at(exchange.body, place)), {name.lower() for name in names[1:]}
    judge.expect(
        requirement,
        exchange.status == 200 and names[0].lower() not in found and others <= found,
        expected=f"{whole} without {names[0]}",
        observed=_subs_told(exchange, place),
        at=subject.at(exchange),
    )


def _kept_subs(place: Located) -> list[str]:
    return [sub.name.lower() for sub in place.attribute.sub_attributes if sub.returned.value == "always"]


def _subs_told(exchange: Exchange, place: Located) -> str:
    names = ", ".join(sorted(subs_of(value_at(exchange.body, place)))) or "nothing"
    return f"{exchange.summary()}: {path_of(place)} with {names}"


@check("RFC7644-3.9-06", needs=("read",), every_type="deep")
def test_names_are_separated_by_commas(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """Both parameters take several names, separated by commas."""
    subject = demand_subject(scim, judge, model, "attributes")
    names = [path_of(place) for place in (*subject.chosen(), *subject.defaults)]
    names = list(dict.fromkeys(names))
    if len(names) < 2:
        judge.not_applicable(f"{model.name} shows just one attribute that is returned by default")
    for several in (names[:2], names[1::-1], names[:4]):
        exchange = subject.get(attributes=",".join(several))
        missing, extra = subject.missing(exchange, several), subject.extra(exchange, several)
        judge.expect(
            "RFC7644-3.9-06",
            exchange.status == 200 and not missing and not extra,
            expected=f"{', '.join(several)} and what is always returned",
            observed=f"{exchange.summary()}: {', '.join(missing) or 'nothing'} missing, {', '.join(extra)} too many",
            at=subject.at(exchange),
        )


@check("RFC7644-3.9-09", needs=("read",))
def test_both_parameters_at_once_do_no_harm(scim: Target, judge: Judge) -> None:
    """Both parameters in one request are refused, or either is heeded; the id stays."""
    subject = demand_subject(scim, judge, scim.primary)
    names = [path_of(place) for place in subject.chosen()]
    exchange = subject.get(attributes=names[0], excludedAttributes=names[-1])
    _harmless(judge, "RFC7644-3.9-09", subject, exchange)


@check("RFC7644-3.9-10", needs=("read",))
def test_unknown_names_do_no_harm(scim: Target, judge: Judge) -> None:
    """Names of no attribute are ignored or refused."""
    subject = demand_subject(scim, judge, scim.primary)
    for parameter in ("attributes", "excludedAttributes"):
        _harmless(judge, "RFC7644-3.9-10", subject, subject.get(**{parameter: "doesNotExist"}))


def _harmless(judge: Judge, requirement: str, subject: Subject, exchange: Exchange) -> None:
    usual = subject.get(attributes=path_of(subject.chosen()[0]))
    whole = "id" in exchange.body or "id" not in usual.body
    judge.expect(
        requirement,
        (exchange.status == 200 and whole) or 400 <= exchange.status < 500,
        expected="a resource with its id, or a refusal",
        observed=_told(exchange, subject),
        at=subject.at(exchange),
    )
