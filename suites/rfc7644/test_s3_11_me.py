"""RFC 7644 §3.11: ``/Me``. Nothing is written through it: the account it stands for was not made by this run."""

from __future__ import annotations

from scimcheck.harness import check
from scimcheck.harness.judge import Judge
from scimcheck.harness.ledger import identifier_of
from scimcheck.harness.representation import follow
from scimcheck.harness.target import Target


@check("RFC7644-3.11-01", depth="quick", writes=False)
def test_me_is_answered_or_not_implemented(scim: Target, judge: Judge) -> None:
    """Without support of ``/Me`` the answer is 501."""
    exchange = scim.get("/Me")
    if exchange.status < 400 or exchange.status in (401, 403):
        judge.not_applicable(f"/Me is supported: {exchange.summary()}")
    judge.status("RFC7644-3.11-01", exchange, 501)


@check("RFC7644-3.11-02", needs=("read",))
def test_redirect_to_the_resource(scim: Target, judge: Judge) -> None:
    """A redirect has the status 308 and leads to the resource of whoever asks."""
    exchange = scim.get("/Me")
    if not 300 <= exchange.status < 400:
        judge.not_applicable(f"/Me is not redirected: {exchange.summary()}")
    location = exchange.header("location") or ""
    found = follow(scim, location) if location else None
    judge.expect(
        "RFC7644-3.11-02",
        exchange.status == 308 and found is not None and found.status == 200 and "id" in found.body,
        expected="308 with the Location of a resource",
        observed=f"{exchange.summary()} with Location {location!r}",
        at=(exchange, found) if found else exchange,
    )


@check("RFC7644-3.11-03", "RFC7644-3.11-04", "RFC7644-3.11-05", needs=("read", "me"))
def test_me_is_a_resource(scim: Target, judge: Judge) -> None:
    """GET /Me shows the resource that its Location leads to, and Location is the permanent one."""
    exchange = scim.get("/Me")
    judge.expect(
        "RFC7644-3.11-03",
        exchange.status == 200 and bool(exchange.body.get("schemas")),
        expected="200 with a resource",
        observed=f"{exchange.summary()} with schemas {exchange.body.get('schemas')!r}",
        at=exchange,
    )
    location = exchange.header("location") or ""
    found = follow(scim, location) if location else None
    judge.demand(
        "RFC7644-3.11-04",
        found is not None and not location.rstrip("/").endswith("/Me") and identifier_of(found) == exchange.body["id"],
        expected="the permanent Location of the resource",
        observed=f"Location {location!r}" + (f", {found.summary()}" if found else ""),
        at=(exchange, found) if found else exchange,
    )
    if found is None:
        return
    both = (exchange.body, found.body)
    different = sorted(name for name in {*both[0], *both[1]} if both[0].get(name) != both[1].get(name))
    judge.expect(
        "RFC7644-3.11-05",
        not different,
        expected="the resource as it is at its Location",
        observed=f"{', '.join(different)} differ",
        at=(exchange, found),
    )


@check("RFC7644-3.11-06", needs=("read", "me"))
def test_creating_at_me_does_no_harm(scim: Target, judge: Judge) -> None:
    """POST to ``/Me`` creates something or is refused."""
    model = scim.primary
    exchange = scim.post("/Me", json=scim.payload(model))
    if exchange.status == 201 and identifier_of(exchange):
        scim.ledger.adopt(f"{model.endpoint}/{identifier_of(exchange)}")
    judge.expect(
        "RFC7644-3.11-06",
        exchange.status < 500 or exchange.status == 501,
        expected="201, a refusal, or 501",
        observed=exchange.summary(),
        at=exchange,
    )
