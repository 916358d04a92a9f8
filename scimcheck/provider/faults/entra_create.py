"""Deviations of Entra's creations, and of what it reads of them afterwards (ENTRA-2.2, 2.8, 3.5)."""

from __future__ import annotations

import html
from collections.abc import Callable
from typing import Any

from scimcheck.core import urns
from scimcheck.core.errors import InvalidPath, InvalidValue, Uniqueness
from scimcheck.core.http import Request
from scimcheck.core.json import JSON, JSONObject
from scimcheck.provider.app import Provider
from scimcheck.provider.context import Context, Reply
from scimcheck.provider.faults.registry import deviation, on_resource, on_response, variant, wrap

_CUSTOM = "urn:ietf:params:scim:schemas:extension:Northwind:2.0:User"


def _before_creation(provider: Provider, change: Callable[[JSONObject, str], Any]) -> None:
    """Let ``change(body, type_name)`` alter the body of a creation, or raise to refuse it."""

    def validate(original: Any, ctx: Context, body: JSON) -> JSONObject:
        if isinstance(body, dict):
            body = dict(body)
            change(body, ctx.typed().name)
        attributes: JSONObject = original(ctx, body)
        return attributes

    wrap(provider, "validate_create", validate)


def _refuse_creation(provider: Provider, type_name: str, refused: Callable[[JSONObject], object], why: str) -> None:
    def change(body: JSONObject, kind: str) -> None:
        if kind == type_name and refused(body):
            raise InvalidValue(why)

    _before_creation(provider, change)


def _listed(body: JSONObject) -> list[Any]:
    schemas = body.get("schemas")
    return schemas if isinstance(schemas, list) else []


def _answer(provider: Provider, endpoint: str, status: int) -> None:
    def answer(request: Request, reply: Reply) -> None:
        reply.status = status

    on_response(provider, answer, method="POST", endpoint=endpoint, status=201)


# --- whether it is created -------------------------------------------------------------------------------------------


@deviation(
    "user-creation-answers-200",
    breaks=["ENTRA-2.1-01"],
    also=["ENTRA-3.1-02", "RFC7644-3.3-01"],
    text="POST /Users answers 200.",
)
def user_creation_answers_200(provider: Provider) -> None:
    _answer(provider, "/Users", 200)


@deviation(
    "group-creation-answers-200", breaks=["ENTRA-2.1-05"], also=["RFC7644-3.3-01"], text="POST /Groups answers 200."
)
def group_creation_answers_200(provider: Provider) -> None:
    _answer(provider, "/Groups", 200)


@deviation(
    "enterprise-urn-needs-attributes",
    breaks=["ENTRA-3.5-01"],
    text="A user whose schemas names the enterprise extension is refused without its attributes.",
)
def enterprise_urn_needs_attributes(provider: Provider) -> None:
    def bare(body: JSONObject) -> bool:
        return urns.ENTERPRISE_USER in _listed(body) and urns.ENTERPRISE_USER not in body

    _refuse_creation(provider, "User", bare, "the enterprise extension is empty")


@deviation(
    "user-type-refused",
    breaks=["ENTRA-3.5-02"],
    also=["ENTRA-2.1-18"],
    text="A user body with meta.resourceType alone is refused.",
)
def user_type_refused(provider: Provider) -> None:
    _refuse_creation(provider, "User", lambda body: body.get("meta") == {"resourceType": "User"}, "meta is read-only")


@deviation("group-type-refused", breaks=["ENTRA-3.5-13"], text="A group body with meta.resourceType alone is refused.")
def group_type_refused(provider: Provider) -> None:
    _refuse_creation(provider, "Group", lambda body: body.get("meta") == {"resourceType": "Group"}, "meta is read-only")


@deviation(
    "empty-roles-refused",
    breaks=["ENTRA-3.5-03"],
    also=["ENTRA-2.1-18"],
    text="A user body with an empty array of roles is refused.",
)
def empty_roles_refused(provider: Provider) -> None:
    _refuse_creation(provider, "User", lambda body: body.get("roles") == [], "roles is empty")


@deviation(
    "nulls-refused",
    breaks=["ENTRA-3.5-05"],
    also=["RFC7643-2.5-01", "RFC7644-3.3-08"],
    text="A user body in which nickName is null is refused.",
)
def nulls_refused(provider: Provider) -> None:
    _refuse_creation(provider, "User", lambda body: None in body.values(), "null is no value")


@deviation(
    "unknown-urn-of-user-refused", breaks=["ENTRA-3.5-12"], text="A user whose schemas names a stranger is refused."
)
def unknown_urn_of_user_refused(provider: Provider) -> None:
    _refuse_creation(provider, "User", lambda body: _CUSTOM in _listed(body), "schemas names an unknown URN")


@deviation(
    "microsoft-group-uri-refused",
    breaks=["ENTRA-3.5-11"],
    text="A group whose schemas names Microsoft's URI is refused.",
)
def microsoft_group_uri_refused(provider: Provider) -> None:
    _refuse_creation(
        provider, "Group", lambda body: any("microsoft" in str(urn) for urn in _listed(body)), "unknown schema"
    )


@deviation(
    "empty-group-refused",
    breaks=["ENTRA-3.5-14"],
    also=["RFC7644-3.3-01", "ENTRA-2.1-05", "ENTRA-4.3-06"],
    text="A group with an externalId has to have members.",
)
def empty_group_refused(provider: Provider) -> None:
    def empty(body: JSONObject) -> bool:
        return "externalId" in body and not body.get("members")

    _refuse_creation(provider, "Group", empty, "members is required")


# --- whether duplicates are refused ----------------------------------------------------------------------------------


@deviation(
    "taken-user-name-answers-422",
    breaks=["ENTRA-2.2-13", "ENTRA-2.2-14"],
    also=[
        "RFC7643-7-40",
        "RFC7644-3.12-12",
        "RFC7644-3.12-19",
        "RFC7644-3.5.1-11",
        "RFC7644-3.5.2-25",
        "RFC7644-3.3-09",
    ],
    text="A userName that is taken is answered with 422.",
)
def taken_user_name_answers_422(provider: Provider) -> None:
    def check(original: Any, ctx: Context, attributes: JSONObject, record_id: str | None) -> None:
        try:
            original(ctx, attributes, record_id)
        except Uniqueness as error:
            raise Uniqueness(error.detail, status=422 if ctx.endpoint == "/Users" else None) from None

    wrap(provider, "check_uniqueness", check)


@deviation(
    "user-names-collide-by-case-only-once",
    breaks=["ENTRA-2.2-14"],
    also=["ENTRA-2.1-18", "RFC7643-4.1.1-04", "RFC7644-5-01"],
    text="Users may have names that differ in letter case only.",
    settings={"unique_across_cases": False},
)
def user_names_collide_by_case_only_once(provider: Provider) -> None:
    pass


@deviation(
    "groups-may-share-names",
    breaks=["ENTRA-2.2-12"],
    text="Groups may share a displayName.",
    settings={"also_unique": {}},
)
def groups_may_share_names(provider: Provider) -> None:
    pass


def _without_detail(provider: Provider, status: int) -> None:
    def silence(request: Request, reply: Reply) -> None:
        if isinstance(reply.body, dict):
            reply.body = {name: value for name, value in reply.body.items() if name != "detail"}

    on_response(provider, silence, method="POST", endpoint="/Users", status=status)


@deviation("refusal-without-detail", breaks=["ENTRA-2.2-06"], text="A refused creation does not say why.")
def refusal_without_detail(provider: Provider) -> None:
    _without_detail(provider, 400)


@deviation("conflict-without-detail", breaks=["ENTRA-4.7-02"], text="A 409 does not say which value is taken.")
def conflict_without_detail(provider: Provider) -> None:
    _without_detail(provider, 409)


# --- what is stored and shown ----------------------------------------------------------------------------------------


@deviation(
    "title-escaped-for-html",
    breaks=["ENTRA-2.2-04"],
    also=["RFC7643-2.3.1-01"],
    text="Titles are stored with the escapes of HTML.",
)
def title_escaped_for_html(provider: Provider) -> None:
    def escape(body: JSONObject, type_name: str) -> None:
        if isinstance(body.get("title"), str):
            body["title"] = html.escape(body["title"], quote=False)

    _before_creation(provider, escape)


@deviation(
    "employee-number-is-a-number",
    breaks=["ENTRA-3.5-04"],
    also=["ENTRA-2.1-18", "ENTRA-2.2-04"],
    text="employeeNumber loses its leading zeros.",
)
def employee_number_is_a_number(provider: Provider) -> None:
    def shorten(body: JSONObject, type_name: str) -> None:
        extension = body.get(urns.ENTERPRISE_USER)
        if isinstance(extension, dict) and str(extension.get("employeeNumber", "")).isdigit():
            body[urns.ENTERPRISE_USER] = {**extension, "employeeNumber": str(int(extension["employeeNumber"]))}

    _before_creation(provider, shorten)


@deviation(
    "group-external-id-dropped",
    breaks=["ENTRA-3.5-15"],
    also=["RFC7644-3.12-27"],
    text="A new group loses its externalId.",
)
def group_external_id_dropped(provider: Provider) -> None:
    def drop(body: JSONObject, type_name: str) -> None:
        if type_name == "Group":
            body.pop("externalId", None)

    _before_creation(provider, drop)


@deviation(
    "single-phone-number-is-bare",
    breaks=["ENTRA-2.2-16"],
    also=["RFC7643-2.4-01", "RFC7643-2.3-01", "RFC7643-7-05"],
    text="A single phone number is shown without its array.",
)
def single_phone_number_is_bare(provider: Provider) -> None:
    def unwrap(resource: JSONObject, stored: JSONObject) -> None:
        numbers = resource.get("phoneNumbers")
        if isinstance(numbers, list) and len(numbers) == 1:
            resource["phoneNumbers"] = numbers[0]

    on_resource(provider, unwrap, resource_type="User")


@deviation("nulls-in-replies", breaks=["ENTRA-2.2-19"], text="Replies show unassigned attributes as null.",
           settings={"unassigned": "null"})  # fmt: skip
def nulls_in_replies(provider: Provider) -> None:
    pass


# --- extensions, roles, text -----------------------------------------------------------------------------------------


def _change_roles(provider: Provider, change: Callable[[JSONObject], JSONObject | None]) -> None:
    def changed(body: JSONObject, type_name: str) -> None:
        if isinstance(body.get("roles"), list):
            items = (change(item) if isinstance(item, dict) else item for item in body["roles"])
            body["roles"] = [item for item in items if item is not None]

    _before_creation(provider, changed)


@deviation("primary-role-dropped", breaks=["ENTRA-3.5-06"], text="A primary role is not stored on creation.")
def primary_role_dropped(provider: Provider) -> None:
    _change_roles(provider, lambda role: None if role.get("primary") is True else role)


@deviation("role-with-display-name-refused", breaks=["ENTRA-3.5-07"], text="A role with displayName is refused.")
def role_with_display_name_refused(provider: Provider) -> None:
    def named(body: JSONObject) -> bool:
        return any("displayName" in role for role in body.get("roles") or () if isinstance(role, dict))

    _refuse_creation(provider, "User", named, "roles has no displayName")


@deviation("role-value-lost", breaks=["ENTRA-3.5-08"], text="A role with display is stored without its value.")
def role_value_lost(provider: Provider) -> None:
    _change_roles(provider, lambda role: {**role, "value": None} if "display" in role and "primary" in role else role)


@deviation("text-booleans-refused", breaks=["ENTRA-3.5-09"], text='active as "True" is refused on creation.',
           settings={"text_booleans": False})  # fmt: skip
def text_booleans_refused(provider: Provider) -> None:
    pass


@deviation(
    "bare-manager-refused",
    breaks=["ENTRA-3.5-10"],
    also=["ENTRA-2.1-18"],
    text="A manager as a bare id is refused on creation.",
)
def bare_manager_refused(provider: Provider) -> None:
    def bare(body: JSONObject) -> bool:
        extension = body.get(urns.ENTERPRISE_USER)
        return isinstance(extension, dict) and isinstance(extension.get("manager"), str)

    _refuse_creation(provider, "User", bare, "manager is an object")


def _add_extension(provider: Provider) -> None:
    """Give users an extension of the provider's own, with one text."""
    definitions = provider.definitions.copy()
    text = {
        "name": "costCentre",
        "type": "string",
        "multiValued": False,
        "description": "Whom the seat is charged to.",
        "required": False,
        "caseExact": False,
        "mutability": "readWrite",
        "returned": "default",
        "uniqueness": "none",
    }
    schema = {"schemas": [urns.SCHEMA], "id": _CUSTOM, "name": "Northwind", "description": "Northwind's users."}
    user = next(kind for kind in definitions.resource_types if kind["name"] == "User")
    user["schemaExtensions"] = [*user.get("schemaExtensions", ()), {"schema": _CUSTOM, "required": False}]
    extended = type(definitions)((*definitions.schemas, {**schema, "attributes": [text]}), definitions.resource_types)
    provider.redefine(extended)


@variant("custom-extension", reading="RFC7643-3.3-01", text="Users have an extension of the provider's own.")
def custom_extension(provider: Provider) -> None:
    """A schema extension beside the enterprise one."""
    _add_extension(provider)


@deviation(
    "unlisted-extension-dropped",
    breaks=["ENTRA-2.8-01"],
    also=["RFC7643-10.2.1-01"],
    text="The attributes of a custom extension are dropped when schemas does not name its URN.",
)
def unlisted_extension_dropped(provider: Provider) -> None:
    def drop(body: JSONObject, type_name: str) -> None:
        if _CUSTOM not in _listed(body):
            body.pop(_CUSTOM, None)

    _add_extension(provider)
    _before_creation(provider, drop)


@deviation(
    "custom-extension-path-refused",
    breaks=["ENTRA-2.8-02"],
    text="A PATCH path with the URN of a custom extension is refused.",
)
def custom_extension_path_refused(provider: Provider) -> None:
    def parse(original: Any, ctx: Context, body: JSON) -> Any:
        operations = original(ctx, body)
        if any(operation.path is not None and _CUSTOM in str(operation.path) for operation in operations):
            raise InvalidPath("the path is not understood")
        return operations

    _add_extension(provider)
    wrap(provider, "parse_patch", parse)
