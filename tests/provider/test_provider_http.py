import pytest
from provider_client import Client, user

from scimcheck.core import urns
from scimcheck.provider.tokens import EXPIRED_TOKEN, MAIN_TOKEN, READ_ONLY_TOKEN, SECOND_TENANT_TOKEN


@pytest.mark.parametrize("path", ["/Users", "/Groups/1", "/Schemas", "/Nowhere", "/"])
def test_without_credentials_everything_is_401_with_a_challenge(path: str) -> None:
    """RFC 6750 §3: no error code when there was no credential."""
    answer = Client(token=None).get(path)
    assert answer.status == 401
    assert answer.headers["WWW-Authenticate"] == 'Bearer realm="scim"'


@pytest.mark.parametrize(
    ("header", "status", "error"),
    [
        ("Bearer nonsense", 401, "invalid_token"),
        (f"Bearer {EXPIRED_TOKEN}", 401, "invalid_token"),
        (f"Bearer {MAIN_TOKEN[:-1]}x", 401, "invalid_token"),
        ("Bearer", 400, "invalid_request"),
        ("Bearer a b", 400, "invalid_request"),
        ("Basic YTpi", 401, None),
    ],
)
def test_refused_credentials_say_why(header: str, status: int, error: str | None) -> None:
    answer = Client(token=None).get("/Users", authorization=header)
    challenge = answer.headers["WWW-Authenticate"]
    assert answer.status == status
    assert challenge.startswith("Bearer ")
    assert (f'error="{error}"' in challenge) if error else ("error" not in challenge)


def test_scheme_ignores_case() -> None:
    """RFC 9110 §11.1."""
    assert Client(token=None).get("/Users", authorization=f"bEARER {MAIN_TOKEN}").status == 200


def test_configuration_is_public_but_not_with_a_wrong_token() -> None:
    """RFC 7643 §5: clients learn how to authenticate; a wrong token is an error everywhere."""
    assert Client(token=None).get("/ServiceProviderConfig").status == 200
    assert Client(token="wrong").get("/ServiceProviderConfig").status == 401


def test_read_only_token_reads_and_does_not_write() -> None:
    """RFC 6750 §3.1: 403 insufficient_scope."""
    client = Client()
    created = client.user()
    reader = client.as_(READ_ONLY_TOKEN)
    assert reader.get("/Users/" + created["id"]).status == 200
    assert reader.post("/Users/.search", {"schemas": [urns.SEARCH_REQUEST]}).status == 200
    for method in ("PUT", "PATCH", "DELETE"):
        answer = reader.request(method, "/Users/" + created["id"], user("x"))
        assert answer.status == 403
        assert "insufficient_scope" in answer.headers["WWW-Authenticate"]
    assert client.get("/Users/" + created["id"]).body == created


def test_tenants_do_not_see_each_other() -> None:
    """RFC 7644 §6: resources of another tenant do not exist, and its values do not collide."""
    client = Client()
    created = client.user("ada", externalId="1")
    other = client.as_(SECOND_TENANT_TOKEN)
    path = "/Users/" + created["id"]
    assert other.get("/Users").body["totalResults"] == 0
    assert [other.get(path).status, other.delete(path).status, other.put(path, user()).status] == [404] * 3
    assert other.user("ada", externalId="1")["id"] != created["id"]
    members = {"schemas": [urns.GROUP], "displayName": "G", "members": [{"value": created["id"]}]}
    assert other.post("/Groups", members).status == 400
    assert client.names('userName eq "ada"') == ["ada"]


@pytest.mark.parametrize(
    ("accept", "content_type"),
    [
        ("", urns.MEDIA_TYPE),
        ("*/*", urns.MEDIA_TYPE),
        (urns.MEDIA_TYPE, urns.MEDIA_TYPE),
        ("APPLICATION/SCIM+JSON;q=0.5", urns.MEDIA_TYPE),
        ("application/json", "application/json"),
        ("application/scim+json, application/json;q=0.9", urns.MEDIA_TYPE),
        ("application/scim+json;q=0.1, application/json", "application/json"),
        ("text/html, application/*;q=0.1", urns.MEDIA_TYPE),
    ],
)
def test_response_format_is_negotiated(accept: str, content_type: str) -> None:
    """RFC 7644 §3.8, RFC 9110 §12.5.1."""
    answer = Client().get("/Users", accept=accept)
    assert (answer.status, answer.headers["Content-Type"]) == (200, content_type)


@pytest.mark.parametrize("accept", ["text/html", "application/scim+json;q=0", "image/*"])
def test_other_formats_are_406(accept: str) -> None:
    assert Client().get("/Users", accept=accept).status == 406
    assert Client(unacceptable="ignore").get("/Users", accept=accept).status == 200


@pytest.mark.parametrize(
    ("content_type", "status"),
    [
        ("application/scim+json", 201),
        ("application/json; charset=utf-8", 201),
        ("application/scim+json;charset=UTF-8", 201),
        ("", 201),
        ("text/plain", 415),
        ("application/xml", 415),
        ("application/json; charset=latin-1", 415),
    ],
)
def test_request_formats(content_type: str, status: int) -> None:
    answer = Client().request("POST", "/Users", user(), headers={"content-type": content_type})
    assert answer.status == status


def test_bodies_beyond_the_limit_are_413() -> None:
    answer = Client(max_body=100).post("/Users", user(title="x" * 100))
    assert answer.status == 413


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("PUT", "/Users", "GET, POST, HEAD, OPTIONS"),
        ("DELETE", "/Groups", "GET, POST, HEAD, OPTIONS"),
        ("POST", "/Users/1", "GET, PUT, PATCH, DELETE, HEAD, OPTIONS"),
        ("POST", "/Schemas", "GET, HEAD, OPTIONS"),
        ("DELETE", "/ServiceProviderConfig", "GET, HEAD, OPTIONS"),
        ("GET", "/Users/.search", "POST, OPTIONS"),
        ("GET", "/Bulk", "POST, OPTIONS"),
    ],
)
def test_methods_not_offered_are_405_with_allow(method: str, path: str, allowed: str) -> None:
    """RFC 9110 §15.5.6."""
    answer = Client().request(method, path)
    assert (answer.status, answer.headers["Allow"]) == (405, allowed)


def test_unknown_methods_are_501_and_options_lists_the_known() -> None:
    client = Client()
    assert client.request("BREW", "/Users").status == 501
    answer = client.request("OPTIONS", "/Users")
    assert (answer.status, answer.headers["Allow"]) == (204, "GET, POST, HEAD, OPTIONS")


def test_head_is_get_without_body() -> None:
    client = Client()
    path = "/Users/" + client.user()["id"]
    head, get = client.request("HEAD", path), client.get(path)
    assert (head.status, head.body, head.headers) == (200, None, get.headers)


def test_unknown_paths_are_404() -> None:
    client = Client()
    assert [client.get(path).status for path in ("/users", "/Nope", "/Users/1/2", "/Bulk/1", "/v2")] == [404] * 5


def test_trailing_slash_is_tolerated() -> None:
    assert Client().get("/Users/").status == 200


def test_unknown_query_parameters_are_ignored() -> None:
    client = Client()
    created = client.post("/Users", user(), "aadOptscim062020")
    path = "/Users/" + created.body["id"]
    patched = client.patch(path, {"op": "add", "path": "title", "value": "x"}, query="aadOptscim062020=&x=1")
    assert (created.status, patched.status, client.delete(path).status) == (201, 200, 204)


@pytest.mark.parametrize("variant", ["ids-need-encoding", "integer-ids"])
def test_ids_of_every_style_work_in_urls(variant: str) -> None:
    """meta.location is percent-encoded and leads back to the resource."""
    from urllib.parse import unquote, urlsplit

    client = Client(variant)
    created = client.user()
    located = urlsplit(created["meta"]["location"]).path
    assert client.get(unquote(located.removeprefix("/scim"))).body == created
    assert client.find("/Users", f'id eq "{created["id"]}"').ids == [created["id"]]


def test_switched_off_features_are_501() -> None:
    """RFC 7644 §3.12 table 8."""
    client = Client("without-optional-features")
    assert [client.get("/Me").status, client.get("/").status] == [501, 501]
    assert [client.post("/Bulk", {}).status, client.post("/.search", {}).status] == [501, 501]
    assert client.post("/Users/.search", {}).status == 501
    assert client.get("/Users").body["totalResults"] == 0
    config = client.get("/ServiceProviderConfig").body
    assert not config["bulk"]["supported"]
    assert not config["sort"]["supported"]


def test_faults_inside_become_500_with_a_scim_body() -> None:
    client = Client()

    def broken(*arguments: object) -> None:
        raise KeyError("secret")

    client.provider.ops.matches = broken  # type: ignore[assignment]
    client.user()
    answer = client.find("/Users", "userName pr")
    assert (answer.status, answer.body["status"]) == (500, "500")
    assert "secret" not in str(answer.body)


def test_pages_of_other_origins_may_call() -> None:
    """ENTRA-8.1-01: a preflight request, without credentials, and the request after it."""
    origin = {"origin": "https://validator.example"}
    asked = {**origin, "access-control-request-method": "GET", "access-control-request-headers": "authorization"}
    preflight = Client(token=None).request("OPTIONS", "/Users", headers=asked)
    assert (preflight.status, preflight.headers["Access-Control-Allow-Origin"]) == (204, "*")
    assert preflight.headers["Access-Control-Allow-Headers"] == "authorization"
    assert Client().request("GET", "/Users", headers=origin).headers["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Origin" not in Client().get("/Users").headers
    assert Client(token=None, cross_origin=False).request("OPTIONS", "/Users", headers=asked).status == 401
