"""A whole run as its user sees it: exit codes, verdict words, reports, clean-up, secrets."""

from __future__ import annotations

import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from loopback_provider import served
from plugin_runs import Run, command, environment, run

from scimcheck.provider.tokens import MAIN_TOKEN
from scimcheck.resources import bundled

#: One suite file, so that a run is short.
RETRIEVE = str(bundled("suites") / "rfc7644" / "test_s3_4_1_retrieve.py")
DELETE = str(bundled("suites") / "rfc7644" / "test_s3_6_delete.py")


@pytest.fixture
def url() -> Iterator[str]:
    """A conformant provider on loopback."""
    with served() as address:
        yield address


def stock(url: str) -> dict[str, int]:
    """How many users and groups the provider holds."""
    headers = {"Authorization": f"Bearer {MAIN_TOKEN}"}
    return {
        name: httpx.get(f"{url}/{name}?count=0", headers=headers).json()["totalResults"] for name in ("Users", "Groups")
    }


def test_a_conformant_target_passes(tmp_path: Path, url: str) -> None:
    """Exit code 0, everything judged, a record, nothing left behind."""
    done = run(tmp_path, "--scim-url", url, RETRIEVE, SCIM_TOKEN=MAIN_TOKEN)
    assert done.code == 0, done.output
    assert done.verdicts("RFC7644-3.4.1-01") == {"passed"}
    assert done.record["census"]["left"] == []
    assert done.record["census"]["created"] == done.record["census"]["deleted"] > 0
    assert stock(url) == {"Users": 0, "Groups": 0}


def test_workers_share_the_checks_and_one_report(tmp_path: Path, url: str) -> None:
    """With xdist every requirement of a quick run has the verdict that it has without."""
    documents = [str(bundled("suites") / name) for name in ("rfc7643", "rfc9110")]
    quick = ("--scim-url", url, "--scim-depth", "quick", "--scim-seed", "7", *documents)
    alone = run(tmp_path, *quick, SCIM_TOKEN=MAIN_TOKEN)
    spread = run(tmp_path, *quick, "-n2", SCIM_TOKEN=MAIN_TOKEN)
    assert spread.code == alone.code == 0, spread.output
    assert spread.record["info"]["workers"] == 2
    assert settled(spread) == settled(alone)
    assert len(settled(spread)) > 50
    assert spread.record["census"]["left"] == []
    assert stock(url) == {"Users": 0, "Groups": 0}


def settled(done: Run) -> dict[str, set[str]]:
    """The verdicts of each requirement that was judged, whoever judged it how often."""
    return {name: done.verdicts(name) for name in {item["requirement"] for item in done.record["findings"]}}


def test_a_failure_tells_the_clause_and_how_to_repeat_it(tmp_path: Path) -> None:
    """Exit code 1; requirement, expected, observed, exchange and a curl line, without a traceback."""
    with served("unknown-id-answers-400") as url:
        done = run(tmp_path, "--scim-url", url, RETRIEVE, SCIM_TOKEN=MAIN_TOKEN)
    assert done.code == 1
    assert "failed" in done.verdicts("RFC7644-3.4.1-02")
    for word in ("RFC7644-3.4.1-02 (MUST)", "expected: 404", "observed: GET /Users/", "repeat:   curl", "$SCIM_TOKEN"):
        assert word in done.output
    assert "Traceback" not in done.output


def test_no_secret_reaches_any_output(tmp_path: Path) -> None:
    """Token and second token are in neither terminal, record nor page."""
    with served("unknown-id-answers-400") as url:
        done = run(
            tmp_path,
            "--scim-url",
            url,
            RETRIEVE,
            "--scim-token",
            MAIN_TOKEN,
            "--scim-report=r.html",
            "-vv",
            report=True,
        )
    texts = [done.output, (tmp_path / "run.json").read_text(), (tmp_path / "r.html").read_text()]
    assert all(MAIN_TOKEN not in text for text in texts)
    assert "visible to others" in done.output


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("http://127.0.0.1:1/scim", "refused"),
        ("ftp://example.com", "https:// or http://"),
        ("{url}/nowhere", "is the path of the base URL right"),
    ],
)
def test_an_unusable_target_is_one_line_of_wrong_usage(tmp_path: Path, url: str, address: str, told: str) -> None:
    """Exit code 4 before anything is collected."""
    done = run(tmp_path, "--scim-url", address.format(url=url), SCIM_TOKEN=MAIN_TOKEN)
    assert done.code == 4
    assert told in done.output
    assert "Traceback" not in done.output
    assert not done.record


def test_a_refused_token_is_wrong_usage(tmp_path: Path, url: str) -> None:
    """The preflight tells a bad token from a bad server."""
    done = run(tmp_path, "--scim-url", url, SCIM_TOKEN="not-the-token")
    assert done.code == 4
    assert "401" in done.output
    assert "not-the-token" not in done.output


def test_a_read_only_run_writes_nothing(tmp_path: Path, url: str) -> None:
    """Checks that write are not applicable; the provider stays as it was."""
    done = run(tmp_path, "--scim-url", url, RETRIEVE, "--scim-read-only", SCIM_TOKEN=MAIN_TOKEN)
    assert done.code == 0, done.output
    assert done.verdicts("RFC7644-3.4.1-01") == {"not applicable"}
    assert {e["method"] for e in done.record["exchanges"]} <= {"GET", "HEAD", "OPTIONS"}


def test_a_broken_creation_is_one_root_cause(tmp_path: Path) -> None:
    """One failed requirement; what needs resources is blocked by it, by name."""
    with served("create-refused") as url:
        done = run(tmp_path, "--scim-url", url, RETRIEVE, DELETE, SCIM_TOKEN=MAIN_TOKEN)
    assert done.code == 1
    failed = {f["requirement"] for f in done.record["findings"] if f["verdict"] == "failed"}
    assert failed == {"RFC7644-3.3-01"}
    assert {f["blocked_by"] for f in done.record["findings"] if f["verdict"] == "blocked"} == {"RFC7644-3.3-01"}


def test_ctrl_c_leaves_nothing_behind(tmp_path: Path) -> None:
    """An interrupted run deletes what it created before it goes."""
    (tmp_path / "test_slow.py").write_text(SLOW, encoding="utf-8")
    with served() as url:
        arguments = command("--scim-report=none", "--scim-url", url, "test_slow.py")
        process = subprocess.Popen(
            arguments, cwd=tmp_path, env=environment(SCIM_TOKEN=MAIN_TOKEN), stdout=subprocess.PIPE, text=True
        )
        assert wait_for(lambda: stock(url)["Users"] == 1)
        process.send_signal(signal.SIGINT)
        output, _ = process.communicate(timeout=60)
        assert process.returncode == 2, output
        assert stock(url) == {"Users": 0, "Groups": 0}
    assert not (tmp_path / ".scimcheck").exists()


def test_a_killed_run_is_finished_by_clean(tmp_path: Path) -> None:
    """What a killed run created stands in its ledger, and ``scimcheck clean`` deletes it."""
    (tmp_path / "test_slow.py").write_text(SLOW, encoding="utf-8")
    with served() as url:
        process = subprocess.Popen(
            command("--scim-report=none", "--scim-url", url, "test_slow.py"),
            cwd=tmp_path,
            env=environment(SCIM_TOKEN=MAIN_TOKEN),
            stdout=subprocess.DEVNULL,
        )
        assert wait_for(lambda: stock(url)["Users"] == 1)
        process.kill()
        process.wait(timeout=60)
        assert stock(url)["Users"] == 1
        done = subprocess.run(
            [*command()[:2], "scimcheck", "clean", url],
            cwd=tmp_path,
            env=environment(SCIM_TOKEN=MAIN_TOKEN),
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        assert "1 of 1 resources deleted" in done.stdout
        assert stock(url)["Users"] == 0
    assert not (tmp_path / ".scimcheck").exists()


#: A check that creates a user and then takes its time.
SLOW = """
import time
from scimcheck.harness import check

@check("RFC7644-3.3-01")
def test_slow(scim, judge):
    user = scim.create(scim.user)
    time.sleep(60)
    judge.status("RFC7644-3.3-01", user.exchange, 201)
"""


def wait_for(condition: object, seconds: float = 30.0) -> bool:
    """Whether a condition comes true in time."""
    assert callable(condition)
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.05)
    return False
