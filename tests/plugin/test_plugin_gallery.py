"""The gallery's validation as a user runs it: over HTTP, with credentials, down to the result file."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from loopback_provider import served
from plugin_runs import run

from scimcheck.checks.findings import Finding, Verdict
from scimcheck.core.errors import UsageError
from scimcheck.core.json import JSONObject
from scimcheck.entra.gallery.results import SKIPPED
from scimcheck.entra.gallery.tests import gallery_tests
from scimcheck.harness.mark import DEPTHS, CheckInfo
from scimcheck.plugin import gallery
from scimcheck.plugin.options import RunConfig
from scimcheck.plugin.selection import selected
from scimcheck.plugin.state import RunState
from scimcheck.provider import federation as fed
from scimcheck.provider.settings import Settings
from scimcheck.provider.tokens import MAIN_TOKEN
from scimcheck.report.audiences import AudienceVerdict, audiences
from scimcheck.report.model import RunInfo, RunRecord
from scimcheck.report.verdicts import requirement_results
from scimcheck.requirements.catalogue import load
from scimcheck.resources import bundled

CLIENT, SECRET = next(iter(Settings().oauth_clients.items()))


def test_all_25_pass_over_http_and_no_secret_is_written(tmp_path: Path) -> None:
    """Client credentials and federation against a local token service; the result file says what it is."""
    with served() as url:
        done = run(
            tmp_path,
            f"--scim-url={url}",
            "--scim-select=gallery",
            f"--scim-oauth-token-url={url}/oauth/token",
            f"--scim-oauth-client-id={CLIENT}",
            f"--scim-federation-token-url={url}/oauth/token",
            f"--scim-federation-client-id={fed.CLIENT}",
            f"--scim-federation-issuer-url={url}{fed.ISSUER_ENDPOINT}",
            f"--scim-federation-application-id={fed.APPLICATION}",
            "-q",
            str(bundled("suites") / "entra" / "gallery"),
            SCIM_TOKEN=MAIN_TOKEN,
            SCIM_OAUTH_CLIENT_SECRET=SECRET,
            SCIM_FEDERATION_SECRET=fed.APPLICATION_SECRET,
        )
    assert done.code == 0, done.output
    file = tmp_path / "run-gallery.json"
    result = json.loads(file.read_text(encoding="ascii"))
    assert [entry["testResult"].split(" ")[0] for entry in result["testResults"]] == ["success"] * 25
    assert (result["validationResult"], result["endpointVerdict"]) == ("PASSED", "Succeeded")
    assert result["wireProfiles"] == {"C": "compliant", "L": "legacy"}
    assert "Federated_Identity_Test          mandatory  success" in done.output
    assert "Entra gallery pre-flight       PASSED" in done.output
    written = done.output + "".join(path.read_text(encoding="utf-8") for path in tmp_path.rglob("*.json"))
    assert not any(secret in written for secret in (MAIN_TOKEN, SECRET, fed.APPLICATION_SECRET, "eyJ"))


class _Options:
    """Options by name, as the reader gives them."""

    def __init__(self, **given: str) -> None:
        self._given = given

    def text(self, name: str, default: str = "") -> str:
        return self._given.get(name.removeprefix("--scim-").replace("-", "_"), default)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"federation_token_url": "idp"}, "--scim-federation-token-url: "),
        ({"federation_token_url": "https://idp.example.com"}, "needs --scim-federation-issuer-url"),
        (
            {"federation_token_url": "https://idp.example.com", "federation_issuer_url": "ftp://x"},
            "--scim-federation-issuer-url: ",
        ),
        ({"gallery_values": "absent.json"}, "absent.json: "),
    ],
)
def test_what_cannot_be_used_is_told_in_one_line(given: dict[str, str], words: str) -> None:
    with pytest.raises(UsageError) as caught:
        gallery.read_input(_Options(**given), {})  # type: ignore[arg-type]
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)


def test_the_options_make_the_input(tmp_path: Path) -> None:
    """An app's mapping is taken as it is, the default one is not named."""
    (tmp_path / "assertion.txt").write_text("header.body.signature\n", encoding="ascii")
    options = _Options(
        federation_token_url="https://idp.example.com/token",
        federation_assertion_file=str(tmp_path / "assertion.txt"),
        app="keepnet",
        oauth_scope="scim",
    )
    given = gallery.read_input(options, {})  # type: ignore[arg-type]
    assert given.federation is not None
    assert given.federation.assertion == "header.body.signature"
    assert given.mapping is not None
    assert given.mapping.reviewed
    assert given.oauth_scope == "scim"
    assert gallery.read_input(_Options(app="default"), {}).mapping is None  # type: ignore[arg-type]


# Selection ----------------------------------------------------------------------------------------------------

NODE = "suites/entra/gallery/test_1_users.py::test_01_create_user[legacy]"
INFO = CheckInfo(("ENTRA-8.4-01",), on_request=True)


@pytest.mark.parametrize(
    ("select", "deselect", "runs"),
    [
        ((), (), False),
        (("gallery",), (), True),
        (("GALLERY",), (), True),
        (("Create_User_Test",), (), True),
        (("ENTRA-8.4-01",), (), True),
        (("entra/gallery",), (), True),
        (("entra",), (), False),
        (("ENTRA",), (), False),
        (("rfc7644",), (), False),
        (("gallery",), ("create_user_test",), False),
    ],
)
def test_the_gallery_runs_on_request_alone(select: tuple[str, ...], deselect: tuple[str, ...], runs: bool) -> None:
    for depth in DEPTHS:
        config = RunConfig(select=select, deselect=deselect, depth=depth)
        assert selected(NODE, INFO, config, load()) is runs


# The document -------------------------------------------------------------------------------------------------


def _findings(**changes: Verdict) -> list[Finding]:
    return [
        Finding(
            test.requirement,
            changes.get(test.name, Verdict.PASSED),
            observed=f"{SKIPPED}: why" if changes.get(test.name) is Verdict.NOT_APPLICABLE else "told",
            hint="remark",
            dialect="compliant",
        )
        for test in gallery_tests()
    ]


def _document(findings: list[Finding], config: RunConfig | None = None) -> JSONObject:
    made = gallery.document(findings, config or RunConfig(), "target", RunState(RunConfig(), "x").started)
    assert made is not None
    return made


def _entry(document: JSONObject, name: str) -> JSONObject:
    found: JSONObject = next(entry for entry in document["testResults"] if entry["testName"] == name)
    return found


def test_without_the_gallery_there_is_no_document() -> None:
    finding = Finding("RFC7644-3.3-01", Verdict.FAILED)
    assert gallery.document([finding], RunConfig(), "target", RunState(RunConfig(), "x").started) is None


def test_an_advisory_is_a_remark_on_a_mandatory_test_and_a_warning_on_an_optional_one() -> None:
    """The verbose form of the direct tests decides nothing."""
    document = _document(_findings(SCIM_User_Update_Test=Verdict.ADVISORY, Delete_User_Test=Verdict.ADVISORY))
    assert _entry(document, "SCIM_User_Update_Test")["testResult"] == "success"
    assert _entry(document, "SCIM_User_Update_Test")["message"] == "told"
    assert document["optionalTestsResult"] == "WARNING"
    assert document["overallResultFromTests"] == "Succeeded"


def test_one_dialect_is_enough_to_fail() -> None:
    """The entry says in which wire profile it was."""
    findings = _findings()
    failed = Finding("ENTRA-8.4-01", Verdict.FAILED, observed="FAILED - x", dialect="legacy")
    entry = _entry(_document([*findings, failed]), "Create_User_Test")
    assert entry["testResult"] == "FAILED - x"
    assert entry["provisioningErrorDetails"] == "failed in wire profile L"


def test_no_usable_answer_is_a_failure() -> None:
    """The validation knows no third word."""
    document = _document(_findings(POD_User_Test=Verdict.ERROR))
    assert _entry(document, "POD_User_Test")["testResult"].startswith("FAILED - Action: Send_Request")
    assert document["overallResultFromTests"] == "Failed"


def test_what_was_not_run_is_not_skipped() -> None:
    """A read-only run judges too little for a verdict."""
    findings = [f for f in _findings() if f.requirement != "ENTRA-8.4-01"]
    unrun = Finding("ENTRA-8.4-01", Verdict.NOT_APPLICABLE, observed="the run is read-only")
    document = _document([*findings, unrun])
    assert document["reasons"] == ["1 of 25 tests did not run"]


def test_a_static_token_alone_fails_the_validation_but_not_the_endpoint() -> None:
    skipped = Verdict.NOT_APPLICABLE
    findings = _findings(Validate_Credentials_Test=skipped, Federated_Identity_Test=skipped)
    document = _document(findings, RunConfig(url="https://scim.example.com"))
    assert (document["overallResultFromTests"], document["endpointVerdict"]) == ("Failed", "Succeeded")
    entry = _entry(document, "Validate_Credentials_Test")
    assert (entry["testResult"], entry["message"]) == ("SKIPPED", "why")
    assert document["testSummary"]["skipped"] == 2


def _audience(findings: list[Finding]) -> AudienceVerdict:
    info = RunInfo("0", "3", "", "", 0.0, "target")
    return audiences(requirement_results(RunRecord(info, findings=tuple(findings)), load()), ())[-1]


def test_the_audience_says_how_to_be_judged() -> None:
    verdict = _audience([])
    assert (verdict.name, verdict.word) == ("gallery", "not judged")
    assert verdict.sentence == "Not run: it takes --scim-select gallery."


@pytest.mark.parametrize(("told", "word"), [("SKIPPED: why", "passed"), ("the run is read-only", "not applicable")])
def test_nobody_passes_before_every_test_has_run(told: str, word: str) -> None:
    """What the gallery itself skips has run."""
    findings = [f for f in _findings() if f.requirement != "ENTRA-8.4-21"]
    left = Finding("ENTRA-8.4-21", Verdict.NOT_APPLICABLE, observed=told)
    verdict = _audience([*findings, left])
    assert verdict.word == word
    assert ("1 of 25 tests did not run" in verdict.sentence) is (word != "passed")
    assert _audience(findings).word == "not applicable"
    failed = Finding("ENTRA-8.4-21", Verdict.FAILED)
    assert _audience([*findings, failed]).word == "failed"
