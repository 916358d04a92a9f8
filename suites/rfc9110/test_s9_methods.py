"""RFC 9110 §8.7, §9 and §10: HEAD, and Content-Location. Methods that are not offered are judged in RFC 7644 §3.2."""

from __future__ import annotations

from urllib.parse import urljoin

from scimcheck.client.exchange import Exchange
from scimcheck.harness import check
from scimcheck.harness.documents import CONFIG, answer, same_document
from scimcheck.harness.judge import Judge
from scimcheck.harness.target import Target

#: How servers say that they do not have HEAD.
WITHOUT_HEAD = (404, 405, 501)


def _pairs(scim: Target) -> list[tuple[Exchange, Exchange]]:
    """GET and HEAD of the configuration and of a resource."""
    config, path = answer(scim, CONFIG), scim.shared(scim.primary)[0].path
    pairs = [(scim.get(path), scim.request("HEAD", path))]
    return [*pairs, (config, scim.request("HEAD", CONFIG))] if config.status == 200 else pairs


@check("RFC9110-9.1-01", "RFC9110-9.3.2-01", "RFC9110-9.3.2-02", needs=("create", "read"))
def test_head_is_get_without_content(scim: Target, judge: Judge) -> None:
    """HEAD has the status and header fields of GET and no content; many SCIM servers do without it."""
    for get, head in _pairs(scim):
        judge.expect(
            "RFC9110-9.3.2-01",
            not head.response_body,
            expected="no content",
            observed=f"{len(head.response_body)} bytes on {head.summary()}",
            at=(get, head),
        )
        if head.status in WITHOUT_HEAD and get.ok:
            judge.advise("RFC9110-9.1-01", expected=f"{get.status}, as GET", observed=head.summary(), at=(get, head))
            judge.skip("RFC9110-9.3.2-02", "HEAD is not offered")
            continue
        judge.status("RFC9110-9.1-01", head, get.status, also=(get,))
        differing = [
            f"{name}: {head.header(name)!r}, not {get.header(name)!r}"
            for name in ("content-type", "etag")
            if head.header(name) != get.header(name)
        ]
        judge.expect(
            "RFC9110-9.3.2-02",
            not differing,
            expected="the header fields of GET",
            observed=", ".join(differing),
            at=(get, head),
        )


@check("RFC9110-8.7-01", needs=("create", "read"))
def test_content_location_leads_to_the_content(scim: Target, judge: Judge) -> None:
    """Where a response has a Content-Location, the resource it shows is found there."""
    resource = scim.shared(scim.primary)[0]
    shown = [exchange for exchange in (resource.exchange, scim.shown(resource)) if exchange.header("content-location")]
    if not shown:
        judge.not_applicable("the target sends no Content-Location")
    for exchange in shown:
        location = exchange.header("content-location") or ""
        url = urljoin(f"{scim.session.base.url}{exchange.path}", location)
        if scim.session.base.relative(url) is None:
            judge.skip("RFC9110-8.7-01", "Content-Location lies outside of the base URL")
            continue
        found = scim.get(url)
        judge.expect(
            "RFC9110-8.7-01",
            found.status == 200 and same_document(found.body.get("id"), exchange.body.get("id")),
            expected=f"the resource at {location}",
            observed=found.summary(),
            at=(exchange, found),
        )
