"""RFC 9865 §5: a cursor opens nothing by itself, and tells nothing."""

from __future__ import annotations

import base64
import binascii
import json
import re

from scimcheck.client.exchange import Exchange
from scimcheck.core.schema import ResourceModel
from scimcheck.harness import check
from scimcheck.harness.credentials import MADE_UP
from scimcheck.harness.judge import Judge
from scimcheck.harness.target import Target

_INTERNALS = re.compile(r"Traceback|\bat [\w.$]+\(|SELECT\s.+\sFROM|Exception\b|/usr/|[A-Z]:\\\\")


def _first_page(scim: Target, judge: Judge) -> tuple[ResourceModel, Exchange, str]:
    """A first page that has a next one."""
    model = scim.primary
    scim.shared(model, 3)
    page = scim.get(model.endpoint, params={"cursor": "", "count": "1"})
    cursor = page.body.get("nextCursor")
    if page.status != 200 or not isinstance(cursor, str) or not cursor:
        judge.blocked("RFC9865-2-10", f"there is no nextCursor to use: {page.summary()}")
    return model, page, cursor


@check("RFC9865-5.2-02", needs=("cursor", "auth", "create"))
def test_a_cursor_needs_credentials_as_well(scim: Target, judge: Judge) -> None:
    """A valid cursor without credentials, or with wrong ones, is refused."""
    model, page, cursor = _first_page(scim, judge)
    params = {"cursor": cursor, "count": "1"}
    for header in (None, f"Bearer {MADE_UP}"):
        bare = scim.get(model.endpoint, params={"count": "1"}, auth=header)
        if bare.ok:
            judge.blocked("RFC7644-2-04", f"no valid credentials are needed: {bare.summary()}")
        found = scim.get(model.endpoint, params=params, auth=header)
        judge.expect("RFC9865-5.2-02", not found.ok, expected="401", observed=found.summary(), at=(page, found))


@check("RFC9865-5.2-04", needs=("cursor", "create"))
def test_a_cursor_is_opaque(scim: Target, judge: Judge) -> None:
    """A cursor is neither a plain number nor readable once its encoding is undone."""
    _, page, cursor = _first_page(scim, judge)
    readable = cursor.isdigit() or _readable(cursor)
    judge.expect("RFC9865-5.2-04", not readable, expected="an opaque cursor", observed=cursor, at=page)


def _readable(cursor: str) -> bool:
    try:
        text = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode("utf-8")
    except (binascii.Error, ValueError):
        return False
    try:
        json.loads(text)
    except ValueError:
        return text.isdigit()
    return True


@check("RFC9865-5.2-06", needs=("cursor", "create"))
def test_a_wrong_cursor_gives_nothing_away(scim: Target, judge: Judge) -> None:
    """The answer to a cursor that was never given out shows no internals."""
    model, page, _ = _first_page(scim, judge)
    found = scim.get(model.endpoint, params={"cursor": "scimcheck-none", "count": "1"})
    leak = _INTERNALS.search(found.text) if not found.ok else None
    judge.expect(
        "RFC9865-5.2-06",
        leak is None,
        expected="an error without internals",
        observed=leak.group() if leak else found.summary(),
        at=(page, found),
    )


@check("RFC9865-2.1-05", needs=("cursor", "filter", "create"))
def test_a_cursor_belongs_to_its_query(scim: Target, judge: Judge) -> None:
    """With another filter a cursor is refused, or goes on with its own query; a mixture is worth a warning."""
    model, page, cursor = _first_page(scim, judge)
    others = scim.search(model.endpoint, 'id eq "scimcheck-none"', cursor=cursor, count=1)
    plain = scim.get(model.endpoint, params={"cursor": cursor, "count": "1"})
    mixed = others.status == 200 and others.resources and others.resources != plain.resources
    if mixed:
        judge.advise(
            "RFC9865-2.1-05",
            expected="an error, or the original query continued",
            observed=f"{len(others.resources)} other resources",
            at=(page, others, plain),
        )
    else:
        judge.expect("RFC9865-2.1-05", True, expected="no mixture", observed=others.summary(), at=(page, others))
