"""Rendering request shapes: the wire form, variables, and what is missing."""

from __future__ import annotations

import re

import pytest

from scimcheck.entra.queries import form_encode
from scimcheck.entra.shapes import MissingVariable, Shape, load_shapes, render, sample_variables, shape

CAPTURED = [candidate for candidate in load_shapes() if candidate.raw_target]


@pytest.mark.parametrize("captured", CAPTURED, ids=lambda candidate: candidate.id)
def test_rendered_target_equals_the_target_seen_on_the_wire(captured: Shape) -> None:
    variables = sample_variables()
    seen = re.sub(r"\{\{(\w+)\}\}", lambda match: form_encode(variables[match.group(1)]), captured.raw_target)
    request = render(captured, variables)
    assert request.path + (f"?{request.query}" if request.query else "") == seen


@pytest.mark.parametrize("candidate", load_shapes(), ids=lambda candidate: candidate.id)
def test_every_shape_renders_without_a_trace_of_variables(candidate: Shape) -> None:
    variables = {name: value for name, value in sample_variables().items() if name in candidate.variables}
    assert "{{" not in repr(render(candidate, variables))


@pytest.mark.parametrize("candidate", load_shapes(), ids=lambda candidate: candidate.id)
def test_each_variable_of_a_shape_is_needed(candidate: Shape) -> None:
    for left_out in candidate.variables:
        variables = {name: value for name, value in sample_variables().items() if name != left_out}
        with pytest.raises(MissingVariable, match=f"{re.escape(candidate.id)}.*{left_out}"):
            render(candidate, variables)


def test_missing_variable_is_explained() -> None:
    with pytest.raises(
        MissingVariable, match=r"'read\.user' needs the variable 'userId': id the server gave to a user"
    ):
        render(shape("read.user"), {})


def test_an_id_is_one_path_segment() -> None:
    assert render(shape("read.user"), {"userId": "a/b c"}).path == "/Users/a%2Fb%20c"


def test_the_token_endpoint_is_taken_as_it_is() -> None:
    variables = {**sample_variables(), "tokenEndpoint": "https://id.example.com/token?tenant=1"}
    request = render(shape("token.client_credentials.body"), variables)
    assert request.path == "https://id.example.com/token?tenant=1"
    assert request.form == {
        "grant_type": "client_credentials",
        "client_id": variables["clientId"],
        "client_secret": variables["clientSecret"],
    }
    assert request.json is None


def test_a_value_is_escaped_between_the_quotes_of_a_filter() -> None:
    query = render(shape("match.user.userName"), {"userName": 'a"b\\c'}).query
    assert query == "filter=userName+eq+%22a%5c%22b%5c%5cc%22"


def test_a_value_in_a_body_is_not_escaped() -> None:
    body = render(shape("group.rename.compliant"), {"groupId": "1", "newGroupName": 'The "A" team'}).json
    assert body is not None
    assert body["Operations"][0]["value"] == {"displayName": 'The "A" team'}


def test_the_matching_attribute_may_be_bracketed() -> None:
    variables = {"matchingAttribute": 'emails[type eq "work"].value', "randomGuid": "0-0"}
    query = render(shape("probe.user.matching_attribute"), variables).query
    assert query == "filter=emails%5btype+eq+%22work%22%5d.value+eq+%220-0%22"


def test_rendering_leaves_the_catalogue_unchanged() -> None:
    first = render(shape("create.user.documented"), sample_variables()).json
    assert first is not None
    first["emails"].clear()
    second = render(shape("create.user.documented"), sample_variables()).json
    assert second is not None
    assert second["emails"]


def test_shapes_apply_to_their_dialect() -> None:
    assert shape("disable.legacy").applies_to("legacy")
    assert not shape("disable.legacy").applies_to("compliant")
    assert shape("delete.user").applies_to("compliant")


def test_an_unknown_shape_is_a_key_error() -> None:
    with pytest.raises(KeyError, match=r"no\.such"):
        shape("no.such")
