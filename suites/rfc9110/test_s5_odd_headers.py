"""RFC 9110 §5, §9: header fields of no sense are refused or passed over; HEAD beyond what test_s9_methods.py has."""

from __future__ import annotations

from scimcheck.harness import attributes, check
from scimcheck.harness.attempts import attempt
from scimcheck.harness.judge import Judge
from scimcheck.harness.odd import endures
from scimcheck.harness.representation import put_body
from scimcheck.harness.target import Target

CRASH = "RFC7644-3.12-15"
#: How servers say that they do not have HEAD.
WITHOUT_HEAD = (404, 405, 501)
#: Fields that a server may always leave unread, with values of no sense.
UNREADABLE: dict[str, str] = {
    "Accept-Language": ";;q=x,",
    "Accept-Charset": ",",
    "If-Modified-Since": "yesterday",
    "If-None-Match": "scimcheck, W/",
    "Range": "bytes=a-b",
    "Cache-Control": "max-age=x",
    "Cookie": "=;;scimcheck",
    "Origin": "null",
    "Forwarded": 'for="',
    "X-Forwarded-For": "%00, scimcheck",
    "Content-Type": "application/scim+json",
    "X-Request-Id": "x" * 300,
}
#: Values of Accept without a media type in them.
WISHES = ("scimcheck", "/", "application/scim+json;q=x", ";", "*/json", "application/scim+json," * 200)
#: Values of If-Match that are no entity tags.
TAGS = ("scimcheck", '"', "W/", '"a" "b"', ",", "x" * 3000)


@check(CRASH, needs=("create", "read"))
def test_odd_header_fields_do_no_harm(scim: Target, judge: Judge) -> None:
    """A GET with unreadable preferences and conditions is answered or refused."""
    path, deep = scim.shared(scim.primary)[0].path, scim.depth == "deep"
    endures(judge, CRASH, attempt(scim, "GET", path, headers=UNREADABLE), "header fields of no sense")
    for name, value in UNREADABLE.items() if deep else ():
        endures(judge, CRASH, attempt(scim, "GET", path, headers={name: value}), f"{name}: {value[:40]}")
    for wish in WISHES if deep else WISHES[:1]:
        endures(judge, CRASH, attempt(scim, "GET", path, headers={"Accept": wish}), f"Accept: {wish[:40]}")


@check(CRASH, needs=("put", "read"))
def test_odd_conditions_do_no_harm(scim: Target, judge: Judge) -> None:
    """A PUT whose If-Match holds no entity tag is refused, or carried out by a server without versions."""
    resource = scim.create(scim.primary)
    attribute = attributes.changeable(resource.model)
    for tag in TAGS if scim.depth == "deep" else TAGS[:1]:
        change = {attribute.name: scim.unique("tagged")} if attribute else {}
        body = put_body(scim, resource, **change)
        exchange = attempt(scim, "PUT", resource.path, json=body, headers={"If-Match": tag})
        endures(judge, CRASH, exchange, f"If-Match: {tag[:40]}", also=(resource.exchange,))


@check("RFC9110-9.1-01", needs=("create", "read", "list"))
def test_head_is_answered_as_get_is(scim: Target, judge: Judge) -> None:
    """HEAD on a collection and on an id that does not exist has the status of GET, where HEAD is offered at all."""
    model = scim.primary
    for path, status in ((f"{model.endpoint}?count=1", 200), (scim.unknown_id(model), 404)):
        exchange = scim.request("HEAD", path)
        if exchange.status in WITHOUT_HEAD and exchange.status != status:
            judge.advise("RFC9110-9.1-01", expected=f"{status}, as GET", observed=exchange.summary(), at=exchange)
        else:
            judge.status("RFC9110-9.1-01", exchange, status)
