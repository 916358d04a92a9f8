"""The apps that come along: their files, what they map, and the errors of files that cannot be used."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from scimcheck.core.errors import UsageError
from scimcheck.entra.apps import App, app_names, load_app, mapped_targets, read_app
from scimcheck.entra.data import table
from scimcheck.entra.mapping.check import problems
from scimcheck.entra.mapping.model import Kind
from scimcheck.resources import bundled

FOLDER = bundled("fixtures") / "entra"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
WORK_MAIL = 'emails[type eq "work"].value'
INTERACT = "urn:ietf:params:scim:schemas:extension:interactsoftware:2.0"


def content(name: str) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((FOLDER / "apps" / f"{name}.json").read_text(encoding="utf-8"))
    return loaded


@pytest.mark.parametrize("name", app_names())
def test_an_app_follows_its_format(name: str) -> None:
    schema = json.loads((FOLDER / "formats" / "app.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.Draft202012Validator(schema).validate(content(name))


@pytest.mark.parametrize("name", app_names())
def test_a_bundled_app_has_no_error(name: str) -> None:
    """A warning that some users would not sync is the vendor's, an error would be ours."""
    assert [problem for problem in problems(load_app(name).schema) if problem.error] == []


def test_the_vendors_apps_come_along() -> None:
    assert app_names() == ("default", "compliance-ai", "interact", "keepnet", "metacompliance")


def test_the_default_app_has_the_default_mappings() -> None:
    """One table, two forms: the fixture of the default mappings and the app must not drift apart."""
    app = load_app("default")
    for kind, known in zip(("User", "Group"), table("default_mappings")["objects"], strict=True):
        mapping = app.mapping(kind)
        assert mapping is not None
        assert mapped_targets(app, kind) == tuple(row["target"] for row in known["mappings"])
        for line, row in zip(mapping.mappings, known["mappings"], strict=True):
            assert line.expression == row.get("expression", f"[{row.get('source')}]")
            assert line.matching == row.get("matching_precedence", 0)
            assert line.kind.value == row["type"]


def test_compliance_ai_maps_four_attributes_of_users_and_no_group() -> None:
    app = load_app("compliance-ai")
    assert mapped_targets(app, "User") == ("userName", "active", "externalId", "userType")
    assert mapped_targets(app, "Group") == ()
    assert app.flag == "on"


def test_keepnet_requires_a_work_address() -> None:
    app = load_app("keepnet")
    assert app.required("User") == {"userName", WORK_MAIL}
    assert mapped_targets(app, "User") == mapped_targets(load_app("default"), "User")


def test_metacompliance_leaves_out_what_the_vendor_does_not_support() -> None:
    app = load_app("metacompliance")
    gone = set(mapped_targets(load_app("default"), "User")) - set(mapped_targets(app, "User"))
    phones = {f'phoneNumbers[type eq "{kind}"].value' for kind in ("work", "mobile", "fax")}
    assert gone == {"displayName", f"{ENTERPRISE}:employeeNumber", *phones}
    groups = app.definition("Group")
    members = groups.attribute("members") if groups else None
    assert members is not None
    assert [item["referencedObjectName"] for item in members.others["referencedObjects"]] == [ENTERPRISE]


def test_interact_matches_by_three_attributes_in_order() -> None:
    app = load_app("interact")
    assert app.matching("User") == ("userName", WORK_MAIL, "externalId")
    assert {f"{INTERACT}:User:location", f"{INTERACT}:User:loginType"} <= app.required("User")
    group = app.mapping("Group")
    line = group.line(f"{INTERACT}:Group:groupType") if group else None
    assert line is not None
    assert (line.kind, line.expression) == (Kind.CONSTANT, '"group"')


def test_an_app_that_does_not_exist_is_named_with_the_likely_one() -> None:
    with pytest.raises(UsageError, match=r"there is no app 'keepnett'; is it keepnet\?"):
        load_app("keepnett")
    with pytest.raises(UsageError, match="there are default, compliance-ai"):
        load_app("zzz")


def test_the_form_of_a_download_and_of_a_template_are_both_read(tmp_path: Path) -> None:
    """The portal downloads the schema alone, in UTF-8 that may begin with a byte-order mark."""
    file = tmp_path / "download.json"
    file.write_text(json.dumps(content("interact")["schema"]), encoding="utf-8-sig")
    app = load_app(str(file))
    assert app == App("download", load_app("interact").schema)


def broken(tmp_path: Path, change: Any) -> str:
    """The error of the compliance-ai app after a change of its content, without the folder."""
    body = content("compliance-ai")
    change(body)
    file = tmp_path / "mine.json"
    file.write_text(json.dumps(body, indent=2), encoding="utf-8")
    with pytest.raises(UsageError) as error:
        read_app(file)
    text = str(error.value)
    assert "\n" not in text
    number = int(text.split(":")[1])
    return f"{text}\n{file.read_text(encoding='utf-8').splitlines()[number - 1].strip()}"


def users(body: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = body["schema"]["synchronizationRules"][0]["objectMappings"][0]["attributeMappings"]
    return found


def test_the_expression_as_the_guide_prints_it_is_refused_with_its_position(tmp_path: Path) -> None:
    printed = 'Switch([IsSoftDeleted]), "False", "true", "True", "false")'

    def change(body: dict[str, Any]) -> None:
        users(body)[1]["source"]["expression"] = printed

    told, line = broken(tmp_path, change).split("\n")
    assert "attributeMappings[1].source.expression: active: column 24: did not expect ','" in told
    assert printed[:24] in line.replace('\\"', '"')


@pytest.mark.parametrize(
    ("key", "value", "told"),
    [
        ("targetAttributeName", " nickName", "begins or ends with a blank"),
        ("targetAttributeName", "nick?Name", "has a question mark in it"),
        ("targetAttributeName", "emails[type", "target attribute 'emails[type'"),
        ("targetAttributeName", "id", "id is the endpoint's to give"),
        ("targetAttributeName", "externalId", "externalId is mapped twice"),
        ("targetAttributeName", 7, "expected a text, found a number"),
        ("matchingPriority", "1", "expected a whole number, found a text"),
        ("matchingPriority", 1, "have the same precedence 1"),
        ("matchingPriority", -1, "counts from 1"),
        ("source", [], "expected an object, found an array"),
    ],
)
def test_a_line_of_the_table_that_cannot_be_used_is_pointed_at(
    tmp_path: Path, key: str, value: object, told: str
) -> None:
    def change(body: dict[str, Any]) -> None:
        users(body)[3][key] = value

    text, line = broken(tmp_path, change).split("\n")
    assert told in text
    assert f"attributeMappings[3].{key}: " in text
    assert key in line


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda body: users(body)[0].pop("targetAttributeName"), "targetAttributeName is missing"),
        (lambda body: users(body)[0].update(matchingPriority=0), "existing resources are never found"),
        (lambda body: body.update(flag="maybe"), "'maybe' is none of off, on, both"),
        (lambda body: body.update(notes="none"), "expected an array of texts"),
        (lambda body: body.pop("schema"), "no synchronization schema"),
        (lambda body: body["schema"].update(synchronizationRules=[]), "there is no object mapping"),
    ],
)
def test_a_file_that_makes_no_app_is_refused_in_one_line(tmp_path: Path, change: Any, told: str) -> None:
    assert told in broken(tmp_path, change)


def test_an_attribute_list_with_a_bad_name_is_refused(tmp_path: Path) -> None:
    """A name with a blank or a question mark makes a real endpoint fail on every request."""

    def change(body: dict[str, Any]) -> None:
        body["schema"]["directories"][1]["objects"][0]["attributes"][3]["name"] = "displayName "

    assert "begins or ends with a blank" in broken(tmp_path, change)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (b'{"a": ', "not JSON"),
        (b"[]", "expected an object"),
        (b"\xff\xfe\x00", "not UTF-8"),
        (b"[" * 200_000, "nested too deep"),
    ],
)
def test_what_is_no_json_is_refused(tmp_path: Path, text: bytes, told: str) -> None:
    file = tmp_path / "mine.json"
    file.write_bytes(text)
    with pytest.raises(UsageError, match=told):
        read_app(file)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"absent\.json: No such file"):
        load_app(str(tmp_path / "absent.json"))
