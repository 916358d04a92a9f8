"""RFC 7643 §9.2, RFC 7644 §3.4.1: ids, paths and filters that attack reach nothing. Hostile texts: test_s9_security.py.

What is sent by other methods than GET concerns resources of the run's own alone, whatever the target makes of it.
"""

from __future__ import annotations

from urllib.parse import quote, unquote

from scimcheck.client.exchange import Exchange
from scimcheck.core.schema import ResourceModel
from scimcheck.core.values import has_value
from scimcheck.harness import attributes, check, places
from scimcheck.harness.attempts import attempt
from scimcheck.harness.expected import differences
from scimcheck.harness.judge import Judge
from scimcheck.harness.odd import broke_down, endures
from scimcheck.harness.patching import operation, typed_holding
from scimcheck.harness.population import quoted
from scimcheck.harness.target import Resource, Target, ids

INJECTION, UNKNOWN, SELECTED = "RFC7643-9.2-02", "RFC7644-3.4.1-02", "RFC7644-3.5.2.2-04"
#: A header that no server sends, unless it copies line ends into its own.
SPLIT = "X-Scimcheck-Split"
#: What turns an id into a condition, a pattern or another id, where ``{id}`` is an id of the run's own.
IDS: tuple[tuple[str, str], ...] = (
    ("an id and a condition that is always true", "{id}'%20or%20'1'='1"),
    ("a percent sign, which matches anything in SQL", "%25"),
    ("an id that is followed by a NUL character", "{id}%00"),
    ("an id that is followed by a letter", "{id}x"),
    ("bytes that are no UTF-8", "%FF%FE"),
    ("an id of 3,000 letters", "x" * 3000),
    ("line ends and markup", f"%0D%0A{SPLIT}:%201%0D%0A%3Cscript%3Ealert(1)%3C%2Fscript%3E"),
)
RARE_IDS: tuple[tuple[str, str], ...] = (
    ("an asterisk", "*"),
    ("underscores, each of which matches any letter in SQL", "{underscores}"),
    ("the first letters of an id and a percent sign", "{start}%25"),
    ("a regular expression", ".*"),
    ("a condition that is always true, in double quotes", "%22%20or%20%22%22=%22"),
    ("a comment", "{id}'--"),
    ("an LDAP filter", "*)(objectClass=*"),
    ("an object with an operator", "%7B%22$ne%22:null%7D"),
    ("a list of ids", "{id},{id}"),
    ("an id that is followed by an encoded slash", "{id}%2Fx"),
    ("an id that is followed by a line end", "{id}%0A"),
    ("an expression of a template", "$%7B7*7%7D"),
    ("the word null", "null"),
    ("the word undefined", "undefined"),
    ("zero", "0"),
    ("minus one", "-1"),
    ("a number of 30 digits", "9" * 30),
    ("letters beyond ASCII", "%C3%A4%F0%9F%A6%8A"),
    ("a character coded in too many bytes", "%C0%AF"),
    ("a percent sign without digits", "%zz"),
    ("a name of the object model", "__proto__"),
)


def _filled(pattern: str, resource: Resource) -> str:
    """The pattern with the resource's id in it, encoded as in its path."""
    encoded = resource.path.rpartition("/")[2]
    return (
        pattern.replace("{id}", encoded)
        .replace("{underscores}", "_" * len(resource.id))
        .replace("{start}", encoded[: max(1, len(encoded) // 2)])
    )


def _shows_a_resource(exchange: Exchange) -> bool:
    """Whether an answer shows resources, other than one that really has that id."""
    asked, shown = unquote(exchange.path.rpartition("/")[2]), exchange.body.get("id")
    return exchange.ok and ((has_value(shown) and str(shown) != asked) or bool(exchange.resources))


def _judge_id(judge: Judge, resource: Resource, exchange: Exchange | None, words: str) -> None:
    """No resource is shown, and nothing breaks down; whatever stands before the service may refuse in its way."""
    if exchange is None:
        judge.expect(UNKNOWN, True, expected="", observed="")
        return
    judge.expect(
        UNKNOWN,
        not _shows_a_resource(exchange) and not broke_down(exchange),
        expected=f"404, or another refusal, for {words} in place of an id",
        observed=f"{exchange.summary()} with id {exchange.body.get('id')!r}" if exchange.ok else exchange.summary(),
        at=(resource.exchange, exchange),
    )


@check(UNKNOWN, INJECTION, needs=("create", "read"))
def test_ids_that_attack_find_nothing(scim: Target, judge: Judge) -> None:
    """An id with conditions, patterns or control characters is no resource's, and comes back in no harmful way."""
    resource = scim.shared(scim.primary)[0]
    judge.expect(INJECTION, True, expected="", observed="")
    for words, pattern in (*IDS, *RARE_IDS) if scim.depth == "deep" else IDS:
        exchange = attempt(scim, "GET", f"{resource.model.endpoint}/{_filled(pattern, resource)}")
        _judge_id(judge, resource, exchange, words)
        if exchange is not None:
            _judge_reflection(judge, exchange)


def _judge_reflection(judge: Judge, exchange: Exchange) -> None:
    markup = exchange.media_type == "text/html" and "<script>alert(1)" in exchange.text
    split = exchange.header(SPLIT) is not None
    judge.expect(
        INJECTION,
        not markup and not split,
        expected="an answer that repeats neither line ends in headers nor markup in HTML",
        observed=f"{exchange.summary()} with {'a header' if split else 'a script'} out of the address",
        at=exchange,
    )


@check(UNKNOWN, needs=("create", "read"), depth="deep")
def test_encoded_slashes_lead_nowhere(scim: Target, judge: Judge) -> None:
    """Dots and encoded slashes within an id lead to no other endpoint; gateways that resolve them get a remark."""
    resource = scim.shared(scim.primary)[0]
    endpoint = resource.model.endpoint
    for climb in ("..%2F{endpoint}%2F{id}", "x%2F..%2F{id}"):
        target = _filled(climb.replace("{endpoint}", endpoint.strip("/")), resource)
        exchange = attempt(scim, "GET", f"{endpoint}/{target}")
        if exchange is not None and _shows_a_resource(exchange):
            judge.advise(
                UNKNOWN,
                expected="404: an encoded slash is part of the id",
                observed=f"{exchange.summary()} with id {exchange.body.get('id')!r}",
                at=(resource.exchange, exchange),
            )
        else:
            _judge_id(judge, resource, exchange, "dots and encoded slashes")


@check("RFC7644-3.6-06", needs=("create", "read", "delete"), depth="deep")
def test_an_id_with_a_letter_more_deletes_nothing(scim: Target, judge: Judge, resource: Resource) -> None:
    """DELETE on an id with a letter more, or with a NUL character, is answered with 404, and the resource stays."""
    endpoint = resource.model.endpoint
    sent = [
        attempt(scim, "DELETE", scim.ledger.mint(endpoint, _filled(pattern, resource)))
        for pattern in ("{id}x", "{id}%00")
    ]
    found = scim.read(resource)
    answered = [exchange for exchange in sent if exchange is not None]
    judge.expect(
        "RFC7644-3.6-06",
        found.status == 200 and not any(exchange.ok or broke_down(exchange) for exchange in answered),
        expected="404, and the resource is still there",
        observed="; ".join(exchange.summary() for exchange in (*answered, found)),
        at=(resource.exchange, *answered, found),
    )


@check("RFC7644-3.12-11", needs=("User", "Group", "create", "read"))
def test_an_id_of_another_type_changes_nothing(scim: Target, judge: Judge) -> None:
    """PUT, PATCH and DELETE below the groups with the id of a user are answered with 404, and the user stays."""
    group, model = scim.model("Group"), scim.user
    if group is None or model is None:
        judge.not_applicable("the target lacks users or groups")
        return
    user = scim.create_from(model, scim.payload(model))
    path = scim.ledger.mint(group.endpoint, user.path.rpartition("/")[2])
    sent = [scim.put(path, json=scim.payload(group))] if scim.capabilities.works("put", group) else []
    if scim.capabilities.works("patch", group):
        operation_on_both = operation("replace", "externalId", value=scim.unique("other"))
        sent.append(scim.patch(path, operation_on_both))
    sent.append(scim.delete(path))
    found = scim.read(user)
    judge.expect(
        "RFC7644-3.12-11",
        found.status == 200 and not any(exchange.ok or broke_down(exchange) for exchange in sent),
        expected="404 for each, and the user as it was",
        observed="; ".join(exchange.summary() for exchange in (*sent, found)),
        at=(user.exchange, *sent, found),
    )


@check(INJECTION, needs=("create", "read"))
def test_nul_characters_do_no_harm(scim: Target, judge: Judge) -> None:
    """A NUL character in a text is kept, left out or refused; it ends no text, neither in a value nor in a filter."""
    model: ResourceModel = scim.primary
    attribute = attributes.changeable(model)
    if attribute is None:
        judge.not_applicable(f"{model.name} has no free text attribute")
        return
    text = scim.unique("nul")
    created = scim.post(model.endpoint, json={**scim.payload(model), attribute.name: f"{text}\0end"})
    if endures(judge, INJECTION, created, f"a NUL character in {attribute.name}") and created.ok:
        found = scim.read(scim.resource_of(model, {}, created))
        shown = found.body.get(attribute.name)
        judge.expect(
            INJECTION,
            not isinstance(shown, str) or shown.lower() != text.lower(),
            expected="the whole text, perhaps without the NUL character, or 400",
            observed=f"{created.summary()}; {attribute.name} ends where the NUL character stood: {shown!r}",
            at=(created, found),
        )
    if scim.capabilities.works("filter", model):
        _judge_nul_in_filter(scim, judge, model)


def _judge_nul_in_filter(scim: Target, judge: Judge, model: ResourceModel) -> None:
    other, name = scim.shared(model)[0], attributes.naming(model)
    for nul in ("%5Cu0000", "%00"):
        query = f"filter={name}%20eq%20%22{quote(other.name, safe='')}{nul}end%22"
        exchange = attempt(scim, "GET", model.endpoint, params=query)
        if exchange is None:
            continue
        judge.expect(
            INJECTION,
            not broke_down(exchange) and other.id not in ids(exchange.resources),
            expected="no match, or 400, for an operand with a NUL character",
            observed=f"{exchange.summary()} with {len(exchange.resources)} resources",
            at=(other.exchange, exchange),
        )


#: Operands of value filters that select nothing, however they end up in a statement or pattern.
OPERANDS = ("scimcheck' or '1'='1", "%", "*)(value=*", ".*", '" or ""="')


@check(SELECTED, needs=("patch-remove", "complex-filter"))
def test_value_filters_that_attack_select_nothing(scim: Target, judge: Judge) -> None:
    """A removal whose value filter holds a condition or a pattern as text removes nothing."""
    subject, listed, _ = typed_holding(scim, judge, scim.primary, 2, subs=1)
    name, sub = listed.attribute.name, places.sub_texts(listed)[0].attribute.name
    operands = OPERANDS if scim.depth == "deep" else OPERANDS[:2]
    removals = [operation("remove", f"{name}[{sub} eq {quoted(text)}]") for text in operands]
    sent = [scim.patch(subject.resource.path, *removals)]
    if not sent[0].ok:
        sent += [scim.patch(subject.resource.path, removal) for removal in removals]
    found = scim.read(subject.resource)
    told = differences(subject.state, found.body, subject.model) if found.status == 200 else [found.summary()]
    judge.expect(
        SELECTED,
        not told and not any(map(broke_down, sent)),
        expected=f"success without effect, or 400 noTarget, and all of {name} still there",
        observed="; ".join((*(exchange.summary() for exchange in sent), *told)),
        at=(subject.resource.exchange, *sent, found),
    )
