"""RFC 9865 §2.4 and §4: what is said of pagination, and that it is so."""

from __future__ import annotations

from scimcheck.core.json import JSONObject
from scimcheck.harness import check
from scimcheck.harness.judge import Judge
from scimcheck.harness.target import Target


def _said(scim: Target) -> JSONObject:
    value = scim.config.get("pagination")
    return value if isinstance(value, dict) else {}


def _positive(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value > 0


@check("RFC9865-2.4-01", "RFC9865-4-04", needs=("cursor", "index", "list"))
def test_one_method_is_the_default(scim: Target, judge: Judge) -> None:
    """A query without a pagination parameter is paged by the same method each time, the one that is announced."""
    asked = [scim.get(scim.primary.endpoint, params={"count": "1"}) for _ in range(3)]
    used = {"cursor" if page.body.get("nextCursor") else "index" for page in asked}
    judge.expect("RFC9865-2.4-01", len(used) == 1, expected="one method", observed=" and ".join(sorted(used)), at=asked)
    told = _said(scim).get("defaultPaginationMethod")
    if told is None:
        judge.skip("RFC9865-4-04", "no default is announced")
        return
    total = asked[0].body.get("totalResults")
    single = not isinstance(total, int) or total < 2  # one page says nothing of the method
    judge.expect(
        "RFC9865-4-04",
        told in ("cursor", "index") and (single or used == {told}),
        expected="cursor or index, whichever is used",
        observed=f"{told!r}, while {' and '.join(sorted(used))} is used",
        at=asked,
    )


@check("RFC9865-4-05", "RFC9865-4-06", "RFC9865-4-07", needs=("cursor", "list"))
def test_announced_sizes_hold(scim: Target, judge: Judge) -> None:
    """Announced sizes and times are positive integers, and no page is larger than they say."""
    for name, requirement, params in (
        ("defaultPageSize", "RFC9865-4-05", {"cursor": ""}),
        ("maxPageSize", "RFC9865-4-06", {"cursor": "", "count": "1000000"}),
    ):
        size = _said(scim).get(name)
        if size is None:
            judge.skip(requirement, f"{name} is not announced")
            continue
        page = scim.get(scim.primary.endpoint, params=params)
        judge.expect(
            requirement,
            _positive(size) and len(page.resources) <= size,
            expected="a positive integer, and no more resources than that",
            observed=f"{name} {size!r}; {len(page.resources)} resources",
            at=page,
        )
    timeout = _said(scim).get("cursorTimeout")
    if timeout is None:
        judge.skip("RFC9865-4-07", "cursorTimeout is not announced")
        return
    judge.expect("RFC9865-4-07", _positive(timeout), expected="a positive integer", observed=repr(timeout))
