"""The registry of deviations and variants, and that each one changes something and breaks nothing else."""

import pytest
from provider_client import Client, user

from scimcheck.core.errors import UsageError
from scimcheck.core.http import Request
from scimcheck.core.json import JSONObject
from scimcheck.provider import Provider, build_provider, deviations, variants
from scimcheck.provider.faults import deviation, on_request, on_resource, on_response, wrap
from scimcheck.provider.operations import Operations
from scimcheck.provider.tokens import MAIN_TOKEN
from scimcheck.requirements.catalogue import load

CATALOGUE = load()
#: Variants whose resources are not the everyday ones; the suites, which read the definitions, live with them.
OTHERWISE = ("own-extension-required", "people", "users-alone")
ADA = "ada@example.com"
FULL: JSONObject = {
    "displayName": "Ada",
    "name": {"familyName": "Lovelace"},
    "emails": [{"value": ADA, "type": "work"}],
    "password": "t1meless-Passw0rd",
}


@pytest.mark.parametrize("name", deviations())
def test_deviation_names_real_requirements_and_builds(name: str) -> None:
    entry = deviations()[name]
    assert entry.breaks
    assert set(entry.breaks) | set(entry.also) <= set(CATALOGUE)
    assert entry.text.endswith(".")
    assert entry.area
    assert isinstance(build_provider(name), Provider)


@pytest.mark.parametrize("name", variants())
def test_variant_names_a_real_requirement_and_serves(name: str) -> None:
    """The everyday life of a user and a group works under every legal choice."""
    entry = variants()[name]
    assert entry.reading in CATALOGUE
    assert entry.settings or entry.apply
    client = Client(name)
    if name in OTHERWISE or not client.provider.settings.create_supported:
        assert client.get("/ResourceTypes").status == 200
        return
    ada = client.user(ADA, **FULL)
    group = client.group("Sales", [ada["id"]])
    path = "/Users/" + ada["id"]
    patched = client.patch(path, {"op": "add", "path": "externalId", "value": "X-1"})
    assert patched.status in ((200, 204) if client.provider.settings.patch_supported else (501, 405, 404, 403))
    assert client.get(path).body.get("externalId", "X-1") == "X-1"
    if client.provider.settings.filter_supported:
        assert client.find("/Users", f'userName eq "{ADA}"').ids == [ada["id"]]
    assert client.put(path, user(ADA, **FULL | {"displayName": "Ada L"})).status in (200, 204)
    assert client.get("/Groups/" + group["id"], "attributes=members").body["members"][0]["value"] == ada["id"]
    assert client.delete(path).status == 204
    assert client.get(path).status == 404


def test_unknown_name_is_a_usage_error_with_close_matches() -> None:
    with pytest.raises(UsageError, match="create-answers-200"):
        build_provider("create-answer-200")


def test_deviation_of_one_provider_does_not_touch_another() -> None:
    assert Client("create-answers-200").post("/Users", user()).status == 200
    assert Client().post("/Users", user()).status == 201


def test_deviations_and_variants_combine() -> None:
    client = Client("create-answers-200", "integer-ids")
    answer = client.post("/Users", user())
    assert (answer.status, answer.body["id"].isdigit()) == (200, True)


def test_helpers_reach_requests_resources_replies_and_steps() -> None:
    """The four ways to write a deviation, as its module describes them."""
    provider = build_provider()
    on_request(provider, lambda r: Request("GET", "/Users", "", r.headers) if r.path == "/People" else None)
    on_resource(provider, lambda resource, stored: resource.update(was=stored["userName"]), resource_type="User")
    on_response(
        provider, lambda request, reply: reply.headers.update(X="1"), method="GET", endpoint="/Users", status=200
    )
    wrap(provider, "new_id", lambda original, ctx: "made-" + original(ctx))
    client = Client("x", provider=provider)
    client.token = MAIN_TOKEN
    client.checked = False
    created = client.user()
    assert created["was"] == "ada"
    assert created["id"].startswith("made-")
    answer = client.get("/People")
    assert (answer.headers["X"], answer.body["Resources"][0]["was"]) == ("1", "ada")
    assert "X" not in client.get("/Users/none").headers


def test_every_step_can_be_wrapped() -> None:
    for name in Operations.__dataclass_fields__:
        provider = build_provider()
        wrap(provider, name, lambda original, *arguments, **named: original(*arguments, **named))
        client = Client(provider=provider)
        client.patch(
            "/Groups/" + client.group(members=[client.user()["id"]])["id"], {"op": "remove", "path": "members"}
        )
        assert client.find("/Users", "userName pr", "sortBy=userName").body["totalResults"] == 1


def test_two_modules_cannot_share_a_name() -> None:
    """The message names both, and nothing is replaced."""
    before = deviations()["create-answers-200"]
    with pytest.raises(ValueError, match="create-answers-200: in create and test_provider_faults"):
        deviation("create-answers-200", breaks=["RFC7644-3.3-01"], text="x")(lambda provider: None)
    assert deviations()["create-answers-200"] is before
