"""RFC 7644 §3.4.2.2: operands are JSON values. Numbers with an order are in ``…_order``, letter case in ``…_case``."""

from __future__ import annotations

import unicodedata

from scimcheck.core.path import AttrPath
from scimcheck.core.schema import ResourceModel
from scimcheck.harness import check
from scimcheck.harness.booleans import FLAGS, flagged
from scimcheck.harness.judge import Judge
from scimcheck.harness.population import Population, population, quoted
from scimcheck.harness.querying import judge_filter
from scimcheck.harness.target import Target

LITERALS, ESCAPES = "RFC7644-3.4.2.2-34", "RFC7644-3.4.2.2-35"

#: Texts that a filter has to carry as they are.
SPECIAL = {
    "signs": "x) or ((y [b] {c} 50% + 3 & #7; a=b? O'Malley, J.",
    "letters": "Zoë Ångström 日本語 Ελλάς",
    "emoji": "🙂 ok",
    "blanks": "two  blanks",
}
#: Texts that JSON may or has to escape, and how the filter writes them.
ESCAPED = {
    "quote": ('say "hi" back\\slash a/b', r"say \"hi\" back\\slash a\/b"),
    "letters": (SPECIAL["letters"], r"Zo\u00eb \u00C5ngstr\u00f6m 日本語 Ελλάς"),
    "emoji": (SPECIAL["emoji"], r"\ud83d\ude42 ok"),
}


def _field(people: Population) -> str:
    """The attribute that takes any text: the optional one, or the name where there is none."""
    return people.text.name if people.text else people.naming


def _member(people: Population, word: str, text: str) -> bool:
    """Make sure that there is a member with exactly this text; false when the target refuses or changes it."""
    wanted = f"{people.tag} {text}"
    if word not in people.members and not people.add(word, {**people.body(word), _field(people): wanted}):
        return False
    return str(people.value(word, _field(people))).lower() == wanted.lower()


def _supported(judge: Judge, people: Population) -> None:
    if people.ask(f"{_field(people)} eq {quoted(people.tag)}").refused:
        judge.not_applicable(f"filters on {_field(people)} are not offered")


@check(LITERALS, needs=("filter", "read"))
def test_any_text_is_an_operand(scim: Target, judge: Judge) -> None:
    """Texts hold keywords, brackets, signs that URLs encode, and letters of any script, and are found by them."""
    people = population(scim, scim.primary)
    _supported(judge, people)
    kept = [word for word, text in SPECIAL.items() if _member(people, word, text)]
    if not kept:
        judge.not_applicable(f"the target keeps no special characters in {_field(people)}")
    for word in kept:
        judge_filter(judge, LITERALS, people, f"{_field(people)} eq {quoted(people.tag + ' ' + SPECIAL[word])}")


@check(ESCAPES, needs=("filter", "read"))
def test_json_escapes_are_decoded(scim: Target, judge: Judge) -> None:
    """Operands may be written with JSON escapes, which are decoded before anything is compared."""
    people = population(scim, scim.primary)
    _supported(judge, people)
    kept = [word for word, (text, _) in ESCAPED.items() if _member(people, word, text)]
    if not kept:
        judge.not_applicable(f"the target keeps no special characters in {_field(people)}")
    for word in kept:
        judge_filter(judge, ESCAPES, people, f'{_field(people)} eq "{people.tag} {ESCAPED[word][1]}"')


@check(ESCAPES, needs=("filter", "read"), depth="quick")
def test_an_escaped_name_is_the_name(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """A name of which a letter is written as an escape is the same name."""
    people = population(scim, model)
    name = people.name("birch")
    at = name.lower().index("birch")
    judge_filter(judge, ESCAPES, people, f'{people.naming} eq "{name[:at]}\\u{ord(name[at]):04x}{name[at + 1 :]}"')


@check(LITERALS, needs=("filter", "read", "attr:boolean"))
def test_booleans_are_operands(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """eq compares a boolean attribute with true and false."""
    people, path = flagged(scim, judge, model)
    if people.ask(f"{path} eq true").refused:
        _expect_no_texts(judge, people, path)
        judge.not_applicable(f"filters on {path} are not offered")
    for operand in ("true", "false"):
        judge_filter(judge, LITERALS, people, f"{path} eq {operand}", among=tuple(FLAGS))


def _expect_no_texts(judge: Judge, people: Population, path: AttrPath) -> None:
    """Expect a target that refuses a boolean operand not to understand the same word as a text."""
    answer = people.ask(f'{path} eq "true"')
    judge.demand(
        LITERALS,
        not (answer.ok and "yes" in answer.found),
        expected=f"{path} eq true is understood, as its value is a JSON boolean",
        observed=f'it is refused, and {path} eq "true" finds {people.name("yes")}',
        at=[*people.evidence(["yes"]), *people.ask(f"{path} eq true").exchanges, *answer.exchanges],
    )


@check("RFC7644-7.8-01", needs=("filter", "User", "read"))
def test_composed_and_decomposed_names_are_one(scim: Target, judge: Judge) -> None:
    """A userName is found whether its accented letters are written as one character or as two."""
    user = scim.user
    if user is None:
        judge.not_applicable("the target has no users")
        return
    people = population(scim, user)
    body = people.body("accent")
    body[people.naming] = unicodedata.normalize("NFC", str(body[people.naming]).replace("accent", "zoë"))
    if "accent" not in people.members and not people.add("accent", body):
        judge.not_applicable("the target takes no accented letters in a userName")
    if "zo" not in people.name("accent").lower():
        judge.not_applicable("the target does not keep accented letters in a userName")
    if not people.ask(people.named("accent")).found:
        judge.blocked("RFC7644-3.4.2.2-34", "a userName with an accented letter is not found in any form")
    for form in ("NFC", "NFD"):
        name = unicodedata.normalize(form, people.name("accent"))
        answer = people.ask(f"{people.naming} eq {quoted(name)}")
        judge.expect(
            "RFC7644-7.8-01",
            "accent" in answer.found,
            expected=f"the user named {people.name('accent')}, found by its {form} form",
            observed=f"{answer.last.summary()}: {answer.found or 'no match'}",
            at=[*people.evidence(["accent"]), *answer.exchanges],
        )
