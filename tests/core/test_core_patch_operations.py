"""Reading the PatchOp message."""

from __future__ import annotations

from typing import Any

import pytest
from core_models import USER
from core_patching import ENTERPRISE, message, op

from scimcheck.core import urns
from scimcheck.core.errors import InvalidPath, InvalidSyntax, InvalidValue, NoTarget, ScimError
from scimcheck.core.patch import ENTRA, MISSING, RFC, parse_patch

ADD = op("add", "title", "x")


@pytest.mark.parametrize(
    "body",
    [
        message(ADD),
        {"schemas": [urns.PATCH_OP], "operations": [ADD]},
        {"Schemas": [urns.PATCH_OP.upper()], "OPERATIONS": [{"OP": "add", "Path": "title", "VALUE": "x"}]},
        {"id": "7", **message({"name": "addTitle", **ADD})},
        {"schemas": ["urn:other", urns.PATCH_OP], "Operations": [ADD]},
    ],
)
def test_members_count_in_any_letter_case_and_unknown_ones_do_not(body: Any) -> None:
    (operation,) = parse_patch(body, RFC)
    assert (operation.op, str(operation.path), operation.value, operation.index) == ("add", "title", "x", 0)


@pytest.mark.parametrize(
    "body",
    [
        None,
        [],
        "text",
        {"Operations": [ADD]},
        {"schemas": [], "Operations": [ADD]},
        {"schemas": urns.PATCH_OP, "Operations": [ADD]},
        {"schemas": [urns.SEARCH_REQUEST], "Operations": [ADD]},
        {"schemas": [urns.PATCH_OP]},
        {"schemas": [urns.PATCH_OP], "Operations": []},
        {"schemas": [urns.PATCH_OP], "Operations": ADD},
        {"schemas": [urns.PATCH_OP], "Operations": None},
        message("add"),
        message({"path": "title", "value": "x"}),
        message({**ADD, "op": None}),
        message({**ADD, "op": 1}),
        message({**ADD, "op": "move"}),
        message({**ADD, "op": "copy"}),
        message({**ADD, "op": "test"}),
        message({**ADD, "op": " add"}),
    ],
)
@pytest.mark.parametrize("dialect", [RFC, ENTRA])
def test_malformed_message_is_invalid_syntax(body: Any, dialect: Any) -> None:
    with pytest.raises(InvalidSyntax):
        parse_patch(body, dialect)


@pytest.mark.parametrize("spelling", ["Add", "ADD", "Replace", "Remove"])
def test_capitalised_op_is_a_matter_of_dialect(spelling: str) -> None:
    body = message({**ADD, "op": spelling})
    assert parse_patch(body, ENTRA)[0].op == spelling.lower()
    with pytest.raises(InvalidSyntax):
        parse_patch(body, RFC)


@pytest.mark.parametrize(
    "path",
    [
        "",
        "/userName",
        "emails[type eq",
        "emails[0]",
        "name..givenName",
        "emails[]",
        "a.b.c",
        "emails[type eq 'x']",
        7,
        [],
    ],
)
def test_malformed_path_is_invalid_path(path: Any) -> None:
    with pytest.raises(InvalidPath, match=r"^Operations\[1\]: "):
        parse_patch(message(ADD, op("replace", path, "x")), RFC)


@pytest.mark.parametrize(
    ("operation", "error"),
    [
        (op("remove"), NoTarget),
        ({"op": "remove", "path": None, "value": [{"value": "x"}]}, NoTarget),
        (op("add"), InvalidValue),
        (op("add", "title"), InvalidValue),
        (op("replace", "title"), InvalidValue),
        (op("replace"), InvalidValue),
    ],
)
def test_operation_lacks_what_its_kind_needs(operation: Any, error: type[ScimError]) -> None:
    with pytest.raises(error):
        parse_patch(message(operation), RFC)


def test_null_is_a_value_and_no_path() -> None:
    (operation,) = parse_patch(message({"op": "replace", "path": None, "value": None}), RFC)
    assert (operation.path, operation.value) == (None, None)
    assert parse_patch(message(op("remove", "title")), RFC)[0].value is MISSING


def test_the_urn_of_an_extension_is_a_path_of_its_own() -> None:
    """Grammar alone would read it as an attribute named User."""
    body = message(op("remove", ENTERPRISE.upper()))
    assert (parse_patch(body, ENTRA, USER)[0].path, parse_patch(body, ENTRA, USER)[0].extension) == (None, ENTERPRISE)
    with pytest.raises(InvalidPath):
        parse_patch(body, RFC, USER)
