"""Runs of pytest against profiles, as a user starts them."""

from __future__ import annotations

from pathlib import Path

from plugin_runs import run

from scimcheck.provider import profiles


def test_a_secret_in_the_path_is_shown_nowhere(tmp_path: Path) -> None:
    """The customer's key is part of the URL: neither the terminal nor HTML nor JSON shows it."""
    profile = profiles()["metacompliance"]
    key = profile.base_path.rpartition("/")[2]
    done = run(
        tmp_path,
        "--scim",
        "--scim-profile=metacompliance",
        "--scim-select=rfc7644-3.3",
        "--scim-report=run.html",
        "-v",
        report=True,
    )
    assert done.code == 0, done.output
    assert done.record["findings"]
    assert key not in done.output
    for file in ("run.html", "run.json"):
        text = (tmp_path / file).read_text(encoding="utf-8")
        assert "/scim/" in text
        assert key not in text


def test_a_profile_that_cannot_be_used_ends_the_run_with_one_line(tmp_path: Path) -> None:
    """Wrong usage, told with file, line and key, before anything is sent."""
    (tmp_path / "mine.toml").write_text('title = "Mine"\n\nvariants = ["integer-id"]\n', encoding="utf-8")
    done = run(tmp_path, "--scim", "--scim-profile=keepnet,mine.toml", "--scim-select=rfc7644-3.3")
    assert done.code == 4
    assert "mine.toml:3: variants[0]: there is no variant 'integer-id'; close to it: integer-ids" in done.output
    assert "Traceback" not in done.output
