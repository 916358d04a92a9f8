"""Filters against a population: paths, malformed examples, pages, narrowing, and who is to blame."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any, cast
from urllib.parse import parse_qs, urlsplit

import pytest

from scimcheck.checks.findings import Blocked, Verdict
from scimcheck.client.exchange import Exchange
from scimcheck.core import urns
from scimcheck.core.characteristics import DataType
from scimcheck.core.errors import InvalidFilter
from scimcheck.core.filter.evaluate import matches
from scimcheck.core.filter.parser import parse_filter
from scimcheck.core.json import JSONObject
from scimcheck.core.schema import ResourceModel, ResourceType, Schema, SchemaExtension, resource_models
from scimcheck.harness.judge import Judge
from scimcheck.harness.malformed import malformed
from scimcheck.harness.paths import leaves, of_type, path_of, put, value_at
from scimcheck.harness.population import PAGES, WORDS, Member, Population
from scimcheck.harness.querying import ALL_MATCHES, LISTED, ONLY_MATCHES, judge_filter, query
from scimcheck.harness.target import Resource, Target
from scimcheck.requirements.catalogue import load
from scimcheck.resources import bundled


def schema(name: str) -> Schema:
    """A schema of the standard."""
    return Schema.from_json(json.loads((bundled("fixtures") / "schemas" / f"{name}.json").read_text(encoding="utf-8")))


USER = resource_models(
    [ResourceType("User", "/Users", urns.USER, (SchemaExtension(urns.ENTERPRISE_USER),))],
    [schema("User"), schema("EnterpriseUser")],
)[0]
GROUP = resource_models([ResourceType("Group", "/Groups", urns.GROUP)], [schema("Group")])[0]


# --- paths -----------------------------------------------------------------------------------------------------------


def test_paths_are_qualified_in_extensions_alone() -> None:
    """Core attributes go by their name, sub-attributes behind a dot, extension attributes behind their URN."""
    texts = {str(path_of(leaf)) for leaf in leaves(USER)}
    assert {"userName", "name.familyName", "emails.value", "meta.created", "id"} <= texts
    assert f"{urns.ENTERPRISE_USER}:manager.value" in texts
    assert "password" not in texts, "what is never returned cannot be judged by what is returned"


def test_attributes_are_found_by_type_top_level_first() -> None:
    """The boolean that stands by itself comes before those inside of complex attributes."""
    assert str(path_of(of_type(USER, DataType.BOOLEAN)[0])) == "active"


@pytest.mark.parametrize("leaf", [each for each in leaves(USER) if each.attribute.type is DataType.STRING], ids=str)
def test_what_is_put_into_a_body_is_found_there(leaf: Any) -> None:
    """A value put at a path of singular attributes is the value at that path."""
    if (leaf.parent or leaf.attribute).multi_valued:
        return
    body = put({"schemas": [urns.USER]}, leaf, "x")
    assert value_at(body, leaf, USER) == "x"
    assert (leaf.schema is None) == (body["schemas"] == [urns.USER])


@pytest.mark.parametrize("model", [USER, GROUP], ids=lambda model: model.name)
def test_malformed_examples_are_malformed_in_every_type(model: ResourceModel) -> None:
    """Renamed to the attributes of a type, the examples still do not follow the grammar, and there are many."""
    examples = malformed(model)
    assert len(examples) > 30
    for example in examples:
        with pytest.raises(InvalidFilter):
            parse_filter(example.expression, lenient=True)


# --- asking ----------------------------------------------------------------------------------------------------------


class Directory:
    """A target that holds users and answers filters on them, with pages of a size and faults of a test's choosing."""

    def __init__(self, users: list[JSONObject], page: int = 100) -> None:
        self.users, self.page = users, page
        self.asked: list[str] = []

    def found(self, expression: str) -> list[JSONObject]:
        """The users that match; overridden by faulty directories."""
        return [user for user in self.users if matches(parse_filter(expression), user, USER)]

    def search(self, endpoint: str, filter: str, **parameters: str | int) -> Exchange:
        """What :meth:`scimcheck.harness.target.Target.search` answers."""
        self.asked.append(filter)
        found = self.found(filter)
        start = int(parameters.get("startIndex", 1))
        body = {"totalResults": len(found), "Resources": found[start - 1 : start - 1 + self.page]}
        return exchange(f"{endpoint}?filter={filter}", body)


def exchange(url: str, body: JSONObject) -> Exchange:
    """A successful query."""
    return Exchange(
        id=url, method="GET", url=url, path=urlsplit(url).path, query=str(parse_qs(url)), request_headers=(),
        request_body=b"", status=200, reason="OK", response_headers=(), response_body=json.dumps(body).encode(),
        started="", elapsed=0,
    )  # fmt: skip


def people(kind: type[Directory] = Directory, strangers: int = 0, page: int = 100) -> tuple[Population, Directory]:
    """A population in a directory that holds further users as well, who come first."""
    own = {word: {"id": word, "userName": f"t-{word}@example.com"} for word in WORDS}
    others: list[JSONObject] = [
        {"id": f"s{number}", "userName": f"s{number}@example.com"} for number in range(strangers)
    ]
    directory = kind([*others, *own.values()], page)
    found = Population(cast(Target, directory), USER, "t", "userName", None)
    for word, state in own.items():
        made = exchange("/Users", state)
        found.members[word] = Member(Resource(USER, word, state, state, made), state)
    return found, directory


def test_long_results_are_read_page_by_page() -> None:
    """A result of a few pages is read to its end."""
    population, _ = people(page=2)
    assert query(population, "userName pr").right


def test_results_beyond_reason_are_narrowed_down() -> None:
    """When foreign resources fill more pages than are worth reading, the filter is restricted to own ones."""
    population, directory = people(strangers=50, page=4)
    outcome = query(population, 'userName ne "t-amber@example.com"')
    assert outcome.right
    assert set(outcome.answer.found) == {"birch", "cedar", "delta"}
    assert len(directory.asked) <= 2 * PAGES + 1


class WithoutNesting(Directory):
    """Refuses ``not`` within parentheses."""

    def search(self, endpoint: str, filter: str, **parameters: str | int) -> Exchange:
        return replace(super().search(endpoint, filter, **parameters), status=400 if "(not" in filter else 200)


def test_a_filter_need_not_work_within_another() -> None:
    """A filter that the target understands by itself alone is judged by the pages that it gives."""
    population, _ = people(WithoutNesting, strangers=12, page=4)
    outcome = query(population, 'not (userName eq "t-amber@example.com")')
    assert outcome.answer.ok
    assert outcome.right


def test_answers_are_remembered_until_the_population_grows() -> None:
    """One filter is sent once."""
    population, directory = people()
    for _ in range(3):
        query(population, "userName pr")
    assert len(directory.asked) == 1


class FirstAlone(Directory):
    """Returns one match, whatever else matches."""

    def found(self, expression: str) -> list[JSONObject]:
        return super().found(expression)[:1]


class Everything(Directory):
    """Ignores filters."""

    def found(self, expression: str) -> list[JSONObject]:
        return self.users


class PrefixAsEqual(Directory):
    """Carries out co as sw."""

    def found(self, expression: str) -> list[JSONObject]:
        return super().found(expression.replace(" co ", " sw "))


class Crashing(Directory):
    """Answers each filter with 500, and lists its users without one."""

    listed = 200

    def search(self, endpoint: str, filter: str, **parameters: str | int) -> Exchange:
        return replace(super().search(endpoint, filter, **parameters), status=500)

    def get(self, path: str) -> Exchange:
        """The whole list."""
        return replace(exchange(path, {"totalResults": len(self.users), "Resources": self.users}), status=self.listed)


class Spoilt(Crashing):
    """Holds a user that it cannot show: whatever lists that user fails."""

    listed = 500


def judge(requirement: str) -> Judge:
    """A judge of one requirement."""
    return Judge(load(), [requirement])


@pytest.mark.parametrize(
    ("kind", "requirement", "expression", "cause"),
    [
        (FirstAlone, "RFC7644-3.4.2.2-15", "userName pr", ALL_MATCHES),
        (Everything, "RFC7644-3.4.2.2-12", 'userName co "amber"', ONLY_MATCHES),
        (Spoilt, "RFC7644-3.4.2.2-15", "userName pr", LISTED),
    ],
)
def test_more_basic_faults_take_the_blame(kind: type[Directory], requirement: str, expression: str, cause: str) -> None:
    """A filter that fails for a reason that all filters have is blocked by the clause on all filters."""
    population, _ = people(kind)
    with pytest.raises(Blocked) as caught:
        judge_filter(judge(requirement), requirement, population, expression)
    assert caught.value.blocked_by == cause


def test_an_operator_takes_its_own_blame() -> None:
    """When other filters or the plain list work, the operator has its own clause; the finding names who is missing."""
    book = judge("RFC7644-3.4.2.2-15")
    assert not judge_filter(book, "RFC7644-3.4.2.2-15", people(Crashing)[0], "userName pr")
    population, _ = people(PrefixAsEqual)
    book = judge("RFC7644-3.4.2.2-12")
    assert not judge_filter(book, "RFC7644-3.4.2.2-12", population, 'userName co "mber"')
    assert book.findings[0].verdict is Verdict.FAILED
    assert "t-amber@example.com missing" in book.findings[0].observed
