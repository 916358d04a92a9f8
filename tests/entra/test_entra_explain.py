"""Explaining what Entra reports, from messages as administrators paste them."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scimcheck.cli import main
from scimcheck.entra.data import table
from scimcheck.entra.errors import error_codes
from scimcheck.entra.evidence import read_evidence
from scimcheck.entra.explain import Explanation, explain
from scimcheck.requirements.catalogue import load

# Line breaks as a narrow column in a document forces them upon the text.
QUARANTINE = """While attempting to validate our authorization to access your application, we received this
unexpected response: Received response from Web resource. Resource:
https://scim.example.com/v2/Users?
filter=userName+eq+"41556170-d37a-4040-a648-
e1bccd0c69e5" Operation: GET Response Status
Code: Unauthorized Response Headers: Connection:
keep-alive X-Error-Detail-Header: Not
Authorized Date: Wed, 21 Jun
2023 05:29:23 GMT Server: Proxy WWW-
Authenticate: Bearer realm="scim.example.com",
error="invalid_token" Response Content: <h1>Not
Authorized</h1> Please check the service."""

TEST_CONNECTION = """Testing connection to Example
You appear to have entered invalid credentials. Please confirm you are using the correct information for an
administrative account.

Error code:
SystemForCrossDomainIdentityManagementCredentialValidationUnavailable

Details: We received this unexpected response from your application:

Received response from Web resource.
Resource: https://scim.example.com/v2/Users?filter=userName+eq+"0d99ce3d-bf54-49b6-8c07-47519566c90d"
Operation: GET
Response Status Code: Unauthorized
Response Headers: Connection: keep-alive
WWW-Authenticate: Bearer realm="scim.example.com", error="invalid_token"
Response Content: <h1>Not Authorized</h1>

Please check the service and try again.
Request-id: 90d0123f-d01e-4ccc-b204-be216d0bfaa5"""

NOT_FOUND = """Error Code: SystemForCrossDomainIdentityManagementCredentialValidationUnavailable
An HTTP/404 Not Found response was returned rather than the expected HTTP/200 OK response."""

BAD_REQUEST = (
    "StatusCode: BadRequest Message: Processing of the HTTP request resulted in an exception. Please see the HTTP "
    "response returned by the 'Response' property of this exception for details. Web Response: {}. This operation was "
    "retried 0 times. It will be retried again after this date: 2026-03-01T08:00:00Z UTC"
)
UNAVAILABLE = "SystemForCrossDomainIdentityManagementCredentialValidationUnavailable"


@pytest.mark.parametrize("text", [QUARANTINE, TEST_CONNECTION])
def test_an_expired_token_behind_a_gateway(text: str) -> None:
    """The challenge says invalid_token: first the token, then the gateway that answered."""
    token, gateway = explain(text)
    assert token.area == "auth"
    assert "ran out" in token.cause
    assert token.requirements == ("ENTRA-1.4-01", "ENTRA-1.4-02")
    assert "quarantine" in token.next_step
    assert "invalid_token" in token.evidence
    assert "gateway" in gateway.cause


def test_the_code_in_the_text_wins_over_the_one_the_status_suggests() -> None:
    assert {explanation.code for explanation in explain(TEST_CONNECTION)} == {UNAVAILABLE}


def test_404_has_two_causes() -> None:
    assert [explanation.failures for explanation in explain(NOT_FOUND)] == [("E055",), ("E054",)]


@pytest.mark.parametrize(
    ("response", "failure"),
    [
        ("{\"detail\":\"Invalid enum value. Expected 'add' | 'replace' | 'remove', received 'Replace'\"}", "E001"),
        ('{"detail":"op must be one of add, remove, replace"}', "E001"),
        ('{"scimType":"invalidValue","detail":"active must be boolean"}', "E003"),
        ('{"detail":"\\"False\\" is not a valid boolean"}', "E003"),
        ('{"scimType":"noTarget","detail":"no match for emails[type eq \\"work\\"]"}', "E013"),
        ('{"scimType":"invalidPath","detail":"emails[type eq \\"work\\"].value"}', "E012"),
        ('{"detail":"unsupported path: phoneNumbers[type eq \\"mobile\\"].value"}', "E012"),
        ('{"detail":"Impossible to search on a mono valued attribute"}', "E041"),
        ('{"detail":"manager: value must be an object"}', "E039"),
        ('{"detail":"unknown attribute name.givenName"}', "E021"),
        ('{"detail":"Invalid path urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department"}', "E023"),
        (
            '{"detail":"unknown schema http://schemas.microsoft.com/2006/11/ResourceManagement/ADSCIM/2.0/Group"}',
            "E037",
        ),
        ('{"detail":"value is not allowed with op remove: value must not be given"}', "E026"),
        ('{"detail":"unsupported: members[value eq \\"7\\"]"}', "E028"),
        ('{"detail":"cannot parse roles as JSON"}', "E043"),
        ('{"scimType":"invalidFilter"}', "E025"),
        ('{"detail":"userName is not a valid email"}', "E010"),
        ('{"detail":"Bad value type for attribute title"}', "E003"),
        ('{"detail":"Missing attribute userName: the field is required"}', "E071"),
        ('{"scimType":"uniqueness","detail":"userName already exists"}', "E068"),
        ('{"scimType":"noTarget","detail":"no target urn:x:User:manager.value"}', "E024"),
        ('{"detail":"duplicate key value violates unique constraint group_members_pk, member 7"}', "E030"),
        ('{"detail":"insert on group_members violates foreign key constraint"}', "E032"),
        ('{"detail":"members: a nested group is refused"}', "E035"),
        ('{"detail":"the e-mail address is immutable"}', "E072"),
        ('{"detail":"unknown query parameter aadOptscim062020"}', "E053"),
        ('{"detail":"displayName: expected a string, received array"}', "E020"),
        ('{"detail":"Operations must not be empty"}', "E073"),
        ('{"detail":"unknown attribute preferredLanguage"}', "E074"),
    ],
)
def test_quoted_response_names_the_field_failure(response: str, failure: str) -> None:
    found = explain(BAD_REQUEST.format(response))
    assert failure in found[0].failures, found
    assert "28 days" in found[0].next_step


@pytest.mark.parametrize(
    ("text", "area", "words"),
    [
        ("An error occurred while sending the request.", "http", "TLS 1.2"),
        ("The remote name could not be resolved: 'scim.example.com'", "http", "DNS"),
        ("Could not establish trust relationship for the SSL/TLS secure channel", "http", "chain"),
        (f"Error code: {UNAVAILABLE} Response Status Code: NotAcceptable", "http", "Accept"),
        (f"Error code: {UNAVAILABLE} Response Status Code: <InternalServerError>", "search", "opaque"),
        (f"Error code: {UNAVAILABLE} Response Status Code: Redirect Response Content: -", "connection", "redirect"),
        ("StatusCode: UnsupportedMediaType", "http", "media type"),
        ("We are not able to deserialize the resource received from your SCIM endpoint", "representation", "arrays"),
        ("Supported CredentialLocationInRequest is required", "auth", "form encoding"),
        ("errorCode: DuplicateTargetEntries", "search", "unique"),
        ("quarantine reason EncounteredEscrowProportionThreshold", "engine", "commonest"),
        ("reason: EncounteredQuarantineException", "connection", "GUID"),
        ("TooManyDeletes", "engine", "allow the deletions"),
        ("The application has duplicate app roles", "roles", "different"),
        ("errorCode: Timeout", "http", "Index"),
        ("Response Status Code: MethodNotAllowed", "http", "PATCH"),
        ("TypeError: Failed to fetch", "http", "origin"),
        ("Operation: DELETE Status Code: InternalServerError: foreign key violation", "delete", "references"),
        ("Resource: https://x/Groups/7 Operation: DELETE Response Status Code: BadRequest", "engine", "Delete action"),
        ("Unauthorized: invalid issuer https://sts.windows.net/1/", "auth", "issuer and audience"),
    ],
)
def test_message_names_area_and_fix(text: str, area: str, words: str) -> None:
    found = explain(text)
    assert any(words in explanation.fix for explanation in found), found
    assert area in {explanation.area for explanation in found}


@pytest.mark.parametrize("code", error_codes())
def test_every_error_code_alone_is_explained(code: str) -> None:
    found = explain(code)
    assert found
    assert all(explanation.fix for explanation in found)
    assert found[0].code == code


def log_entry(code: str, reason: str, status: str = "failure") -> dict[str, object]:
    information = {"errorCode": code, "reason": reason, "additionalDetails": None}
    return {
        "id": "gc532ff9-r265-ec76-861e-42e2970a8218",
        "provisioningAction": "update",
        "provisioningStatusInfo": {"status": status, "errorInformation": information},
        "provisioningSteps": [{"name": "EntryExportUpdate", "status": status, "details": {}}],
    }


def test_provisioning_log_entry_as_json() -> None:
    reason = BAD_REQUEST.format('{"scimType":"noTarget"}')
    text = json.dumps(log_entry("SystemForCrossDomainIdentityManagementServiceIncompatible", reason))
    first = explain(text)[0]
    assert first.failures == ("E013",)
    assert first.code == "SystemForCrossDomainIdentityManagementServiceIncompatible"


def test_every_entry_of_a_log_is_explained_once() -> None:
    conflict = log_entry("EntryConflict", "already exists")
    throttled = log_entry("TooManyRequests", "")
    found = explain(json.dumps({"value": [conflict, throttled, conflict]}))
    assert [explanation.code for explanation in found] == ["EntryConflict", "TooManyRequests"]


def test_entries_with_one_cause_are_counted() -> None:
    conflict = log_entry("EntryConflict", "already exists")
    [found] = explain(json.dumps([conflict, conflict, conflict]))
    assert found.entries == 3


def test_entries_that_report_success_are_passed_over() -> None:
    done = log_entry("", "The object was updated; before it, invalid_token and 401 were seen", status="success")
    assert explain(json.dumps([done])) == []
    [found] = explain(json.dumps({"value": [done, log_entry("EntryConflict", "already exists")]}))
    assert found.code == "EntryConflict"


def test_a_log_with_an_entry_on_each_line() -> None:
    """The form that diagnostic settings stream, where the details are JSON within a text."""
    details = json.dumps({"Status": "Failure", "ErrorCode": "DuplicateTargetEntries", "Reason": "more than one"})
    entry = {"resultType": "Failure", "properties": {"statusInfo": details}}
    done = {"resultType": "Success", "properties": {}}
    found = explain("\n".join(json.dumps(item) for item in (entry, done, entry)))
    assert [(item.code, item.entries) for item in found] == [("DuplicateTargetEntries", 2)]


def test_the_command_names_cause_fix_checks_and_how_to_run_them(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "notice.txt").write_text(QUARANTINE, encoding="utf-8")
    assert main(["explain", str(tmp_path / "notice.txt")]) == 0
    told = capsys.readouterr().out
    for words in (
        "Cause: ",
        "Fix: ",
        "ENTRA-1.4-01 The secret token",
        "--scim-select ENTRA-1.4-01,ENTRA-1.4-02",
        "E076",
    ):
        assert words in told


def test_the_command_reads_standard_input(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("Thank you for your patience"))
    assert main(["explain"]) == 1
    assert "Nothing in this text" in capsys.readouterr().out


def test_a_status_alone_says_what_the_engine_does() -> None:
    [found] = explain("Response Status Code: 422")
    assert found.code == "UnprocessableEntity"
    assert found.fix


def test_everyday_words_are_no_codes() -> None:
    assert explain("There was a conflict of interest and a timeout at the match") == []
    assert explain("") == []


def test_status_is_read_in_its_many_spellings() -> None:
    spellings = [
        "StatusCode: NotFound",
        "Response Status\nCode: <NotFound>",
        "HTTP/404",
        "HTTP/1.1 404",
        '"status":"404"',
    ]
    assert {read_evidence(text).status for text in spellings} == {404}
    assert read_evidence("no status here").status is None
    assert read_evidence("StatusCode: NoSuchName").status is None


def test_facts_of_a_quarantine_notice() -> None:
    evidence = read_evidence(QUARANTINE)
    assert (evidence.status, evidence.method) == (401, "GET")
    assert (evidence.is_probe, evidence.is_search, evidence.is_html) == (True, True, True)


def test_requirements_exist_in_the_catalogue() -> None:
    entries = table("field_failures")["failures"] + table("signatures")["signatures"]
    assert {name for entry in entries for name in entry.get("requirements", [])} <= set(load())


def test_signatures_refer_to_field_failures_that_exist() -> None:
    known = {failure["id"] for failure in table("field_failures")["failures"]}
    ids = [signature["id"] for signature in table("signatures")["signatures"]]
    assert len(ids) == len(set(ids))
    for signature in table("signatures")["signatures"]:
        assert set(signature.get("failures", [])) <= known


@given(st.one_of(st.text(max_size=200), st.recursive(st.text(max_size=9), st.lists, max_leaves=9).map(json.dumps)))
def test_any_text_is_taken(text: str) -> None:
    """Law: what is pasted never breaks the explanation."""
    assert all(isinstance(explanation, Explanation) for explanation in explain(text))
