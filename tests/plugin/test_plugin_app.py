"""The app of a run and the commands about apps: what they decide, print and refuse."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from scimcheck.cli import main
from scimcheck.core.errors import UsageError
from scimcheck.plugin.options import RunConfig, read
from scimcheck.resources import bundled

PRINTED = 'Switch([IsSoftDeleted]), "False", "true", "True", "false")'


def settings(pytester: pytest.Pytester, *words: str, **environment: str) -> RunConfig:
    return read(pytester.parseconfig("--scim", *words), environment)


def mapping(tmp_path: Path, expression: str) -> Path:
    """The schema of compliance-ai with that expression of active."""
    source = bundled("fixtures") / "entra" / "apps" / "compliance-ai.json"
    schema = json.loads(source.read_text(encoding="utf-8"))["schema"]
    lines = schema["synchronizationRules"][0]["objectMappings"][0]["attributeMappings"]
    lines[1]["source"]["expression"] = expression
    file = tmp_path / "mine.json"
    file.write_text(json.dumps(schema, indent=2), encoding="utf-8")
    return file


def test_the_app_decides_the_flag_unless_it_is_given(pytester: pytest.Pytester) -> None:
    assert settings(pytester, "--scim-app=compliance-ai").dialects == ("compliant",)
    assert settings(pytester, SCIM_APP="keepnet").dialects == ("legacy",)
    assert settings(pytester, "--scim-app=keepnet", "--scim-flag=both").dialects == ("legacy", "compliant")
    assert settings(pytester, "--scim-app=default").dialects == ("legacy", "compliant")
    assert settings(pytester).app == ""


def test_the_doubts_about_an_app_go_into_the_report(pytester: pytest.Pytester) -> None:
    run = settings(pytester, "--scim-app=keepnet")
    assert run.notes == (
        'app keepnet: emails[type eq "work"].value is required: a directory user without mail would not sync',
    )
    assert run.described()["app"] == "keepnet"


def test_a_file_that_cannot_be_used_stops_the_run_in_one_line(pytester: pytest.Pytester, tmp_path: Path) -> None:
    file = mapping(tmp_path, PRINTED)
    with pytest.raises(UsageError) as error:
        settings(pytester, f"--scim-app={file}")
    assert str(error.value).startswith("mine.json:")
    assert "active: column 24: did not expect ','" in str(error.value)


def test_apps_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["list", "apps"]) == 0
    told = capsys.readouterr().out
    assert "compliance-ai  [flag on]  4 user mappings, 0 group mappings" in told
    assert told.endswith("5 apps\n")


def test_an_app_is_shown_with_its_tables_and_doubts(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check-app", "interact"]) == 0
    told = capsys.readouterr().out
    assert 'Users: 16 mappings, matched by userName, then emails[type eq "work"].value, then externalId' in told
    assert "department ← [department], default 'Default', required" in told
    assert "warning: interact.json:" in told


def test_an_app_shows_its_requests(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check-app", "compliance-ai", "--requests"]) == 0
    told = capsys.readouterr().out
    assert "No problem found." in told
    assert "PATCH /Users/{id}, legacy" in told
    assert "GET /Users?filter=userName+eq+%22" in told
    assert "/Groups" not in told


def test_a_broken_mapping_is_shown_with_every_error(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = mapping(tmp_path, PRINTED)
    assert main(["check-app", str(file), "--requests"]) == 1
    told = capsys.readouterr().out
    assert "error: mine.json:" in told
    assert "PATCH" not in told


@pytest.mark.parametrize(("name", "told"), [("keepnett", "is it keepnet?"), ("absent.json", "No such file")])
def test_an_app_that_is_not_there_is_wrong_usage(name: str, told: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check-app", name]) == 4
    error = capsys.readouterr().err
    assert told in error
    assert error.count("\n") == 1
