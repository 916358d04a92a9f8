"""RFC 6750 §2.1, RFC 7644 §2: what gives access and what does not. Challenges are the business of §3."""

from __future__ import annotations

from scimcheck.checks.challenge import challenges, valid_scope
from scimcheck.client.exchange import Exchange
from scimcheck.core import urns
from scimcheck.core.json import JSONObject
from scimcheck.harness import attributes, check
from scimcheck.harness.credentials import MADE_UP, Refused, refused_credentials
from scimcheck.harness.judge import Judge
from scimcheck.harness.target import Resource, Target, ids


def _tried(scim: Target, paths: list[str], kinds: tuple[str, ...]) -> list[tuple[Refused, Exchange]]:
    """The first path with all bad credentials of these kinds; the others, which have the same guard, with one."""
    bad = [item for item in refused_credentials(scim.identities.valid or "") if item.kind in kinds]
    tries = [*((path, item) for item in bad[:1] for path in paths), *((paths[0], item) for item in bad[1:])]
    return [(item, scim.get(path, auth=item.header)) for path, item in tries]


def _let_in(tried: list[tuple[Refused, Exchange]]) -> list[tuple[Refused, Exchange]]:
    return [(item, exchange) for item, exchange in tried if exchange.ok]


def _listed(found: list[tuple[Refused, Exchange]]) -> str:
    return "; ".join(f"{exchange.summary()} with {item.name}" for item, exchange in found[:6])


def _guarded_paths(scim: Target) -> list[str]:
    """Collections and one resource of the run's own: discovery may be open (RFC 7643 §5)."""
    return [*(model.endpoint for model in scim.models), scim.shared(scim.primary)[0].path]


@check("RFC6750-2.1-01", needs=("bearer", "list"), depth="quick", writes=False)
def test_bearer_token_in_the_header_gives_access(scim: Target, judge: Judge) -> None:
    """The valid token, sent as ``Authorization: Bearer``, opens the collection."""
    exchange = scim.get(scim.primary.endpoint, params={"count": "1"}, auth=scim.identities.valid)
    if exchange.status >= 500 and scim.get(scim.primary.endpoint, auth=scim.identities.valid).ok:
        judge.blocked("RFC7644-3.4.2.4-03", f"count=1 is not understood: {exchange.summary()}")
    judge.status("RFC6750-2.1-01", exchange, 200)


@check("RFC9110-11.1-01", needs=("bearer", "list"), writes=False)
def test_scheme_name_has_no_letter_case(scim: Target, judge: Judge) -> None:
    """``bearer`` and ``BEARER`` are the same scheme; many servers match the literal, which is worth a warning."""
    token = (scim.identities.valid or "").partition(" ")[2]
    for scheme in ("bearer", "BEARER"):
        exchange = scim.get(scim.primary.endpoint, params={"count": "1"}, auth=f"{scheme} {token}")
        if exchange.ok:
            judge.expect("RFC9110-11.1-01", True, expected="200", observed=exchange.summary(), at=exchange)
        else:
            judge.advise(
                "RFC9110-11.1-01",
                expected=f"the scheme name {scheme} understood like Bearer",
                observed=exchange.summary(),
                at=exchange,
            )


@check("RFC7644-2-04", needs=("auth", "bearer", "read"), depth="quick")
def test_unknown_token_gives_no_access(scim: Target, judge: Judge) -> None:
    """A token that was never issued opens neither a collection nor a resource."""
    found = _let_in(_tried(scim, _guarded_paths(scim), ("unknown",)))
    judge.expect(
        "RFC7644-2-04",
        not found,
        expected="401 for a token that was never issued",
        observed=_listed(found) or "every one refused",
        at=[exchange for _, exchange in found[:3]],
    )


@check("RFC6750-5.2-01", needs=("auth", "bearer", "read"))
def test_altered_token_gives_no_access(scim: Target, judge: Judge) -> None:
    """The valid token with a character changed, added or missing is another token."""
    found = _let_in(_tried(scim, _guarded_paths(scim), ("altered",)))
    judge.expect(
        "RFC6750-5.2-01",
        not found,
        expected="401 for a token that was altered",
        observed=_listed(found) or "every one refused",
        at=[exchange for _, exchange in found[:3]],
    )


@check("RFC6750-2.1-02", needs=("auth", "bearer", "read"))
def test_malformed_header_gives_no_access(scim: Target, judge: Judge) -> None:
    """A header that is not ``Bearer`` and one token authenticates nobody."""
    found = _let_in(_tried(scim, _guarded_paths(scim), ("malformed", "foreign")))
    judge.expect(
        "RFC6750-2.1-02",
        not found,
        expected="401 or 400 for a header that is not Bearer and a token",
        observed=_listed(found) or "every one refused",
        at=[exchange for _, exchange in found[:3]],
    )


def _writes(scim: Target, victim: Resource, header: str | None) -> list[Exchange]:
    """One request of each writing method, without valid credentials."""
    model = victim.model
    name = attributes.changeable(model)
    patch: JSONObject = {"op": "replace", "path": name.name if name else "externalId", "value": scim.unique("intruder")}
    return [
        scim.post(model.endpoint, json=scim.payload(model), auth=header),
        scim.put(victim.path, json=scim.payload(model), auth=header),
        scim.patch(victim.path, patch, auth=header),
        scim.delete(victim.path, auth=header),
    ]


@check("RFC7644-2-04", "RFC6750-3-01", needs=("auth", "bearer", "read"))
def test_writing_without_valid_credentials_changes_nothing(scim: Target, judge: Judge) -> None:
    """POST, PUT, PATCH and DELETE without valid credentials are refused, and nothing has changed afterwards."""
    for requirement, header in (("RFC7644-2-04", f"Bearer {MADE_UP}"), ("RFC6750-3-01", None)):
        victim = scim.some(scim.primary)
        before = scim.initial(victim)
        tried = _writes(scim, victim, header)
        carried_out = [exchange for exchange in tried if exchange.ok]
        after = scim.read(victim)
        unchanged = after.status == 200 and after.body == before
        judge.expect(
            requirement,
            not carried_out and unchanged,
            expected="401 for every writing method, and the resource as it was",
            observed="; ".join(exchange.summary() for exchange in carried_out)
            or ("nothing carried out" if unchanged else f"refused, yet changed: {after.summary()}"),
            at=[victim.exchange, *(carried_out or tried), after],
        )


@check("RFC7644-2-04", "RFC6750-3-01", needs=("auth", "bearer", "read"))
def test_no_side_door_is_open(scim: Target, judge: Judge) -> None:
    """HEAD, filtered queries, .search, Bulk and /Me want the same credentials as a plain GET."""
    for requirement, header in (("RFC7644-2-04", f"Bearer {MADE_UP}"), ("RFC6750-3-01", None)):
        found = [exchange for exchange in _side_doors(scim, header) if exchange.ok]
        judge.expect(
            requirement,
            not found,
            expected="401, or 404 and the like for what the target does not offer",
            observed="; ".join(exchange.summary() for exchange in found),
            at=found,
        )


def _side_doors(scim: Target, header: str | None) -> list[Exchange]:
    """Requests that lead to the same resources by other ways; Bulk asks for what does not exist."""
    endpoint = scim.primary.endpoint
    search: JSONObject = {"schemas": [urns.SEARCH_REQUEST], "count": 1}
    nothing: JSONObject = {"method": "DELETE", "path": scim.unknown_id(scim.primary)}
    bulk: JSONObject = {"schemas": [urns.BULK_REQUEST], "Operations": [nothing]}
    return [
        scim.request("HEAD", endpoint, auth=header),
        scim.get(endpoint, params={"filter": 'id eq "1"'}, auth=header),
        scim.post(f"{endpoint}/.search", json=search, auth=header),
        scim.post("/.search", json=search, auth=header),
        scim.post("/Bulk", json=bulk, auth=header),
        scim.get("/Me", auth=header),
    ]


@check("RFC6750-3-01", needs=("auth", "bearer", "read"), depth="quick")
def test_without_credentials_nothing_is_shown(scim: Target, judge: Judge) -> None:
    """Without an Authorization header neither collection nor resource is shown, and a challenge is given."""
    for path in _guarded_paths(scim):
        exchange = scim.get(path, auth=None)
        judge.expect(
            "RFC6750-3-01",
            not exchange.ok and exchange.header("www-authenticate"),
            expected="401 with WWW-Authenticate",
            observed=f"{exchange.summary()}, WWW-Authenticate: {exchange.header('www-authenticate') or '(none)'}",
            at=exchange,
        )


@check("RFC7644-2-04", needs=("auth", "bearer", "read"))
def test_refusal_shows_no_resource_data(scim: Target, judge: Judge) -> None:
    """The body of a refusal holds nothing of the resource that was asked for."""
    resource = scim.shared(scim.primary)[0]
    shown: list[Exchange] = []
    for _, exchange in _tried(scim, [resource.path, resource.model.endpoint], ("absent", "unknown")):
        if not exchange.ok and (resource.name in exchange.text or '"Resources"' in exchange.text):
            shown.append(exchange)
    judge.expect(
        "RFC7644-2-04",
        not shown,
        expected="a refusal without resource data",
        observed="; ".join(exchange.summary() for exchange in shown) or "none in any refusal",
        at=shown[:3],
    )


@check("RFC6750-2.3-02", needs=("auth", "bearer", "list"), writes=False)
def test_token_in_the_url_is_not_cached(scim: Target, judge: Judge) -> None:
    """Where a token in the query is accepted at all, the answer says that it is private."""
    token = (scim.identities.valid or "").partition(" ")[2]
    bare = scim.get(scim.primary.endpoint, params={"count": "1"}, auth=None)
    exchange = scim.get(scim.primary.endpoint, params={"access_token": token, "count": "1"}, auth=None)
    if bare.ok:
        judge.blocked("RFC6750-3-01", f"no credentials were needed: {bare.summary()}")
    if not exchange.ok:
        judge.skip("RFC6750-2.3-02", f"tokens in the query are not accepted: {exchange.status}")
        return
    control = (exchange.header("cache-control") or "").lower()
    judge.expect(
        "RFC6750-2.3-02",
        "private" in control or "no-store" in control,
        expected="Cache-Control: private",
        observed=f"Cache-Control: {control or '(none)'}",
        at=exchange,
    )


@check("RFC7644-7.4-03", "RFC6750-5.2-04", needs=("bearer", "expired-token", "list"), writes=False)
def test_expired_token_gives_no_access(scim: Target, judge: Judge) -> None:
    """A token that has expired opens nothing."""
    exchange = scim.get(scim.primary.endpoint, params={"count": "1"}, auth=scim.identities.expired)
    for requirement in ("RFC7644-7.4-03", "RFC6750-5.2-04"):
        judge.expect(
            requirement, not exchange.ok, expected="401 for an expired token", observed=exchange.summary(), at=exchange
        )


@check("RFC7644-2-02", "RFC7644-6.1-01", needs=("second-client", "read", "list"))
def test_tenants_do_not_see_each_other(scim: Target, judge: Judge) -> None:
    """What one tenant created, another can neither list, read, change nor delete."""
    other = scim.identities.second_tenant
    victim = scim.some(scim.primary)
    before = scim.initial(victim)
    listed = scim.get(victim.model.endpoint, auth=other)
    read = scim.get(victim.path, auth=other)
    attribute = attributes.changeable(victim.model)
    path = attribute.name if attribute else "externalId"
    changed = scim.patch(victim.path, {"op": "replace", "path": path, "value": scim.unique("intruder")}, auth=other)
    deleted = scim.delete(victim.path, auth=other)
    after = scim.read(victim)
    wrong = [exchange for exchange in (read, changed, deleted) if exchange.ok]
    if victim.id in ids(listed.resources):
        wrong.insert(0, listed)
    for requirement in ("RFC7644-2-02", "RFC7644-6.1-01"):
        judge.expect(
            requirement,
            not wrong and after.body == before,
            expected="404 or 403 for the other tenant's token, and the resource as it was",
            observed="; ".join(exchange.summary() for exchange in wrong) or after.summary(),
            at=(victim.exchange, *(wrong or [read]), after),
        )


@check("RFC7644-6.2-02", needs=("second-client", "create"))
def test_tenants_share_no_name_space(scim: Target, judge: Judge) -> None:
    """The same externalId in two tenants does not collide."""
    other = scim.identities.second_tenant
    external = scim.unique("tenant")
    mine = scim.create(scim.primary, externalId=external)
    theirs = scim.post(scim.primary.endpoint, json=scim.payload(scim.primary, externalId=external), auth=other)
    if theirs.ok:
        scim.delete(scim.resource_of(scim.primary, {}, theirs).path, auth=other)
    judge.expect(
        "RFC7644-6.2-02",
        theirs.ok,
        expected="201: externalId is unique within a tenant only",
        observed=theirs.summary(),
        at=(mine.exchange, theirs),
    )


@check("RFC7644-2-02", "RFC7644-3.12-10", "RFC6750-3.1-03", "RFC6750-3.1-04", needs=("limited-client", "read"))
def test_limited_token_does_not_write(scim: Target, judge: Judge) -> None:
    """A token that may only read is refused with 403 (or 404), and nothing has changed."""
    victim = scim.some(scim.primary)
    before = scim.initial(victim)
    tried = _writes(scim, victim, scim.identities.limited)
    after = scim.read(victim)
    carried_out = [exchange for exchange in tried if exchange.ok]
    judge.expect(
        "RFC7644-2-02",
        not carried_out and after.body == before,
        expected="403 or 404 for each writing method, and the resource as it was",
        observed="; ".join(exchange.summary() for exchange in carried_out) or after.summary(),
        at=(victim.exchange, *(carried_out or tried), after),
    )
    refused = [exchange for exchange in tried if not exchange.ok]
    judge.expect(
        "RFC7644-3.12-10",
        all(exchange.status in (403, 404) for exchange in refused),
        expected="403, or 404 where existence is hidden",
        observed="; ".join(exchange.summary() for exchange in refused) or "nothing refused",
        at=refused,
    )
    _judge_scope(judge, [exchange for exchange in refused if exchange.status == 403])


def _judge_scope(judge: Judge, refused: list[Exchange]) -> None:
    """What the challenge of a 403 says of the missing rights."""
    challenged = [exchange for exchange in refused if exchange.header("www-authenticate")]
    if not challenged:
        judge.skip("RFC6750-3.1-03", "no 403 came with a challenge")
        judge.skip("RFC6750-3.1-04", "no 403 came with a challenge")
        return
    values = [challenge for exchange in challenged for challenge in challenges(exchange)]
    judge.expect(
        "RFC6750-3.1-03",
        all(value.parameter("error") in (None, "insufficient_scope") for value in values),
        expected='error="insufficient_scope"',
        observed="; ".join(str(value.parameter("error")) for value in values),
        at=challenged,
    )
    judge.expect(
        "RFC6750-3.1-04",
        all(valid_scope(value.parameter("scope")) for value in values),
        expected="a scope of printable ASCII words, or none",
        observed="; ".join(str(value.parameter("scope")) for value in values),
        at=challenged,
    )
