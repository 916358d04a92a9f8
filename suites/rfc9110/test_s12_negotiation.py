"""RFC 9110 §8.3, §12 and §15.5.16: media types of requests, and what Accept asks for. The types of SCIM themselves are
judged in RFC 7644 §3.8.
"""

from __future__ import annotations

from scimcheck.core import urns
from scimcheck.harness import check
from scimcheck.harness.judge import Judge
from scimcheck.harness.target import Target

PLAIN = "application/json"
#: Wishes that SCIM content fulfils.
WISHES = (
    "*/*",
    "application/*",
    "text/html;q=0.1, application/scim+json;q=0.9",
    "text/html, application/xhtml+xml, */*;q=0.1",
    "APPLICATION/SCIM+JSON",
)
FOREIGN = ("text/plain", "application/xml", "multipart/form-data; boundary=x")


@check("RFC9110-12.4.1-01", needs=("create", "read"))
def test_no_wish_is_no_obstacle(scim: Target, judge: Judge) -> None:
    """A request without Accept is served."""
    path = scim.shared(scim.primary)[0].path
    judge.status("RFC9110-12.4.1-01", scim.get(path, headers={"Accept": None}), 200)


@check("RFC9110-12.5.1-01", needs=("create", "read"))
def test_wildcards_and_weights_are_understood(scim: Target, judge: Judge) -> None:
    """Media ranges and weights in Accept that allow SCIM content are answered with it."""
    path = scim.shared(scim.primary)[0].path
    for wish in WISHES:
        exchange = scim.get(path, headers={"Accept": wish})
        judge.expect(
            "RFC9110-12.5.1-01",
            exchange.status == 200 and exchange.media_type in (urns.MEDIA_TYPE, PLAIN),
            expected=f"200 with SCIM content for Accept: {wish}",
            observed=f"{exchange.summary()} with {exchange.header('content-type') or 'no Content-Type'}",
            at=exchange,
        )


@check("RFC9110-8.3.1-01", needs=("create",))
def test_media_types_are_the_same_in_any_case(scim: Target, judge: Judge) -> None:
    """Content-Type is understood in another letter case and with a parameter."""
    for label in ("Application/SCIM+JSON; charset=UTF-8", "application/SCIM+json"):
        exchange = scim.post(scim.primary.endpoint, json=scim.payload(scim.primary), headers={"Content-Type": label})
        judge.expect(
            "RFC9110-8.3.1-01",
            exchange.ok,
            expected=f"201 for Content-Type: {label}",
            observed=exchange.summary(),
            at=exchange,
        )


@check("RFC9110-15.5.16-01", needs=("create",))
def test_other_formats_are_refused(scim: Target, judge: Judge) -> None:
    """Content of another type is refused with 415 or 400; a server may look at the content and not at its label."""
    for label in FOREIGN:
        exchange = scim.post(scim.primary.endpoint, json=scim.payload(scim.primary), headers={"Content-Type": label})
        judge.expect(
            "RFC9110-15.5.16-01",
            exchange.ok or exchange.status in (400, 415),
            expected=f"415 for Content-Type: {label}",
            observed=exchange.summary(),
            at=exchange,
        )
    xml = scim.post(
        scim.primary.endpoint,
        content=b"<?xml version='1.0'?><User><userName>ada</userName></User>",
        headers={"Content-Type": "application/xml"},
    )
    judge.status("RFC9110-15.5.16-01", xml, 415, 400)
