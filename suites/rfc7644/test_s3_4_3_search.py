"""RFC 7644 §3.4.3: queries by POST to ``.search``. Each member of the request is compared with the query by GET."""

from __future__ import annotations

from collections.abc import Callable

from scimcheck.client.exchange import Exchange
from scimcheck.core import urns
from scimcheck.core.json import JSON, JSONObject
from scimcheck.core.schema import ResourceModel
from scimcheck.harness import attributes, check
from scimcheck.harness.judge import Judge
from scimcheck.harness.population import Population, population, quoted, search_request
from scimcheck.harness.querying import judge_filter, query
from scimcheck.harness.target import Target, ids


def _search(scim: Target, model: ResourceModel, **members: JSON) -> Exchange:
    return scim.post(f"{model.endpoint}/.search", json={"schemas": [urns.SEARCH_REQUEST], **members})


def _own(people: Population) -> str:
    """A filter that several members match and, as a rule, nothing else."""
    return f"{people.naming} sw {quoted(people.tag + '-')}"


def _filters(scim: Target, people: Population) -> bool:
    """Whether searches heed ``filter``, so that they can be limited to own resources."""
    key = ("search-filters", people.model.name)
    if key not in scim.cache:
        found = _search(scim, people.model, filter=people.named("amber"))
        scim.cache[key] = ids(found.resources) == [people.members["amber"].resource.id]
    return bool(scim.cache[key])


def _judge_alike(
    scim: Target,
    judge: Judge,
    requirement: str,
    people: Population,
    parameters: dict[str, str],
    right: Callable[[Exchange], bool] = lambda found: False,
    **members: JSON,
) -> None:
    """Expect a search with ``members`` to answer what GET does with ``parameters``, or what it has to in itself."""
    model = people.model
    scope = {"filter": _own(people)} if _filters(scim, people) else {}
    got = scim.get(model.endpoint, params={**scope, **parameters})
    if got.status != 200:
        judge.not_applicable(f"the query is not answered by GET either: {got.summary()}")
    found = _search(scim, model, **scope, **members)
    judge.expect(
        requirement,
        found.status == 200 and (_comparable(found) == _comparable(got) or right(found)),
        expected=f"what GET answers: {_short(got)}",
        observed=_short(found),
        at=(got, found),
    )


def _comparable(exchange: Exchange) -> tuple[JSON, list[JSONObject]]:
    """What two answers to one query have in common: the total, and the resources in order."""
    return exchange.body.get("totalResults"), exchange.resources


def _short(exchange: Exchange) -> str:
    names = sorted({key for resource in exchange.resources for key in resource})
    listed = f"{len(exchange.resources)} resources of {exchange.body.get('totalResults')} with {', '.join(names)}"
    order = ", ".join(ids(exchange.resources)[:4])
    return f"{exchange.status}: {listed}; {order}"


@check("RFC7644-3.4.3-01", "RFC7644-3.4.3-03", needs=("search",), depth="quick")
def test_a_search_is_a_query(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """POST to .search is answered with 200 and a ListResponse, and creates nothing."""
    exchange = _search(scim, model, count=2)
    judge.expect(
        "RFC7644-3.4.3-01",
        exchange.status != 201 and "id" not in exchange.body,
        expected="a query, no creation",
        observed=exchange.summary() + (f" with id {exchange.body['id']!r}" if "id" in exchange.body else ""),
        at=exchange,
    )
    schemas = exchange.body.get("schemas")
    judge.expect(
        "RFC7644-3.4.3-03",
        exchange.status == 200 and isinstance(schemas, list) and urns.LIST_RESPONSE in schemas,
        expected="200 with a ListResponse",
        observed=f"{exchange.summary()} with schemas {schemas!r}",
        at=exchange,
    )


@check("RFC7644-3.4.3-02", needs=("search",))
def test_a_search_says_that_it_is_one(scim: Target, judge: Judge) -> None:
    """A search without its URN is refused with 400 invalidSyntax; a target that takes it gets a remark."""
    model = scim.primary
    for body in ({"count": 1}, {"schemas": [urns.PATCH_OP], "count": 1}):
        exchange = scim.post(f"{model.endpoint}/.search", json=body)
        if exchange.ok or (exchange.status == 400 and exchange.scim_type != "invalidSyntax"):
            judge.advise("RFC7644-3.4.3-02", expected="400 invalidSyntax", observed=exchange.summary(), at=exchange)
        else:
            judge.status("RFC7644-3.4.3-02", exchange, 400)


@check("RFC7644-3.4.3-04", needs=("search", "filter", "read"))
def test_attributes_in_a_search(scim: Target, judge: Judge) -> None:
    """attributes, an array, limits what is returned as the parameter of GET does."""
    model = scim.primary
    people = population(scim, model)
    several = [people.naming, *([people.text.name] if people.text else [])]
    for names in ([people.naming], several):
        allowed = {"id", "schemas", *names}

        def right(found: Exchange, allowed: set[str] = allowed) -> bool:
            return all({"id", people.naming} <= {*each} <= allowed for each in found.resources)

        parameters = {"attributes": ",".join(names)}
        _judge_alike(scim, judge, "RFC7644-3.4.3-04", people, parameters, right, attributes=[*names])


@check("RFC7644-3.4.3-05", "RFC7644-3.4.3-11", needs=("search", "filter", "read"))
def test_excluded_attributes_in_a_search(scim: Target, judge: Judge) -> None:
    """excludedAttributes, an array, leaves attributes out as the parameter of GET does, but never the id."""
    model = scim.primary
    people = population(scim, model)
    left_out = people.text.name if people.text else "meta"

    def right(found: Exchange) -> bool:
        return all(left_out not in each and people.naming in each for each in found.resources)

    parameters = {"excludedAttributes": left_out}
    _judge_alike(scim, judge, "RFC7644-3.4.3-05", people, parameters, right, excludedAttributes=[left_out])
    exchange = _search(scim, model, filter=people.named("cedar"), excludedAttributes=["id", left_out])
    judge.expect(
        "RFC7644-3.4.3-11",
        exchange.status == 200 and all("id" in resource for resource in exchange.resources),
        expected="resources with their id",
        observed=f"{exchange.summary()}: {[sorted(resource) for resource in exchange.resources][:2]}",
        at=exchange,
    )


@check("RFC7644-3.4.3-06", needs=("search", "filter", "read"), every_type="deep")
def test_filters_in_a_search(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """filter finds what it finds by GET, signs that URLs would have to encode included."""
    people = population(scim, model)

    def ask(expression: str, start: int) -> Exchange:
        return _search(scim, model, filter=expression, **({"startIndex": start} if start > 1 else {}))

    nobody = f"{people.naming} eq {quoted(people.tag + ' 100% & + # nobody')}"
    for expression in (people.named("birch"), f"{people.named('amber')} or {people.named('delta')}", nobody):
        if query(people, expression).right:  # what GET gets wrong is another clause
            judge_filter(judge, "RFC7644-3.4.3-06", people, expression, ask=ask)
    judge.expect("RFC7644-3.4.3-06", True, expected="", observed="")


@check("RFC7644-3.4.3-07", "RFC7644-3.4.3-08", needs=("search", "sort", "filter", "read"))
def test_order_in_a_search(scim: Target, judge: Judge) -> None:
    """sortBy and sortOrder put the resources into the order that they have by GET."""
    model = scim.primary
    people = population(scim, model)
    name = people.naming
    _judge_alike(scim, judge, "RFC7644-3.4.3-07", people, {"sortBy": name}, sortBy=name)
    orders = []
    for order in ("ascending", "descending"):
        parameters = {"sortBy": name, "sortOrder": order}
        _judge_alike(scim, judge, "RFC7644-3.4.3-08", people, parameters, sortBy=name, sortOrder=order)
        orders.append(ids(scim.session.journal.since(len(scim.session.journal) - 1)[0].resources))
    own = {member.resource.id for member in people.members.values()}
    up, down = ([each for each in order if each in own] for order in orders)
    judge.expect(
        "RFC7644-3.4.3-08",
        len(up) < 2 or up != down,
        expected="another order when descending",
        observed=f"the same order of {len(up)} resources both ways",
        at=scim.session.journal.since(len(scim.session.journal) - 1),
    )


@check("RFC7644-3.4.3-09", needs=("search", "index", "filter", "read"))
def test_start_index_in_a_search(scim: Target, judge: Judge) -> None:
    """startIndex begins the page where it begins by GET."""
    model = scim.primary
    people = population(scim, model)
    parameters = {"startIndex": "2", "count": "2"}
    _judge_alike(scim, judge, "RFC7644-3.4.3-09", people, parameters, startIndex=2, count=2)


@check("RFC7644-3.4.3-10", needs=("search", "filter", "read"))
def test_count_in_a_search(scim: Target, judge: Judge) -> None:
    """count limits the page as it does by GET."""
    model = scim.primary
    people = population(scim, model)
    for count in (1, 2):

        def right(found: Exchange, count: int = count) -> bool:
            return len(found.resources) == count

        _judge_alike(scim, judge, "RFC7644-3.4.3-10", people, {"count": str(count)}, right, count=count)


@check("RFC7644-3.4.3-12", needs=("search", "root-query", "filter", "User", "Group"))
def test_a_search_at_the_root_covers_every_type(scim: Target, judge: Judge) -> None:
    """A search at the base URL finds resources of every type."""
    user, group = scim.user, scim.group
    if user is None or group is None:
        judge.not_applicable("the target has no users or no groups")
    both = [scim.shared(user)[0], scim.shared(group)[0]]
    for resource in both:
        expression = f"{attributes.naming(resource.model)} eq {quoted(resource.name)}"
        exchange = scim.post("/.search", json=search_request(expression))
        if exchange.status in (403, 404, 405, 501):
            judge.not_applicable(f"searching at the base URL is not offered: {exchange.summary()}")
        judge.expect(
            "RFC7644-3.4.3-12",
            resource.id in ids(exchange.resources),
            expected=f"the {resource.model.name} of that name",
            observed=f"{exchange.summary()} with {len(exchange.resources)} resources",
            at=(resource.exchange, exchange),
        )


@check("RFC7644-3.4.3-13", needs=("search", "filter"), every_type="deep")
def test_faulty_searches_are_refused(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """A malformed filter in a search is refused with 400 invalidFilter, a malformed body with 400 invalidSyntax."""
    name = attributes.naming(model)
    for expression in (f'{name} eq "x" and', f'({name} eq "x"'):
        _refused(judge, _search(scim, model, filter=expression), "invalidFilter")
    path = f"{model.endpoint}/.search"
    broken = scim.post(path, content=b'{"schemas": [', headers={"Content-Type": urns.MEDIA_TYPE})
    if broken.status == 400 and broken.scim_type != "invalidSyntax":
        judge.advise("RFC7644-3.4.3-13", expected="400 invalidSyntax", observed=broken.summary(), at=broken)
    else:
        judge.status("RFC7644-3.4.3-13", broken, 400)


def _refused(judge: Judge, exchange: Exchange, keyword: str) -> None:
    judge.expect(
        "RFC7644-3.4.3-13",
        exchange.status == 400 and exchange.scim_type == keyword,
        expected=f"400 {keyword}",
        observed=exchange.summary(),
        at=exchange,
    )
