"""Profiles: service providers as data, the bundled ones and everybody's own, and what is told of one that is wrong."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from provider_client import Client, user

from scimcheck.cli import main
from scimcheck.core import urns
from scimcheck.core.errors import UsageError
from scimcheck.core.http import Request
from scimcheck.provider import build_provider, profiles
from scimcheck.provider.profiles import load_profile, profile_files
from scimcheck.provider.profiles.positions import lines_of
from scimcheck.requirements.catalogue import load
from scimcheck.resources import bundled

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

NAMES = ("compliance-ai", "interact", "keepnet", "metacompliance")
FORMAT = bundled("fixtures") / "formats" / "profile.schema.json"
USER = f'[schemas."{urns.USER}"]'


def written(folder: Path, text: str) -> Path:
    file = folder / "mine.toml"
    file.write_text(text, encoding="utf-8")
    return file


def schema_of(client: Client, urn: str) -> dict[str, Any]:
    found: dict[str, Any] = client.get(f"/Schemas/{urn}").body
    return {attribute["name"]: attribute for attribute in found["attributes"]}


# The bundled ones


def test_the_bundled_profiles_are_these() -> None:
    assert tuple(profiles()) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_a_bundled_profile_follows_the_format(name: str) -> None:
    """The JSON Schema and the reader agree, and what is expected are requirements that there are."""
    schema = json.loads(FORMAT.read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)
    Draft202012Validator(schema).validate(tomllib.loads(profile_files()[name].read_text(encoding="utf-8")))
    assert {each for item in profiles()[name].expected for each in item.requirements} <= set(load())


def test_a_user_without_work_address_is_refused_by_keepnet() -> None:
    """The error names the attribute, and /Schemas says that it is required."""
    client = Client("keepnet")
    refused = client.post("/Users", user("ada"))
    assert (refused.status, refused.body["scimType"]) == (400, "invalidValue")
    assert "emails" in refused.body["detail"]
    assert schema_of(client, urns.USER)["emails"]["required"] is True
    home = client.post("/Users", user("ada", emails=[{"value": "ada@example.com", "type": "home"}]))
    assert home.status == 400
    assert client.post("/Users", user("ada", emails=[{"value": "ada@example.com", "type": "work"}])).status == 201


def test_a_group_among_members_is_refused_by_metacompliance() -> None:
    """Groups hold users only; the path holds the customer's key."""
    client = Client("metacompliance")
    group = client.post("/Groups", {"schemas": [urns.GROUP], "displayName": "Sales"}).body["id"]
    members = [{"value": group, "type": "Group"}]
    refused = client.post("/Groups", {"schemas": [urns.GROUP], "displayName": "All", "members": members})
    assert refused.status == 400
    assert profiles()["metacompliance"].secret_path


def test_unsupported_attributes_are_dropped_or_refused_by_metacompliance() -> None:
    """Dropped from a new user, refused in a PATCH."""
    client = Client("metacompliance")
    mails = [{"value": "ada@example.com", "type": "work"}]
    needed = {"externalId": "1", "emails": mails, "name": {"givenName": "Ada", "familyName": "Byron"}}
    created = client.post("/Users", user("ada", displayName="Ada", **needed))
    assert created.status == 201
    assert "displayName" not in created.body
    refused = client.patch(f"/Users/{created.body['id']}", {"op": "replace", "path": "displayName", "value": "Ada"})
    assert (refused.status, refused.body["scimType"]) == (400, "invalidPath")


def test_required_extensions_are_demanded_by_interact() -> None:
    """A group needs its groupType, and the resource type says so."""
    client = Client("interact")
    urn = "urn:ietf:params:scim:schemas:extension:interactsoftware:2.0:Group"
    group = {"schemas": [urns.GROUP], "displayName": "Sales"}
    assert client.post("/Groups", group).status == 400
    extended = {**group, "schemas": [urns.GROUP, urn], urn: {"groupType": "department"}}
    assert client.post("/Groups", extended).status == 201
    assert client.post("/Groups", {**extended, urn: {"groupType": "choir"}}).status == 400
    assert client.provider.settings.base_path == "/api/v2/scim/v2"


def test_interact_tells_of_its_health_without_a_token() -> None:
    """A word for browsers, and no SCIM message; nothing else is open, and other methods are not offered."""
    client = Client("interact", token=None)
    response = client.provider.handle(Request("GET", "/health"))
    assert (response.status, response.body) == (200, b"Healthy")
    assert response.headers["Content-Type"].startswith("text/plain")
    assert client.provider.handle(Request("DELETE", "/health")).status == 405
    assert client.get("/Users").status == 401
    assert Client().get("/health").status == 404


def test_a_question_mark_in_a_name_breaks_interact(tmp_path: Path) -> None:
    """With such a field of the customer's every activity within SCIM ends in 500; without the profile nothing does."""
    file = written(tmp_path, f'title = "Ours"\n[[{USER[1:-1]}.add]]\nname = "vegetarian?"\n')
    client = Client("interact", str(file))
    for answer in (client.get("/Users"), client.get("/Schemas"), client.post("/Users", user("ada"))):
        assert (answer.status, answer.body["schemas"]) == (500, [urns.ERROR])
        assert "vegetarian?" in answer.body["detail"]
    assert client.provider.handle(Request("GET", "/health")).status == 200
    assert Client(str(file)).get("/Users").status == 200


def test_compliance_ai_answers_as_in_its_samples() -> None:
    """The forms of the documented samples, one by one."""
    client = Client("compliance-ai")
    created = client.post("/Users", user("test@compliance.test"))
    shown = created.body["Resources"][0]
    path = f"/Users/{shown['id']}"
    assert created.headers["Location"].endswith(f"/v1{path}")
    assert " " in shown["meta"]["created"]
    assert (shown["enabled"], shown["roles"], shown["timezone"]) == (True, ["Lite Team User"], "UTC")
    message = {"op": "replace", "path": "externalId", "value": "123"}
    assert client.patch(path, message).body["Operations"] == [message]
    found = client.find("/Users", 'userName eq "test@compliance.test"').body
    assert (found["itemsPerPage"], found["Resources"][0]["id"]) == (100, int(shown["id"]))
    assert found["Resources"][0]["roles"] == "Lite Team User"
    assert client.delete(path).status == 501
    assert client.get("/Groups").status == 404


# One's own


def test_a_profile_of_ones_own(tmp_path: Path) -> None:
    """Settings, schemas, types, deviations and files beside it, all together."""
    device = {
        "schemas": [urns.SCHEMA],
        "id": "urn:example:Badge",
        "name": "Badge",
        "attributes": [{"name": "colour", "type": "string", "multiValued": False, "required": True}],
    }
    (tmp_path / "badge.json").write_text(json.dumps(device), encoding="utf-8")
    text = f"""
title = "Mine"
base_path = "/x/scim"
definitions = ["badge.json"]
deviations = ["create-answers-200"]
[settings]
bulk_supported = false
indexed = ["userName"]
[resource_types.User]
extensions = {{ "urn:example:Badge" = true }}
{USER}
remove = ["nickName", "name.middleName"]
require = ["title"]
[[schemas."{urns.USER}".add]]
name = "shoeSize"
type = "integer"
[[schemas."{urns.USER}".add]]
name = "name.title"
[schemas."{urns.USER}".change."emails.type"]
canonicalValues = ["work"]
"""
    client = Client(str(written(tmp_path, text)))
    body = user("ada", title="Dr.", **{"urn:example:Badge": {"colour": "red"}})
    assert client.post("/Users", body).status == 200
    assert client.post("/Users", user("bob", title="Dr.")).status == 400
    attributes = schema_of(client, urns.USER)
    assert "nickName" not in attributes
    assert attributes["shoeSize"]["mutability"] == "readWrite"
    names = [sub["name"] for sub in attributes["name"]["subAttributes"]]
    assert "title" in names
    assert "middleName" not in names
    assert client.get("/Groups").status == 404
    assert client.provider.settings.base_path == "/x/scim"


def test_what_is_named_later_wins(tmp_path: Path) -> None:
    file = written(tmp_path, 'title = "Mine"\n[settings]\npatch_answers = "resource"\n')
    assert build_provider("patch-answers-204", str(file)).settings.patch_answers == "resource"
    assert build_provider(str(file), "patch-answers-204").settings.patch_answers == "no-content"


FAULTS = [
    ('title = "x"\nbase_pth = "/scim"', ":2: base_pth: there is no such key; close to it: base_path"),
    ("description = 'x'", ":1: title: is missing"),
    ("title = 3", ":1: title: has to be a text, not 3"),
    (
        'title = "x"\n\ndeviations = [\n  "create-answers-200",\n  "create-answers-20",\n]',
        ":5: deviations[1]: there is no deviation 'create-answers-20'; close to it: create-answers-200",
    ),
    (
        'title = "x"\nvariants = ["integer-id"]',
        ":2: variants[0]: there is no variant 'integer-id'; close to it: integer-ids",
    ),
    (
        'title = "x"\n[settings]\nbulk_suported = true',
        ":3: settings.bulk_suported: there is no such setting; close to it: bulk_supported",
    ),
    (
        'title = "x"\n[settings]\nbulk_supported = "no"',
        ":3: settings.bulk_supported: has to be true or false, not 'no'",
    ),
    (
        'title = "x"\n[settings]\nid_style = "roman"',
        ":3: settings.id_style: has to be one of uuid, integer, special, not 'roman'",
    ),
    ('title = "x"\nbase_path = "scim"', ":2: base_path: has to be a path such as /scim/v2, not 'scim'"),
    (
        f'title = "x"\n[schemas."{urns.USER}"]\nremove = ["userName", "shoeSize"]',
        f':3: schemas."{urns.USER}".remove[1]: the schema has no attribute shoeSize',
    ),
    ('title = "x"\n[schemas."urn:x"]\nremove = []', ':2: schemas."urn:x": no such schema is served'),
    (
        f'title = "x"\n[schemas."{urns.USER}".change]\ntitle = {{ mutability = "frozen" }}',
        f":3: schemas.\"{urns.USER}\".change.title.mutability: 'frozen' is none of readOnly, "
        "readWrite, immutable, writeOnly",
    ),
    ('title = "x"\n[resource_types.Device]', ":2: resource_types.Device: there are the resource types User, Group"),
    ('title = "x"\ndefinitions = ["none.json"]', ":2: definitions[0]: none.json does not lie beside the profile"),
    (
        'title = "x"\n[[expected]]\nfinding = "a"\nrequirements = ["RFC-1"]',
        ":4: expected[0].requirements[0]: 'RFC-1' is no requirement's id",
    ),
    ('title = "x"\ntitle = "y"', ":2: not TOML: cannot overwrite a value"),
]


@pytest.mark.parametrize(("text", "told"), FAULTS, ids=range(len(FAULTS)))
def test_what_is_wrong_is_told_with_its_place(text: str, told: str, tmp_path: Path) -> None:
    """One line: file, line, key, reason."""
    file = written(tmp_path, text)
    with pytest.raises(UsageError) as caught:
        build_provider(str(file))
    assert str(caught.value) == f"{file}{told}"


def test_a_missing_file_and_an_unknown_name(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"none\.toml: cannot be read: No such file"):
        load_profile(str(tmp_path / "none.toml"))
    with pytest.raises(UsageError, match="no profile, deviation or variant 'keepnt'; close to it: keepnet"):
        build_provider("keepnt")


def test_a_broken_profile_ends_serve_with_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = written(tmp_path, "title = 3")
    assert main(["serve", "--profile", str(file)]) == 4
    assert capsys.readouterr().err == f"scimcheck serve: {file}:1: title: has to be a text, not 3\n"


def test_profiles_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["list", "profiles"]) == 0
    listed = capsys.readouterr().out
    assert all(f"\n{name}  " in f"\n{listed}" for name in NAMES)
    assert listed.endswith("4 profiles\n")


# Positions

_KEYS = st.text(st.sampled_from("abcé\".\\'# ["), min_size=1, max_size=4)
_VALUES = st.sampled_from(
    [
        "1",
        "true",
        '"a # b"',
        "'c ] d'",
        '["x", [1, 2],\n  "y", # no\n]',
        "{ k = 1, l = [2] }",
        '"""p\n"q" r"""',
        "'''s\nt'''",
    ]
)


@given(st.dictionaries(_KEYS, _VALUES, min_size=1, max_size=6))
def test_every_key_has_its_line(pairs: dict[str, str]) -> None:
    """Whatever stands between them, the reader finds each key where it was written."""
    text, lines = "", {}
    for number, (key, value) in enumerate(pairs.items()):
        text += "\n" * (number % 3) + "# a comment = 1\n"
        lines[key] = text.count("\n") + 1
        text += f"{json.dumps(key)} = {value}\n"
    assert set(tomllib.loads(text)) == set(pairs)
    found = lines_of(text)
    assert {key: found[(key,)] for key in pairs} == lines


def test_tables_and_elements_have_their_lines() -> None:
    found = lines_of("[a.b]\nc.d = [\n 1,\n 2]\n[[e]]\nf = 1\n[[e]]\nf = { g = 2 }\n[e.h]\ni = 1")
    expected = {("a", "b"): 1, ("a", "b", "c", "d"): 2, ("a", "b", "c", "d", 1): 4, ("e", 0, "f"): 6}
    expected |= {("e", 1): 7, ("e", 1, "f", "g"): 8, ("e", 1, "h", "i"): 10}
    assert {place: found[place] for place in expected} == expected
