"""RFC 9110 §13, §15.4.5 and §15.5.13: conditional requests in detail. The essence of them: RFC 7644 §3.14."""

from __future__ import annotations

from urllib.parse import quote

from scimcheck.client.exchange import Exchange
from scimcheck.harness import check
from scimcheck.harness.judge import Judge
from scimcheck.harness.target import Target
from scimcheck.harness.versions import REFUSED, Versioned, is_weak, tag_of, toggled, version_of, versioned

#: Changes after which an entity-tag without letters is taken for one that never has any.
CHANCES = 10
#: Header fields that a 304 has when a 200 would have them (RFC 9110 §15.4.5).
KEPT = ("etag", "content-location", "vary", "cache-control", "expires")


def _read_only(scim: Target, judge: Judge) -> tuple[Versioned, Exchange]:
    """A resource and its 304; blocked when there is none."""
    subject = versioned(scim, judge, scim.primary, shared=True)
    same = subject.get(if_none_match=subject.tag)
    if same.status != 304:
        judge.blocked("RFC7644-3.14-04", f"If-None-Match has no effect: {same.summary()}")
    return subject, same


@check("RFC9110-13.1.2-02", needs=("read", "etag"))
def test_if_none_match_is_evaluated(scim: Target, judge: Judge) -> None:
    """A GET with If-None-Match is checked against the resource as it is now."""
    subject = versioned(scim, judge, scim.primary, shared=True)
    for tag, status in ((subject.tag, 304), (subject.outdated, 200)):
        judge.status("RFC9110-13.1.2-02", subject.get(if_none_match=tag), status, also=subject.evidence)


@check(
    "RFC9110-13.1.2-03",
    "RFC9110-13.1.2-05",
    "RFC9110-13.1.2-01",
    "RFC9110-8.8.3.2-01",
    "RFC7643-3.1-28",
    needs=("read", "etag"),
)
def test_forms_of_if_none_match(scim: Target, judge: Judge) -> None:
    """``*``, several tags, and the mark of weakness, which does not count; letter case does."""
    subject, _ = _read_only(scim, judge)
    tag = subject.tag
    judge.status("RFC9110-13.1.2-03", subject.get(if_none_match="*"), 304, also=subject.evidence)
    for several in (f'"scimcheck-none", {tag}', f'{tag}, "scimcheck-none"'):
        judge.status("RFC9110-13.1.2-05", subject.get(if_none_match=several), 304, also=subject.evidence)
    other = subject.get(if_none_match=toggled(tag))
    for requirement in ("RFC9110-13.1.2-01", "RFC9110-8.8.3.2-01"):
        judge.status(requirement, other, 304, also=subject.evidence)
    shown = _with_letters(scim, subject)
    if shown is None:
        judge.skip("RFC7643-3.1-28", f"entity-tags such as {tag} have no letters")
    else:
        other = scim.get(shown.path, headers={"If-None-Match": _inverted(tag_of(shown))})
        judge.status("RFC7643-3.1-28", other, 200, also=(shown,))


def _inverted(tag: str) -> str:
    """An entity-tag with its letters in the other case, but for the mark of weakness."""
    return tag[:2] + tag[2:].swapcase() if is_weak(tag) else tag.swapcase()


def _has_letters(exchange: Exchange) -> bool:
    return exchange.status == 200 and _inverted(tag_of(exchange)) != tag_of(exchange)


def _with_letters(scim: Target, subject: Versioned) -> Exchange | None:
    """A GET of a resource of the run whose entity-tag has letters: digits alone may be mere chance.

    If none is listed, the resource at hand is changed as often as a number in hexadecimal digits may lack letters.
    """
    model = subject.resource.model
    if _has_letters(subject.read):
        return subject.read
    for item in scim.get(model.endpoint).resources:
        path, version = f"{model.endpoint}/{item.get('id')}", str(version_of(item))
        if _inverted(version) != version and path in scim.ledger.alive:
            found = scim.get(quote(path))
            if _has_letters(found):
                return found
    for _ in range(CHANCES):
        changed = subject.change(next(subject.methods()))
        if _has_letters(changed) or not tag_of(changed):
            break
    subject.refresh()
    return subject.read if _has_letters(subject.read) else None


@check("RFC9110-15.4.5-01", "RFC9110-15.4.5-02", needs=("read", "etag"))
def test_form_of_not_modified(scim: Target, judge: Judge) -> None:
    """304 has no content, and the header fields about the representation that 200 has."""
    subject, same = _read_only(scim, judge)
    judge.expect(
        "RFC9110-15.4.5-01",
        not same.response_body,
        expected="no content",
        observed=f"304 with {len(same.response_body)} bytes",
        at=subject.at(same),
    )
    lost = [name for name in KEPT if subject.read.header(name) and subject.read.header(name) != same.header(name)]
    lost = [name for name in lost if name != "expires" or not same.header(name)]
    judge.expect(
        "RFC9110-15.4.5-02",
        not lost,
        expected=", ".join(f"{name}: {subject.read.header(name)}" for name in KEPT if subject.read.header(name)),
        observed=", ".join(f"{name}: {same.header(name)}" for name in lost),
        at=subject.at(same),
    )


@check("RFC9110-13.1.1-01", "RFC9110-13.1.1-05", "RFC9110-15.5.13-01", needs=("read", "etag"))
def test_false_if_match(scim: Target, judge: Judge) -> None:
    """When no tag in If-Match is the current one, the request is refused with 412 and not carried out."""
    subject = versioned(scim, judge, scim.primary, shared=True)
    for method in subject.methods():
        refused = subject.change(method, if_match=subject.other)
        changes = subject.refresh()
        at = subject.at(refused, subject.read)
        told = f"{refused.summary()}, {'; '.join(changes) or 'nothing changed'}"
        judge.expect("RFC9110-13.1.1-01", not refused.ok, expected="a refusal", observed=told, at=at)
        judge.expect("RFC9110-13.1.1-05", not changes, expected="nothing changed", observed=told, at=at)
        if refused.ok:
            judge.skip("RFC9110-15.5.13-01", "the precondition was not evaluated")
        else:
            judge.status("RFC9110-15.5.13-01", refused, *REFUSED, also=subject.evidence)


@check("RFC9110-13.1.1-02", "RFC9110-13.1.1-03", "RFC9110-13.1.1-04", needs=("read", "etag"))
def test_forms_of_if_match(scim: Target, judge: Judge) -> None:
    """``*`` is true for what exists, several tags if one is true; a weak tag never is a strong one."""
    subject = versioned(scim, judge, scim.primary, shared=True)
    method = next(subject.methods())
    done = subject.change(method, if_match="*")
    judge.expect("RFC9110-13.1.1-02", done.ok, expected="success", observed=done.summary(), at=subject.at(done))
    subject.refresh()
    weak = is_weak(subject.tag)
    done = subject.change(method, if_match=f'"scimcheck-none", {subject.tag}')
    # A weak tag matches nothing in If-Match, unless the target lets it do so when it stands alone.
    never = weak and done.status == 412 and not subject.change(method, if_match=subject.tag).ok
    judge.expect(
        "RFC9110-13.1.1-03",
        done.ok or never,
        expected="success, for one of the tags is the current one",
        observed=done.summary(),
        at=subject.at(subject.read, done),
    )
    subject.refresh()
    before = subject.read
    other = subject.change(method, if_match=toggled(subject.tag))
    subject.refresh()
    judge.expect(
        "RFC9110-13.1.1-04",
        other.status in REFUSED or (weak and other.ok),
        expected="412, for a weak tag does not match a strong one",
        observed=other.summary(),
        at=subject.at(before, other),
    )


@check("RFC9110-13.1.2-04", needs=("read", "etag", "put"))
def test_if_none_match_on_writes(scim: Target, judge: Judge) -> None:
    """PUT with ``If-None-Match: *`` is refused and not carried out; a target that ignores it gets a remark."""
    subject = versioned(scim, judge, scim.primary, shared=True)
    exchange = subject.change("PUT", if_none_match="*")
    changes = subject.refresh()
    at = subject.at(exchange, subject.read)
    told = f"{exchange.summary()}, {'; '.join(changes) or 'nothing changed'}"
    if exchange.ok:
        judge.advise("RFC9110-13.1.2-04", expected="412, and nothing changed", observed=told, at=at)
        return
    judge.expect(
        "RFC9110-13.1.2-04",
        exchange.status in REFUSED and not changes,
        expected="412, and nothing changed",
        observed=told,
        at=at,
    )


@check("RFC9110-13.2.1-01", needs=("read", "etag"))
def test_other_errors_come_first(scim: Target, judge: Judge) -> None:
    """What would fail without a precondition fails in the same way with one."""
    model = scim.primary
    path = scim.unknown_id(model)
    for method in ("GET", "PUT"):
        body = {"json": scim.payload(model)} if method == "PUT" else {}
        plain = scim.request(method, path, **body)
        exchange = scim.request(method, path, headers={"If-Match": '"scimcheck-none"'}, **body)
        if plain.ok:
            judge.skip("RFC9110-13.2.1-01", f"an unknown id is no error: {plain.summary()}")
            continue
        judge.status("RFC9110-13.2.1-01", exchange, plain.status, also=(plain,))


@check("RFC9110-13.2.2-01", needs=("read", "etag"))
def test_if_match_comes_first(scim: Target, judge: Judge) -> None:
    """With both conditions If-Match is evaluated first; SCIM does not need it on GET, so all else gets a remark."""
    subject, _ = _read_only(scim, judge)
    exchange = subject.get(if_match='"scimcheck-none"', if_none_match=subject.tag)
    if exchange.status in REFUSED:
        judge.status("RFC9110-13.2.2-01", exchange, *REFUSED)
    else:
        told = f"{exchange.summary()} with ETag {tag_of(exchange)}"
        judge.advise("RFC9110-13.2.2-01", expected="412", observed=told, at=subject.at(exchange))
