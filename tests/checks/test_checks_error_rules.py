"""Exchange rules on errors, media types and header fields: what they let pass and what not."""

import json
from typing import Any

import pytest

from scimcheck.checks.rules import RuleContext, judge_exchanges, rules
from scimcheck.client.exchange import Exchange
from scimcheck.core import urns
from scimcheck.requirements.catalogue import load

MINE = (
    "error-has-json-body",
    "error-urn",
    "error-status",
    "error-scim-type",
    "error-detail",
    "error-is-no-success",
    "no-crash",
    "no-internals",
    "message-urn",
    "media-type",
    "media-type-parameters",
    "json",
    "content-type",
    "no-content",
    "allow",
    "location-form",
    "retry-after",
    "redirect",
)
SCIM = ("content-type", urns.MEDIA_TYPE)
HTML = ("content-type", "text/html")


def exchange(
    status: int, body: Any = b"", *headers: tuple[str, str], method: str = "GET", path: str = "/Users/42", **sent: str
) -> Exchange:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Exchange(
        id="1",
        method=method,
        url=f"https://scim.example.test{path}",
        path=path,
        query="",
        request_headers=tuple(sent.items()),
        request_body=b"",
        status=status,
        reason="",
        response_headers=headers,
        response_body=content,
        started="",
        elapsed=0.0,
    )


def error(status: int, **members: Any) -> dict[str, Any]:
    return {"schemas": [urns.ERROR], "status": str(status), **members}


def red(made: Exchange) -> dict[str, str]:
    """Verdicts by requirement of what is not passed."""
    chosen = [rule for rule in rules() if rule.name in MINE]
    outcome = judge_exchanges([made], RuleContext(), load(), among=chosen)
    return {f.requirement: f.verdict.value for f in outcome.findings if f.verdict.value != "passed"}


@pytest.mark.parametrize(
    "sound",
    [
        exchange(404, error(404), SCIM),
        exchange(400, error(400, scimType="invalidFilter", detail="no"), SCIM),
        exchange(400, error(400, scimType=None), SCIM),
        exchange(404, b"", method="HEAD"),
        exchange(204),
        exchange(406, b"<p>", HTML, accept="text/html"),
        exchange(405, error(405), SCIM, ("allow", "GET"), method="PUT"),
        exchange(308, b"", ("location", "/scim/Users/1")),
        exchange(200, {"id": "1"}, ("content-type", "application/json"), accept="application/json"),
        exchange(200, {"id": "1"}, ("content-type", "application/scim+json; charset=UTF-8")),
        exchange(200, {"schemas": [urns.LIST_RESPONSE], "totalResults": 0}, SCIM, path="/Users"),
        exchange(404, b"<p>", HTML, path="https://elsewhere.example.test/v99/Users"),
    ],
)
def test_sound_answers_pass(sound: Exchange) -> None:
    assert red(sound) == {}


@pytest.mark.parametrize("status", [401, 403, 413, 429, 503])
def test_a_gateways_page_is_worth_a_warning(status: int) -> None:
    assert red(exchange(status, b"<p>", HTML)) == {"RFC7644-3.12-01": "advisory"}


@pytest.mark.parametrize("content", [b"", b"<p>"])
def test_an_unknown_method_never_reaches_the_service(content: bytes) -> None:
    """HTTP libraries answer it themselves, in their own way."""
    assert red(exchange(400, content, HTML, method="SCIMCHECK")) == {"RFC7644-3.12-01": "advisory"}


@pytest.mark.parametrize(
    ("made", "requirements"),
    [
        (exchange(404), {"RFC7644-3.12-01"}),
        (exchange(404, [], SCIM), {"RFC7644-3.12-01"}),
        (exchange(404, b"<p>", HTML), {"RFC7644-3.12-01", "RFC7644-3.2-08", "RFC7644-3.1-01"}),
        (exchange(404, error(404) | {"status": 404}, SCIM), {"RFC7644-3.12-03"}),
        (exchange(404, error(400), SCIM), {"RFC7644-3.12-04", "RFC7644-3.2-10"}),
        (exchange(404, error(404) | {"status": None}, SCIM), {"RFC7644-3.12-03", "RFC7644-3.2-10"}),
        (exchange(404, error(404, scimType="oops"), SCIM), {"RFC7644-3.12-05"}),
        (exchange(404, error(404, detail=["a"]), SCIM), {"RFC7644-3.12-06"}),
        (exchange(404, {"status": "404"}, SCIM), {"RFC7644-3.12-02", "RFC7644-3.1-02", "RFC7644-8.2-01"}),
        (exchange(200, error(404), SCIM), {"RFC7644-3.2-09"}),
        (exchange(500, error(500), SCIM), {"RFC7644-3.12-15"}),
        (exchange(400, error(400, detail="at a.b.C(C.java:12)"), SCIM), {"RFC7643-9.2-02"}),
        (exchange(400, error(400, detail="SQLSTATE[42000]"), SCIM), {"RFC7643-9.2-02"}),
        (exchange(405, error(405), SCIM, method="PUT"), {"RFC9110-10.2.1-01"}),
        (exchange(405, error(405), SCIM, ("allow", "GET, PUT"), method="PUT"), {"RFC9110-10.2.1-01"}),
        (exchange(302, b"", ("location", "/x")), {"RFC7644-3.12-07"}),
        (exchange(308), {"RFC7644-3.12-07"}),
        (exchange(201, b"", ("location", '"/Users/1"')), {"RFC9110-10.2.2-01"}),
        (exchange(201, b"", ("location", "/Users/a b")), {"RFC9110-10.2.2-01"}),
        (exchange(404, error(404), SCIM, ("retry-after", "soon")), {"RFC9110-10.2.3-01"}),
        (exchange(404, error(404), SCIM, ("retry-after", "-1")), {"RFC9110-10.2.3-01"}),
        (exchange(404, error(404), SCIM, ("retry-after", "120")), set()),
        (exchange(404, error(404), SCIM, ("retry-after", "Fri, 31 Dec 1999 23:59:59 GMT")), set()),
        (exchange(204, b"x"), {"RFC9110-15.3.5-01"}),
        (exchange(204, b"", ("content-length", "0")), {"RFC9110-8.6-01"}),
        (exchange(200, {"id": "1"}), {"RFC9110-8.3-01", "RFC7644-3.1-01"}),
        (exchange(200, {"id": "1"}, ("content-type", "application/json")), {"RFC7644-3.1-01", "RFC7644-8.1-01"}),
        (exchange(200, {"totalResults": 0}, SCIM, path="/Users"), {"RFC7644-3.1-02", "RFC7644-8.2-01"}),
    ],
)
def test_each_fault_is_one_of_its_clause(made: Exchange, requirements: set[str]) -> None:
    assert set(red(made)) == requirements


def test_what_the_client_sent_gives_nothing_away() -> None:
    body = error(400, detail="there is no attribute sqlite3.OperationalError")
    sent = Exchange(**{**_fields(exchange(400, body, SCIM)), "request_body": b'{"sqlite3.OperationalError": 1}'})
    assert red(sent) == {}


def _fields(made: Exchange) -> dict[str, Any]:
    return {name: getattr(made, name) for name in Exchange.__dataclass_fields__ if not name.startswith("_")}


@pytest.mark.parametrize(
    ("path", "sane"),
    [
        ("/Users/42", True),
        ("/Users/z%C3%A9%20x", True),
        ("/Users?filter=userName%20eq%20%22a%2Fb%22&count=1", True),
        ("/Users/42%00", False),
        ("/Users/%FF%FE", False),
        ("/Users/%zz", False),
        ("/Users/..%2FGroups%2F1", False),
        ("/Users/./42", False),
        ("//Users", False),
        ("/Users;x=1", False),
        ("/Users?count=%zz", False),
        ("/Users/" + "x" * 3000, False),
    ],
)
def test_odd_addresses_may_be_answered_in_front(path: str, sane: bool) -> None:
    """A page for 404 fails where the address is sane; a front end may have refused another, which is an advisory."""
    found = red(exchange(404, b"<html></html>", HTML, path=path))
    assert found["RFC7644-3.12-01"] == ("failed" if sane else "advisory")
    assert ("RFC7644-3.1-01" in found) is sane
