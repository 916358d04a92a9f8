"""What can go wrong, by who is to blame: ScimError (the provider answers it) and UsageError (our user)."""

from __future__ import annotations

from scimcheck.core import urns
from scimcheck.core.json import JSONObject


class UsageError(Exception):
    """Bad input from the user of scimcheck: an option, a file, an expression. One line, with its position."""


class ScimError(Exception):
    """An error that a service provider answers with (RFC 7644 §3.12).

    ``status`` is the HTTP status; ``scim_type`` the detail error keyword of table 9, or ``None``.
    """

    status: int = 400
    scim_type: str | None = None

    def __init__(self, detail: str = "", *, status: int | None = None, scim_type: str | None = None) -> None:
        super().__init__(detail)
        self.detail = detail
        if status is not None:
            self.status = status
        if scim_type is not None:
            self.scim_type = scim_type

    def body(self) -> JSONObject:
        """The error message of RFC 7644 §3.12: ``status`` is a JSON string."""
        body: JSONObject = {"schemas": [urns.ERROR], "status": str(self.status)}
        if self.scim_type:
            body["scimType"] = self.scim_type
        if self.detail:
            body["detail"] = self.detail
        return body


class InvalidFilter(ScimError):
    """The filter does not follow the grammar, or attribute and operator do not go together."""

    scim_type = "invalidFilter"


class TooMany(ScimError):
    """The query would yield more results than the provider is willing to process."""

    scim_type = "tooMany"


class Uniqueness(ScimError):
    """A value is in use or reserved: 409 on creation (RFC 7644 §3.3)."""

    status = 409
    scim_type = "uniqueness"


class MutabilityError(ScimError):
    """The change does not fit the attribute's mutability or current state."""

    scim_type = "mutability"


class InvalidSyntax(ScimError):
    """The request body's structure is wrong or does not fit the request schema."""

    scim_type = "invalidSyntax"


class InvalidPath(ScimError):
    """The PATCH path does not follow the path grammar, or names nothing that exists."""

    scim_type = "invalidPath"


class NoTarget(ScimError):
    """The PATCH path yields nothing to operate on."""

    scim_type = "noTarget"


class InvalidValue(ScimError):
    """A required value is missing, or a value does not fit operation, type or schema."""

    scim_type = "invalidValue"


class InvalidVersion(ScimError):
    """The SCIM protocol version asked for is not supported."""

    scim_type = "invalidVers"


class Sensitive(ScimError):
    """The request URI holds sensitive information (RFC 7644 §7.5.2)."""

    status = 403
    scim_type = "sensitive"


class NotFound(ScimError):
    """No such resource or endpoint."""

    status = 404


class PreconditionFailed(ScimError):
    """An If-Match or If-None-Match condition is false."""

    status = 412
