"""What Entra puts into a creation beside core attributes: extensions, the manager, roles, booleans as text."""

from __future__ import annotations

from scimcheck.core import urns
from scimcheck.core.json import JSON, JSONObject
from scimcheck.core.resource import member
from scimcheck.core.schema import ResourceModel
from scimcheck.core.values import same_value
from scimcheck.entra.creation import is_declared
from scimcheck.entra.dialect import MANAGER, Dialect, operation, patch_body
from scimcheck.harness import check
from scimcheck.harness.attributes import simple_text
from scimcheck.harness.entra_resources import listed_values, manager_of, refused, with_manager
from scimcheck.harness.entra_search import users
from scimcheck.harness.judge import Judge
from scimcheck.harness.ledger import identifier_of
from scimcheck.harness.replay import definition, differences, prove, set_aside
from scimcheck.harness.target import Target, error_text

#: The shapes of a role by the mapping function that yields them.
ROLES = {
    "ENTRA-3.5-06": {"primary": True, "type": "WindowsAzureActiveDirectoryRole"},
    "ENTRA-3.5-07": {"primary": False, "type": "WindowsAzureActiveDirectoryRole", "displayName": "Editor"},
    "ENTRA-3.5-08": {"primary": False, "type": "WindowsAzureActiveDirectoryRole", "display": "Editor"},
}


def _judge_stored(scim: Target, judge: Judge, requirement: str, members: JSONObject, effect: JSONObject) -> None:
    """Create a plain user with these members in addition, and expect the effect on a read."""
    model = users(scim, judge)
    body = {**scim.payload(model), **members}
    created = scim.post(model.endpoint, json=body)
    if refused(created):
        judge.demand(
            requirement,
            False,
            expected="201 with the new user",
            observed=f"{created.summary()} {error_text(created)}",
            at=created,
        )
    read = scim.get(f"{model.endpoint}/{identifier_of(created)}")
    wrong = list(differences(model, read.body, effect))
    judge.expect(
        requirement,
        read.status == 200 and not wrong,
        expected=", ".join(f"{path} {value!r}" for path, value in effect.items()),
        observed=f"{read.summary()}: {'; '.join(wrong)}",
        at=(created, read),
    )


@check("ENTRA-3.5-04", needs=("EnterpriseUser", "read"))
def test_enterprise_attributes_are_stored(scim: Target, judge: Judge) -> None:
    """Enterprise attributes in an object under the extension's URN are stored on creation."""
    model = users(scim, judge)
    wanted = {"employeeNumber": "0040817", "department": "Finance"}
    values = {name: value for name, value in wanted.items() if is_declared(f"{urns.ENTERPRISE_USER}:{name}", model)}
    if not values:
        judge.not_applicable("users have neither employeeNumber nor department")
    members: JSONObject = {
        "schemas": [*scim.payload(model)["schemas"], urns.ENTERPRISE_USER],
        urns.ENTERPRISE_USER: values,
    }
    members["schemas"] = list(dict.fromkeys(members["schemas"]))
    effect: JSONObject = {f"{urns.ENTERPRISE_USER}:{name}": value for name, value in values.items()}
    _judge_stored(scim, judge, "ENTRA-3.5-04", members, effect)


@check(*ROLES, needs=("User", "read"))
def test_roles_are_stored(scim: Target, judge: Judge) -> None:
    """A user is created with roles in the shape of each mapping function, and the value of each role is stored."""
    model = users(scim, judge)
    if not is_declared("roles", model) or model.find(None, "roles", "value") is None:
        judge.not_applicable("users have no roles that clients may write")
    for requirement, shape in ROLES.items():
        values = ["Editor"] if shape["primary"] else ["Editor", "Viewer"]
        names = {"displayName", "display"} & set(shape)
        _judge_roles(
            scim, judge, requirement, [{**shape, **dict.fromkeys(names, value), "value": value} for value in values]
        )


def _judge_roles(scim: Target, judge: Judge, requirement: str, roles: list[JSONObject]) -> None:
    model = users(scim, judge)
    created = scim.post(model.endpoint, json=scim.payload(model, roles=roles))
    if not judge.expect(
        requirement,
        not refused(created),
        expected="201 with the new user",
        observed=f"{created.summary()} {error_text(created)}",
        at=created,
    ):
        return
    read = scim.get(f"{model.endpoint}/{identifier_of(created)}")
    shown = member(read.body, "roles")
    stored = sorted(listed_values(shown))
    wanted = [role["value"] for role in roles]
    judge.expect(
        requirement,
        same_value(stored, wanted, definition(model, "roles.value")),
        expected=f"roles with the values {', '.join(wanted)}",
        observed=f"roles {shown!r}",
        at=(created, read),
    )


@check("ENTRA-3.5-09", needs=("User", "read"))
def test_active_may_be_text(scim: Target, judge: Judge, dialect: Dialect) -> None:
    """active as the string "True" or "False" is stored as a boolean on creation."""
    set_aside(judge, dialect)
    if not is_declared("active", users(scim, judge)):
        judge.not_applicable("users have no active that clients may write")
    for text in ("True", "False"):
        _judge_active(scim, judge, text)


def _judge_active(scim: Target, judge: Judge, text: str) -> None:
    model = users(scim, judge)
    created = scim.post(model.endpoint, json=scim.payload(model, active=text))
    at = [created]
    shown: JSON = None
    if not refused(created):
        at.append(scim.get(f"{model.endpoint}/{identifier_of(created)}"))
        shown = member(at[-1].body, "active")
    judge.expect(
        "ENTRA-3.5-09",
        shown is (text == "True"),
        expected=f"201, and then active {text.lower()} as a JSON boolean",
        observed=f"{created.summary()} {error_text(created)}" if len(at) == 1 else f"active {shown!r}",
        at=at,
        subject=f"active = {text!r}",
    )


@check("ENTRA-3.5-10", needs=("EnterpriseUser", "read"))
def test_a_manager_may_be_a_bare_id(scim: Target, judge: Judge, dialect: Dialect) -> None:
    """A manager given as a string in the extension object of a creation is stored as manager.value."""
    set_aside(judge, dialect)
    model = users(scim, judge)
    if not is_declared(MANAGER, model):
        judge.not_applicable("users have no manager that clients may write")
    boss = scim.shared(model)[0]
    created = scim.post(model.endpoint, json=with_manager(scim, model, boss.id))
    if not judge.expect(
        "ENTRA-3.5-10",
        not refused(created),
        expected="201 with the new user",
        observed=f"{created.summary()} {error_text(created)}",
        at=created,
    ):
        return
    read = scim.get(f"{model.endpoint}/{identifier_of(created)}")
    extension = member(read.body, urns.ENTERPRISE_USER)
    shown = member(extension, "manager") if isinstance(extension, dict) else None
    judge.expect(
        "ENTRA-3.5-10",
        isinstance(shown, dict) and manager_of(read.body) == boss.id,
        expected=f"manager.value {boss.id}",
        observed=f"manager {shown!r}",
        at=(boss.exchange, created, read),
    )


def _custom(model: ResourceModel) -> tuple[str, str] | None:
    """URN and attribute of an extension of the target's own."""
    for located in model.attributes():
        own = located.schema not in (None, urns.ENTERPRISE_USER)
        if own and located.schema and simple_text(located.attribute) and not model.requires(located.schema):
            return located.schema, located.attribute.name
    return None


@check("ENTRA-2.8-01", needs=("User", "extension"))
def test_an_extension_needs_no_urn_in_schemas(scim: Target, judge: Judge) -> None:
    """An attribute of a custom extension is stored although the extension's URN is missing from schemas."""
    model = users(scim, judge)
    found = _custom(model)
    if found is None:
        judge.not_applicable("users have no extension but the enterprise one, or none with a text")
    urn, name = found
    value = scim.unique("custom")
    plain = scim.payload(model)
    listed = scim.post(model.endpoint, json={**plain, "schemas": [*plain["schemas"], urn], urn: {name: value}})
    kept = scim.get(f"{model.endpoint}/{identifier_of(listed)}").body if not refused(listed) else {}
    if list(differences(model, kept, {f"{urn}:{name}": value})):
        judge.not_applicable(f"{urn}:{name} is not stored even when schemas names its URN")
    _judge_stored(scim, judge, "ENTRA-2.8-01", {urn: {name: value}}, {f"{urn}:{name}": value})


@check("ENTRA-2.8-02", needs=("User", "extension", "read", "patch"))
def test_a_path_with_the_urn_reaches_the_attribute(scim: Target, judge: Judge, dialect: Dialect) -> None:
    """A PATCH path of the extension's URN, a colon and the attribute's name sets the attribute of that extension."""
    set_aside(judge, dialect)
    model = users(scim, judge)
    found = _custom(model)
    if found is None:
        judge.not_applicable("users have no extension but the enterprise one, or none with a text")
    path, value = ":".join(found), scim.unique("custom")
    body = patch_body([operation("Add", path, value)])
    prove(scim, judge, "ENTRA-2.8-02", scim.some(model), body, {path: value})
