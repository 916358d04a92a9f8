import json
from datetime import datetime, timedelta, timezone
from itertools import count
from urllib.parse import quote

import pytest
from provider_client import Client

from scimcheck.core import urns
from scimcheck.core.messages import SearchRequest
from scimcheck.resources import bundled

EXAMPLES = [
    entry
    for entry in json.loads((bundled("fixtures") / "filters" / "filter_examples.json").read_text(encoding="utf-8"))
    if entry["kind"] == "filter" and not entry.get("ambiguous") and not entry.get("parser_only")
]


def _filled() -> Client:
    client = Client()
    instants = (datetime(2026, 1, 1, tzinfo=timezone.utc) + timedelta(seconds=number) for number in count())
    client.provider.ops.now = lambda ctx: next(instants)  # two users are made within one millisecond
    client.user("ada", displayName="Ada", active=True, emails=[{"value": "ada@x.org", "type": "work"}],
                name={"familyName": "Lovelace"}, enterprise={"employeeNumber": "811"})  # fmt: skip
    client.user("Bob", displayName="Bob", active=False, title="Dr",
                emails=[{"value": "bob@x.org", "type": "home"}, {"value": "b@y.org", "type": "work"}])  # fmt: skip
    client.user("eve", nickName="E", externalId="X-1")
    return client


@pytest.mark.parametrize(
    ("expression", "names"),
    [
        ('userName eq "ADA"', ["ada"]),
        ('USERNAME EQ "bob"', ["Bob"]),
        (f'{urns.USER}:userName eq "eve"', ["eve"]),
        ('externalId eq "X-1"', ["eve"]),
        ('externalId eq "x-1"', []),
        ('emails.value eq "ADA@x.org"', ["ada"]),
        ('emails eq "ada@x.org"', ["ada"]),
        ('emails[type eq "work" and value eq "bob@x.org"]', []),
        ('emails[type eq "work"].value eq "b@y.org"', ["Bob"]),
        ('emails.type eq "work" and emails.value eq "bob@x.org"', ["Bob"]),
        (f'{urns.ENTERPRISE_USER}:employeeNumber eq "811"', ["ada"]),
        ("title pr", ["Bob"]),
        ("not (title pr)", ["ada", "eve"]),
        ("active eq false", ["Bob"]),
        ('userName eq "ada" or nickName eq "E"', ["ada", "eve"]),
        ('userName sw "E" or displayName co "d" and not (title pr)', ["ada", "eve"]),
        ('meta.resourceType eq "User" and userName gt "b"', ["Bob", "eve"]),
        ('meta.created lt "2001-01-01T00:00:00Z"', []),
        (f'schemas eq "{urns.ENTERPRISE_USER}"', ["ada"]),
        ('userName eq "ada" and title pr', []),
    ],
)
def test_filters_find_exactly_what_matches(expression: str, names: list[str]) -> None:
    assert _filled().names(expression) == sorted(names)


@pytest.mark.parametrize("entry", EXAMPLES, ids=[entry["expr"] for entry in EXAMPLES])
def test_documented_expressions_are_answered_or_refused(entry: dict[str, object]) -> None:
    """Expressions off the grammar, or prescribed errors, are 400 invalidFilter; no other fails for its form."""
    endpoint = "/Groups" if str(entry["expr"]).startswith("members") else "/Users"
    answer = Client().find(endpoint, str(entry["expr"]))
    if entry["valid"] and "server" not in entry:
        assert answer.status == 200
    else:
        assert (answer.status, answer.scim_type) == (400, "invalidFilter")


@pytest.mark.parametrize("blank", ["+", "%20"])
def test_both_encodings_of_a_blank_are_understood(blank: str) -> None:
    """Entra sends the form encoding, test tools the other."""
    answer = _filled().get("/Users", f"filter=userName{blank}eq{blank}%22ada%22&aadOptscim062020")
    assert answer.body["totalResults"] == 1


def test_no_match_is_an_empty_list() -> None:
    answer = _filled().find("/Users", 'userName eq "nobody"')
    assert (answer.status, answer.body["totalResults"], answer.body["Resources"]) == (200, 0, [])


def test_unknown_attribute_is_refused_or_matches_nothing() -> None:
    assert Client().find("/Users", 'nope eq "x"').scim_type == "invalidFilter"
    assert Client("unknown-filter-attribute-matches-nothing").find("/Users", 'nope eq "x"').body["totalResults"] == 0


def test_password_in_a_url_is_sensitive_and_in_a_search_is_not() -> None:
    """RFC 7644 §7.5.2."""
    client = Client()
    answer = client.find("/Users", 'password eq "x"')
    assert (answer.status, answer.scim_type) == (403, "sensitive")
    assert client.post("/Users/.search", {"schemas": [urns.SEARCH_REQUEST], "filter": 'password eq "x"'}).status == 200


def test_pages_together_hold_every_resource_once() -> None:
    client = Client()
    for number in range(7):
        client.user(f"user{number}")
    seen: list[str] = []
    for start in (1, 4, 7):
        page = client.get("/Users", f"startIndex={start}&count=3").body
        assert (page["totalResults"], page["startIndex"]) == (7, start)
        assert page["itemsPerPage"] == len(page["Resources"])
        seen += [resource["userName"] for resource in page["Resources"]]
    assert seen == [f"user{number}" for number in range(7)]


@pytest.mark.parametrize(
    ("query", "start", "shown"),
    [("startIndex=0", 1, 3), ("startIndex=-5&count=2", 1, 2), ("count=0", 1, 0), ("count=-1", 1, 0),
     ("startIndex=99", 99, 0), ("count=9999", 1, 3)],
)  # fmt: skip
def test_positions_out_of_range_are_brought_into_it(query: str, start: int, shown: int) -> None:
    """RFC 7644 §3.4.2.4 table 6."""
    body = _filled().get("/Users", query).body
    assert (body["totalResults"], body["startIndex"], len(body["Resources"])) == (3, start, shown)


@pytest.mark.parametrize("query", ["startIndex=x", "count=1.5", "sortBy=userName&sortOrder=up"])
def test_faulty_parameters_are_refused_or_ignored(query: str) -> None:
    assert Client().get("/Users", query).scim_type == "invalidValue"
    assert Client("faulty-numbers-ignored").get("/Users", query).status == 200


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("sortBy=userName", ["ada", "Bob", "eve"]),
        ("sortBy=userName&sortOrder=descending", ["eve", "Bob", "ada"]),
        ("sortBy=nickName", ["eve", "ada", "Bob"]),
        ("sortBy=nickName&sortOrder=descending", ["ada", "Bob", "eve"]),
        ("sortBy=name.familyName&count=1", ["ada"]),
        (f"sortBy={urns.ENTERPRISE_USER}:employeeNumber&count=1", ["ada"]),
        ("sortBy=meta.created&sortOrder=descending", ["eve", "Bob", "ada"]),
    ],
)
def test_sorting(query: str, names: list[str]) -> None:
    """RFC 7644 §3.4.2.3: by type, without regard to case, resources without value last."""
    body = _filled().get("/Users", query).body
    assert [resource["userName"] for resource in body["Resources"]] == names


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("attributes=userName", {"schemas", "id", "userName"}),
        ("attributes=emails.value", {"schemas", "id", "emails"}),
        ("excludedAttributes=emails,name,meta", {"schemas", "id", "userName", "displayName", "active"}),
        ("excludedAttributes=id,schemas,emails,name,meta,active,displayName", {"schemas", "id", "userName"}),
    ],
)
def test_projection_of_lists(query: str, expected: set[str]) -> None:
    shown = _filled().get("/Users", query + "&filter=" + quote('userName eq "ada"')).body["Resources"][0]
    assert set(shown) - {urns.ENTERPRISE_USER} == expected


def test_root_query_covers_every_type() -> None:
    """RFC 7644 §3.4.2.1: an attribute that a type lacks has no value there."""
    client = _filled()
    client.group("Ada")
    assert client.get("/").body["totalResults"] == 4
    assert client.find("/", 'displayName eq "ada"').body["totalResults"] == 2
    assert client.find("/", 'meta.resourceType eq "Group"').body["totalResults"] == 1
    assert client.find("/", "userName pr").body["totalResults"] == 3
    names = [
        r["displayName"] for r in client.get("/", "sortBy=displayName&attributes=displayName&count=3").body["Resources"]
    ]
    assert names == ["Ada", "Ada", "Bob"]


@pytest.mark.parametrize("endpoint", ["/Users/.search", "/.search"])
def test_search_means_what_the_query_means(endpoint: str) -> None:
    """RFC 7644 §3.4.3."""
    client = _filled()
    body = {"schemas": [urns.SEARCH_REQUEST], "filter": "userName pr", "sortBy": "userName", "sortOrder": "descending",
            "attributes": ["userName"], "startIndex": 2, "count": 1}  # fmt: skip
    answer = client.post(endpoint, body)
    assert answer.status == 200
    assert [set(resource) for resource in answer.body["Resources"]] == [{"schemas", "id", "userName"}]
    assert (answer.body["totalResults"], answer.body["Resources"][0]["userName"]) == (3, "Bob")
    assert client.post(endpoint, {**body, "filter": "userName"}).scim_type == "invalidFilter"
    assert client.post(endpoint, {"filter": "userName pr"}).scim_type == "invalidSyntax"
    assert client.get("/Users").body["totalResults"] == 3


def test_too_many_matches_can_be_refused() -> None:
    """RFC 7644 §3.4.2.1."""
    client = Client(too_many=2)
    for name in ("ada", "bob", "eve"):
        client.user(name)
    assert client.get("/Users").scim_type == "tooMany"
    assert client.get("/Users", "count=1").status == 200
    assert client.find("/Users", 'userName eq "ada"').status == 200


def test_no_page_is_larger_than_announced() -> None:
    client = Client("small-pages")
    for number in range(5):
        client.user(f"user{number}")
    assert len(client.get("/Users").body["Resources"]) == 2
    assert len(client.get("/Users", "count=5").body["Resources"]) == 3
    assert client.get("/ServiceProviderConfig").body["filter"]["maxResults"] == 3


def test_indexed_equality_scans_nothing() -> None:
    """A probe by userName, externalId, id or e-mail looks at the records that the index names and at no other."""
    client = _filled()
    store, seen = client.provider.store.tenant("main"), []
    store.snapshot = lambda name: seen.append(name) or ()  # type: ignore[assignment, func-returns-value, method-assign]
    known = client.names('userName eq "ada"')
    assert (known, client.names('externalId eq "X-1"')) == (["ada"], ["eve"])
    assert client.names('emails[type eq "work" and value eq "b@y.org"]') == ["Bob"]
    assert client.names('id eq "nope"') == []
    assert seen == []


def test_queries_are_parsed_once() -> None:
    """The parsed query of a context is kept."""
    calls: list[str] = []
    client = Client()
    original = client.provider.ops.parse_query

    def counted(ctx: object) -> SearchRequest:
        calls.append("x")
        return original(ctx)  # type: ignore[arg-type]

    client.provider.ops.parse_query = counted
    client.get("/Users", "count=1")
    assert calls == ["x"]
