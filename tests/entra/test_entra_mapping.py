"""Attribute mappings: nothing is lost between file and model, and each line yields what the portal promises."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scimcheck.entra.apps import app_names, load_app
from scimcheck.entra.expression.values import Value
from scimcheck.entra.mapping import Desired, desired
from scimcheck.entra.mapping.check import problems
from scimcheck.entra.mapping.codec import Misplaced
from scimcheck.entra.mapping.model import (
    AttributeDefinition,
    AttributeMapping,
    Kind,
    ObjectDefinition,
    ObjectMapping,
    Source,
    read_schema,
    write_schema,
)
from scimcheck.entra.mapping.place import line_of, told
from scimcheck.resources import bundled

NAMES = st.text('abcdefgh.:[]"= é', max_size=12)
MAPPING = st.fixed_dictionaries(
    {"targetAttributeName": NAMES},
    optional={
        "source": st.none()
        | st.fixed_dictionaries(
            {"expression": NAMES, "type": st.sampled_from(["Attribute", "Constant", "Function", "Other"])},
            optional={"name": NAMES, "parameters": st.lists(st.fixed_dictionaries({"key": NAMES}), max_size=1)},
        ),
        "defaultValue": st.none() | NAMES,
        "matchingPriority": st.integers(0, 9),
        "flowType": st.sampled_from(["Always", "ObjectAddOnly", "unknownFutureValue"]),
        "flowBehavior": st.sampled_from(["FlowWhenChanged", "FlowAlways"]),
        "exportMissingReferences": st.booleans(),
    },
)
CLAUSE = st.fixed_dictionaries(
    {
        "operatorName": NAMES,
        "sourceOperandName": NAMES,
        "targetOperand": st.fixed_dictionaries({"values": st.lists(NAMES)}),
    }
)
FILTER = st.fixed_dictionaries(
    {"groups": st.lists(st.fixed_dictionaries({"name": NAMES, "clauses": st.lists(CLAUSE, max_size=2)}), max_size=2)},
    optional={"categoryFilterGroups": st.just([])},
)
OBJECT = st.fixed_dictionaries(
    {"sourceObjectName": NAMES, "targetObjectName": NAMES},
    optional={
        "name": NAMES,
        "enabled": st.booleans(),
        "flowTypes": st.sampled_from(["Add, Update, Delete", "Add", "Update"]),
        "scope": st.none() | FILTER,
        "attributeMappings": st.lists(MAPPING, max_size=3),
        "metadata": st.just([{"key": "Disposition", "value": '"Normal"'}]),
    },
)
SCHEMA = st.fixed_dictionaries(
    {
        "id": NAMES,
        "synchronizationRules": st.lists(
            st.fixed_dictionaries({"name": NAMES, "objectMappings": st.lists(OBJECT, max_size=2)}), max_size=2
        ),
    },
    optional={"version": NAMES, "directories": st.lists(st.fixed_dictionaries({"name": NAMES}), max_size=1)},
)


def is_within(part: Any, whole: Any) -> bool:
    """Whether everything of the first value stands in the second one."""
    if isinstance(part, dict):
        return isinstance(whole, dict) and all(key in whole and is_within(part[key], whole[key]) for key in part)
    if isinstance(part, list):
        return isinstance(whole, list) and len(part) == len(whole) and all(map(is_within, part, whole))
    return bool(part == whole)


@given(SCHEMA)
def test_nothing_is_lost_between_file_and_model(document: dict[str, Any]) -> None:
    """What was read is written again, members nobody knows and nulls included; and reading that changes nothing."""
    model = read_schema(document)
    written = write_schema(model)
    assert is_within(document, written)
    again = read_schema(written)
    assert write_schema(again) == written


@pytest.mark.parametrize("name", app_names())
def test_a_bundled_schema_is_written_as_it_was_read(name: str) -> None:
    file = bundled("fixtures") / "entra" / "apps" / f"{name}.json"
    document = json.loads(file.read_text(encoding="utf-8"))["schema"]
    before = copy.deepcopy(document)
    assert write_schema(read_schema(document)) == document == before


def test_a_null_that_was_given_a_value_keeps_it() -> None:
    document = {"targetAttributeName": "a", "defaultValue": None, "source": None}
    schema = read_schema({"synchronizationRules": [{"objectMappings": [
        {"sourceObjectName": "User", "targetObjectName": "u", "attributeMappings": [document]}]}]})  # fmt: skip
    line = schema.rules[0].objects[0].mappings[0]
    changed = AttributeMapping(line.target, line.source, default="x", others=line.others)
    assert (changed.default, line.default) == ("x", "")


@pytest.mark.parametrize(
    ("document", "place", "reason"),
    [
        ([], (), "expected an object, found an array"),
        ({"synchronizationRules": {}}, ("synchronizationRules",), "expected an array, found an object"),
        (
            {"synchronizationRules": [{"objectMappings": [{"sourceObjectName": "User"}]}]},
            ("synchronizationRules", 0, "objectMappings", 0),
            "targetObjectName is missing",
        ),
        (
            {"synchronizationRules": [{"objectMappings": [{"sourceObjectName": "User", "enabled": "yes"}]}]},
            ("synchronizationRules", 0, "objectMappings", 0),
            "targetObjectName is missing",
        ),
        ({"directories": [{"name": True}]}, ("directories", 0, "name"), "expected a text, found true or false"),
    ],
)
def test_what_is_misplaced_is_pointed_at(document: Any, place: tuple[str | int, ...], reason: str) -> None:
    with pytest.raises(Misplaced) as error:
        read_schema(document)
    assert (error.value.place, error.value.reason) == (place, reason)


@given(st.recursive(st.integers() | st.text(max_size=5), lambda inner: st.lists(inner) | st.dictionaries(NAMES, inner)))
def test_a_place_is_found_on_its_line(value: Any) -> None:
    """Printed with a line for each value, every value is found on the line that holds it."""
    text = json.dumps(value, indent=1)
    lines = text.split("\n")
    for place, item in places(value):
        line = lines[line_of(text, place) - 1]
        shown = json.dumps(item, indent=1).split("\n")[0]
        assert shown in line


def places(value: Any, place: tuple[str | int, ...] = ()) -> Any:
    yield place, value
    if isinstance(value, dict):
        for key, item in value.items():
            yield from places(item, (*place, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from places(item, (*place, index))


def test_a_place_that_is_not_there_is_the_nearest_one() -> None:
    text = '{\n "a": [\n  1,\n  {"b": 2}\n ]\n}'
    assert line_of(text, ("a", 1, "c", 5)) == 4
    assert line_of(text, ("a", 7)) == 2
    assert line_of(text, ("x",)) == 1
    assert told(("a", 1, "b")) == "a[1].b"


def line(target: str, expression: str | None = None, **more: Any) -> AttributeMapping:
    return AttributeMapping(target, Source(expression) if expression is not None else None, **more)


def table(*lines: AttributeMapping) -> ObjectMapping:
    return ObjectMapping("User", "u", mappings=lines)


PERSON: dict[str, Value] = {
    "mail": "mara@example.com",
    "surname": "Lindqvist",
    "IsSoftDeleted": False,
    "appRoleAssignments": ["Editor", "Viewer"],
    "manager": "boss",
    "size": "7",
}


def made(*lines: AttributeMapping, creating: bool = True, definition: ObjectDefinition | None = None) -> Desired:
    return desired(table(*lines), PERSON, definition, creating=creating)


@pytest.mark.parametrize(
    ("text", "kind"),
    [("[mail]", Kind.DIRECT), ('"SAML"', Kind.CONSTANT), ('Append([mail], "x")', Kind.EXPRESSION), (None, Kind.NONE)],
)
def test_the_type_of_a_line_is_that_of_its_expression(text: str | None, kind: Kind) -> None:
    assert line("a", text).kind is kind


@pytest.mark.parametrize(("kind", "text"), [("Attribute", "[a b]"), ("Constant", '"a b"')])
def test_a_missing_expression_is_made_of_name_and_type(kind: str, text: str) -> None:
    assert Source("", name="a b", type=kind).text == text


def test_direct_constant_and_expression_yield_their_values() -> None:
    found = made(line("a", "[mail]"), line("b", '"SAML"'), line("c", 'Join(" ", [surname], [mail])'))
    assert found.values == {"a": "mara@example.com", "b": "SAML", "c": "Lindqvist mara@example.com"}


def test_nothing_is_made_of_nothing() -> None:
    """Nulls, and what an expression makes of nulls, are not sent."""
    assert made(line("a", "[absent]"), line("b", 'Join("", [absent], [absent])'), line("c")).values == {}


def test_a_default_counts_on_creation_only() -> None:
    lines = (line("a", "[absent]", default="x"), line("b", default="y"))
    assert made(*lines).values == {"a": "x", "b": "y"}
    assert made(*lines, creating=False).values == {}


def test_a_line_for_creation_is_no_part_of_a_change() -> None:
    once = line("locale", "[mail]", flow_type="ObjectAddOnly")
    assert made(once).values == {"locale": "mara@example.com"}
    assert made(once, creating=False).values == {}


def test_a_failing_expression_takes_its_attribute_alone_with_it() -> None:
    found = made(line("a", 'Error("no")'), line("b", "[mail]"), line("c", "[appRoleAssignments]"))
    assert found.values == {"b": "mara@example.com"}
    assert set(found.failed) == {"a", "c"}
    assert "several values" in found.failed["c"]


def test_values_take_the_type_of_their_target() -> None:
    definition = ObjectDefinition(
        "u",
        (
            AttributeDefinition("n", "Integer"),
            AttributeDefinition("m", "Integer"),
            AttributeDefinition("many", multi_valued=True),
            AttributeDefinition("flag", "Boolean"),
        ),
    )
    lines = (line("n", "[size]"), line("m", "[mail]"), line("many", "[mail]"), line("flag", '"true"'))
    found = made(*lines, definition=definition)
    assert found.values == {"n": 7, "many": ["mara@example.com"], "flag": True}
    assert "no whole number" in found.failed["m"]
    assert found.texts == {"flag"}


def test_active_is_a_boolean_that_came_as_text() -> None:
    found = made(line("active", 'Switch([IsSoftDeleted], , "False", "True", "True", "False")'))
    assert (found.values, found.texts) == ({"active": True}, {"active"})


def test_references_wait() -> None:
    """A reference is not part of a creation: the id at the target is not known yet."""
    found = made(line("urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager", "[manager]"))
    assert found.values == {}
    assert list(found.references.values()) == [("boss",)]


def test_roles_come_in_their_shapes() -> None:
    single = made(line('roles[primary eq "True"].value', "SingleAppRoleAssignment([appRoleAssignments])"))
    assert single.values == {
        'roles[primary eq "True"].value': "Editor",
        'roles[primary eq "True"].type': "WindowsAzureActiveDirectoryRole",
    }
    many = made(line("roles", "AssertiveAppRoleAssignmentsComplex([appRoleAssignments])"))
    roles: Any = many.values["roles"]
    assert [role["value"] for role in roles] == ["Editor", "Viewer"]


def texts_of(change: Any) -> list[tuple[bool, str]]:
    body = write_schema(load_app("keepnet").schema)
    change(body)
    return [(problem.error, problem.text) for problem in problems(read_schema(body))]


def first_table(body: Any) -> Any:
    return body["synchronizationRules"][0]["objectMappings"][0]


def test_a_required_attribute_that_may_stay_empty_is_told_before_entra_does() -> None:
    told = [text for _, text in texts_of(lambda body: None)]
    assert told == ['emails[type eq "work"].value is required: a directory user without mail would not sync']


def test_a_default_or_a_second_source_heals_it() -> None:
    def coalesce(body: Any) -> None:
        first_table(body)["attributeMappings"][4]["source"]["expression"] = "Coalesce([mail], [userPrincipalName])"

    def default(body: Any) -> None:
        first_table(body)["attributeMappings"][4]["defaultValue"] = "nobody@example.com"

    assert texts_of(coalesce) == []
    assert texts_of(default) == []


@pytest.mark.parametrize(
    ("index", "key", "value", "told"),
    [
        (
            3,
            "expression",
            "[jobtitle]",
            "title: the directory has no attribute jobtitle, so it has no value; is it jobTitle?",
        ),
        (3, "expression", "[zzz]", "title: the directory has no attribute zzz, so it has no value"),
        (3, "expression", "Trim2([jobTitle])", "title: column 1: there is no function Trim2; is it Trim?"),
        (3, "expression", 'Join(" ", [jobTitle]', "title: column 21: the expression ends too early"),
    ],
)
def test_doubts_about_a_source_are_told(index: int, key: str, value: str, told: str) -> None:
    def change(body: Any) -> None:
        first_table(body)["attributeMappings"][index]["source"][key] = value

    assert any(text.startswith(told) for _, text in texts_of(change))


def test_what_an_administrator_forgets_is_told() -> None:
    def change(body: Any) -> None:
        lines = first_table(body)["attributeMappings"]
        del lines[4], lines[1]
        lines.append({"targetAttributeName": "nickName", "source": None})

    found = texts_of(change)
    assert (False, "active is not mapped: users who are unassigned or disabled are deleted, not disabled") in found
    assert (False, 'emails[type eq "work"].value is required and nothing is mapped to it') in found
    assert (False, "nickName has neither a source nor a default value: nothing is ever sent") in found
    assert not any(error for error, _ in found)
