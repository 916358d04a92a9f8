"""Functions on app role assignments, which are role values as text or objects with value and displayName."""

from __future__ import annotations

from scimcheck.core.json import JSONObject
from scimcheck.entra.expression.evaluate import Arguments
from scimcheck.entra.expression.registry import implements
from scimcheck.entra.expression.values import Value

_TYPE = "WindowsAzureActiveDirectoryRole"


def _roles(a: Arguments, name: str) -> list[JSONObject]:
    """Each role as a complex value whose name stands in the sub-attribute ``name``."""
    roles = []
    for assigned in a.values(0):
        role = assigned if isinstance(assigned, dict) else {"value": assigned}
        shown = role.get("displayName", role["value"])
        roles.append({"primary": False, "type": _TYPE, name: shown, "value": role["value"]})
    return roles


@implements("SingleAppRoleAssignment")
def _single(a: Arguments) -> Value:
    roles = _roles(a, "displayName")
    return str(roles[0]["value"]) if roles else None


@implements("AppRoleAssignmentsComplex")
def _complex(a: Arguments) -> Value:
    return _roles(a, "displayName")


@implements("AssertiveAppRoleAssignmentsComplex")
def _assertive(a: Arguments) -> Value:
    return _roles(a, "display")


@implements("AppRoleAssignments")
def _undocumented(a: Arguments) -> Value:
    a.fail("the form of its result is not documented; use AssertiveAppRoleAssignmentsComplex")
