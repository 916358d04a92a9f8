"""What the customers of an app send: bodies and searches from its mappings and a generated directory.

With ``--scim-app`` only. The forms that these requests consist of are judged one by one in the other files here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from scimcheck.core.characteristics import Returned
from scimcheck.core.json import JSON
from scimcheck.core.schema import ResourceModel
from scimcheck.entra.apps import App
from scimcheck.entra.apps.bodies import creation_body, matching_values, missing, update_body, wanted
from scimcheck.entra.creation import is_declared
from scimcheck.entra.dialect import Dialect
from scimcheck.entra.directory import DirectoryObject
from scimcheck.harness import check
from scimcheck.harness.entra_resources import WORK_MAIL, refused, with_required
from scimcheck.harness.entra_search import alone, groups, match, nobody, told, users
from scimcheck.harness.judge import Judge
from scimcheck.harness.provisioned import app_of, directory, in_scope_of, ordinary, required_but_unmapped
from scimcheck.harness.replay import Outcome, definition, differences, send, set_aside
from scimcheck.harness.replay_groups import members_of
from scimcheck.harness.replay_values import people
from scimcheck.harness.target import Resource, Target, error_text

NOBODY, CREATED, STORED = "ENTRA-1.2-02", "ENTRA-2.1-01", "ENTRA-2.2-04"
PATCHED, TRUE = "ENTRA-2.1-04", "ENTRA-2.2-08"
ODD, CLIENT_ERROR = "ENTRA-2.5-04", "ENTRA-4.7-01"
GROUP_CREATED, GROUP_PATCHED, GROUP_FOUND = "ENTRA-2.1-05", "ENTRA-2.1-06", "ENTRA-4.3-05"
#: Under which requirement the search by an attribute is judged; another first attribute stands in for userName.
FOUND = {"username": "ENTRA-4.3-01", "externalid": "ENTRA-4.3-02", WORK_MAIL.lower(): "ENTRA-4.3-03"}


def _app(scim: Target, judge: Judge) -> App:
    return app_of(scim) or judge.not_applicable("the run follows the mappings of no app (--scim-app)")


def _created(scim: Target, judge: Judge, requirement: str, person: DirectoryObject, dialect: Dialect) -> Resource:
    """The resource that the app makes of a directory object; ends the check when there is none."""
    app = _app(scim, judge)
    model = users(scim, judge) if person.kind == "User" else groups(scim, judge)
    lacking = required_but_unmapped(model)
    if lacking:
        judge.advise(
            requirement,
            expected="a mapping for each attribute that the target requires",
            observed=f"the target requires {', '.join(lacking)}, and the app {app.name} maps nothing to it",
        )
    body = with_required(scim, model, creation_body(app, person, dialect=dialect, model=model))
    exchange = scim.post(model.endpoint, json=body)
    judge.demand(
        requirement,
        not refused(exchange),
        expected=f"201 for what the app {app.name} sends of a {person.kind.lower()}",
        observed=f"{exchange.summary()} {error_text(exchange)}",
        at=exchange,
    )
    return scim.resource_of(model, body, exchange)


def _shown(model: ResourceModel, values: dict[str, JSON]) -> dict[str, JSON]:
    """The values that a read has to show as they were sent: telephone numbers may come back in another form."""

    def shown(path: str) -> bool:
        found = definition(model, path)
        free = found is not None and found.returned in (Returned.ALWAYS, Returned.DEFAULT)
        return free and is_declared(path, model) and not path.lower().startswith("phonenumbers")

    return {path: value for path, value in values.items() if shown(path)}


def _judge_stored(judge: Judge, scim: Target, resource: Resource, values: dict[str, JSON], subject: str = "") -> None:
    read = scim.read(resource)
    if read.status != 200:
        judge.blocked("RFC7644-3.4.1-01", f"what was created cannot be read: {read.summary()}")
    wrong = list(differences(resource.model, read.body, _shown(resource.model, values)))
    judge.expect(
        STORED,
        not wrong,
        expected="every mapped value as it was sent",
        observed="; ".join(wrong),
        at=(resource.exchange, read),
        subject=subject,
    )


@check(NOBODY, CREATED, STORED, *FOUND.values(), needs=("User", "read", "unbroken:filter"))
def test_a_user_is_matched_and_created(scim: Target, judge: Judge, dialect: Dialect) -> None:
    """The app's searches find nobody before the creation and the new user after it, and its values are stored."""
    app, model = _app(scim, judge), users(scim, judge)
    person = ordinary(scim)
    found = wanted(app, person)
    pairs = matching_values(app, found, "User")
    for attribute, value in pairs:
        before = match(scim, model, attribute, value)
        judge.expect(NOBODY, nobody(before), expected="200 with nobody", observed=told(before), at=before)
    user = _created(scim, judge, CREATED, person, dialect)
    _judge_stored(judge, scim, user, dict(found.values))
    for attribute, value in pairs:
        after = match(scim, model, attribute, value)
        judge.expect(
            FOUND.get(attribute.lower(), FOUND["username"]),
            alone(after, user),
            expected=f"user {user.id} alone by {attribute}",
            observed=told(after),
            at=(user.exchange, after),
        )
    for attribute, requirement in FOUND.items():
        if attribute not in (name.lower() for name, _ in pairs):
            judge.skip(requirement, f"the app {app.name} does not match users by {attribute}")


@check(CREATED, PATCHED, TRUE, needs=("User", "read", "patch"))
def test_a_user_is_changed_and_disabled(scim: Target, judge: Judge, dialect: Dialect) -> None:
    """The PATCH that the app sends when everything about a user changes has its effect, and so has the disable."""
    app = _app(scim, judge)
    person, other = ordinary(scim), ordinary(scim)
    user = _created(scim, judge, CREATED, person, dialect)
    renewed = DirectoryObject("User", person.id, other.attributes)
    for before, after in ((person, renewed), (renewed, renewed.changed(accountEnabled=False))):
        body = update_body(app, before, after, dialect=dialect, model=user.model)
        if body is not None:
            old, new = (wanted(app, item, creating=False).values for item in (before, after))
            effect = {path: value for path, value in new.items() if old.get(path) != value}
            outcome = send(scim, user, body, _shown(user.model, effect))
            _judge_change(judge, PATCHED, outcome, outcome.wrong)


def _judge_change(judge: Judge, requirement: str, outcome: Outcome, wrong: Iterable[str], observed: str = "") -> None:
    """Judge that a PATCH was accepted and that it has its effect; ends the check when it was refused."""
    seen = observed or outcome.observed
    judge.demand(requirement, outcome.sent.ok, expected="200 or 204", observed=seen, at=outcome.exchanges)
    judge.expect(TRUE, not tuple(wrong), expected="the mapped values", observed=seen, at=outcome.exchanges)


def _hard(scim: Target, app: App) -> Iterator[DirectoryObject]:
    """The hard cases of a generated directory that the app would provision."""
    for person in in_scope_of(scim, (person for person in directory(scim).users if person.case)):
        if not person.is_soft_deleted and not missing(app, wanted(app, person), "User"):
            yield person


@check(STORED, ODD, CLIENT_ERROR, needs=("User", "read", "unbroken:filter"))
def test_people_of_real_directories_are_created(scim: Target, judge: Judge) -> None:
    """Users with names and values that are hard to handle are refused with a 4xx, or stored as sent and found."""
    app, model = _app(scim, judge), users(scim, judge)
    judged = False
    for person in _hard(scim, app):
        found = wanted(app, person)
        body = with_required(scim, model, creation_body(app, person, model=model))
        exchange = scim.post(model.endpoint, json=body)
        judge.expect(
            CLIENT_ERROR,
            exchange.status < 500,
            expected="201, or a refusal with 4xx",
            observed=f"{exchange.summary()} {error_text(exchange)}",
            at=exchange,
            subject=person.case,
        )
        if not refused(exchange):
            user = scim.resource_of(model, body, exchange)
            _judge_stored(judge, scim, user, dict(found.values), person.case)
            _judge_found(scim, judge, user, matching_values(app, found, "User")[0], person.case)
            judged = True
    if not judged:
        judge.not_applicable("the target refuses each of these users")


def _judge_found(scim: Target, judge: Judge, user: Resource, pair: tuple[str, str], case: str) -> None:
    found = match(scim, user.model, *pair)
    judge.expect(
        ODD,
        alone(found, user),
        expected=f"user {user.id} alone by {pair[0]}",
        observed=told(found),
        at=(user.exchange, found),
        subject=case,
    )


@check(GROUP_CREATED, GROUP_FOUND, GROUP_PATCHED, TRUE, needs=("Group", "User", "read", "patch", "unbroken:filter"))
def test_a_group_is_created_renamed_and_filled(scim: Target, judge: Judge, dialect: Dialect) -> None:
    """The app's group is created and found; its new name, a member and the member's removal take effect."""
    set_aside(judge, dialect)
    app, model = _app(scim, judge), groups(scim, judge)
    team = directory(scim).groups[1]
    group = _created(scim, judge, GROUP_CREATED, team, dialect)
    attribute, value = matching_values(app, wanted(app, team), "Group")[0]
    found = match(scim, model, attribute, value)
    judge.expect(
        GROUP_FOUND,
        alone(found, group),
        expected=f"group {group.id} alone by {attribute}",
        observed=told(found),
        at=(group.exchange, found),
    )
    renamed = team.changed(displayName=scim.unique("Renamed & Moved"))
    body = update_body(app, team, renamed, dialect=dialect, model=model)
    if body is not None:
        effect = {path: value for path, value in wanted(app, renamed).values.items() if path == "displayName"}
        outcome = send(scim, group, body, effect)
        _judge_change(judge, GROUP_PATCHED, outcome, outcome.wrong)
    if is_declared("members", model):
        _judge_members(scim, judge, group, dialect)


def _judge_members(scim: Target, judge: Judge, group: Resource, dialect: Dialect) -> None:
    person = people(scim, judge, 1)[0]
    for body, there in ((dialect.add_members([person.id]), True), (dialect.remove_members([person.id]), False)):
        outcome = send(scim, group, body, {})
        shown = members_of(group, outcome.read.body)
        wrong = [] if (person.id in shown) is there else [f"members are {shown}"]
        _judge_change(judge, GROUP_PATCHED, outcome, wrong, f"{outcome.sent.summary()}, and then members {shown}")
