"""Options, ini keys and environment: who wins, and what bad input is told."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from scimcheck.core.errors import UsageError
from scimcheck.plugin.options import RunConfig, read

Configure = Callable[..., pytest.Config]


@pytest.fixture
def configure(pytester: pytest.Pytester) -> Configure:
    """A pytest configuration from command-line words, without starting a run."""

    def make(*words: str, ini: str = "") -> pytest.Config:
        pytester.makeini(f"[pytest]\n{ini}")
        return pytester.parseconfig(*words)

    return make


def settings(configure: Configure, *words: str, ini: str = "", **environment: str) -> RunConfig:
    """The RunConfig of such a configuration."""
    return read(configure(*words, ini=ini), environment)


def test_options_win_over_ini_and_ini_over_environment(configure: Configure) -> None:
    """The command line has the last word, the environment the first."""
    seed = {"SCIM_SEED": "1"}
    assert settings(configure, "--scim", **seed).seed == 1
    assert settings(configure, "--scim", ini="scim_seed = 2", **seed).seed == 2
    assert settings(configure, "--scim", "--scim-seed=3", ini="scim_seed = 2", **seed).seed == 3


def test_the_url_may_come_from_ini_or_environment(configure: Configure) -> None:
    """A target is named by any of the three."""
    assert settings(configure, SCIM_URL="https://a.example/scim").url == "https://a.example/scim"
    assert settings(configure, ini="scim_url = https://b.example/scim").url == "https://b.example/scim"


def test_the_flag_on_the_url_selects_the_compliant_dialect(configure: Configure) -> None:
    """A Tenant URL with the flag is replayed with the flag; without it both dialects are."""
    assert settings(configure, SCIM_URL="https://a.example/scim?aadOptscim062020").dialects == ("compliant",)
    assert settings(configure, SCIM_URL="https://a.example/scim").dialects == ("legacy", "compliant")
    assert settings(configure, "--scim", "--scim-flag=off").dialects == ("legacy",)


def test_tokens_come_from_option_file_and_environment(configure: Configure, tmp_path: Path) -> None:
    """The option wins over the file, the file over the environment; only the option draws a warning."""
    file = tmp_path / "token.txt"
    file.write_text("from-file\n", encoding="utf-8")
    url = "--scim-url=https://a.example"
    assert settings(configure, url, SCIM_TOKEN="from-env").secrets.token == "from-env"
    with_file = settings(configure, url, f"--scim-token-file={file}", SCIM_TOKEN="from-env")
    assert with_file.secrets.token == "from-file"
    assert not with_file.warnings
    typed = settings(configure, url, "--scim-token=typed", f"--scim-token-file={file}")
    assert typed.secrets.token == "typed"
    assert "visible" in typed.warnings[0]


def test_without_a_token_the_run_sends_no_credentials(configure: Configure) -> None:
    """An open endpoint needs no --scim-auth none."""
    assert settings(configure, "--scim-url=https://a.example").auth == "none"
    assert settings(configure, "--scim-url=https://a.example", SCIM_TOKEN="t").auth == "bearer"


def test_headers_are_split_at_the_first_colon(configure: Configure) -> None:
    """Values may hold colons."""
    given = settings(configure, "--scim", "--scim-header=X-Trace: a:b", "--scim-header", "X-Other:1")
    assert given.headers == (("X-Trace", "a:b"), ("X-Other", "1"))


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--scim", "--scim-url=https://a.example"), "one target"),
        (("--scim", "--scim-seed=x"), "--scim-seed: 'x' is not a number"),
        (("--scim", "--scim-timeout=0"), "--scim-timeout: 0 is below"),
        (("--scim", "--scim-timeout=nan"), "--scim-timeout: nan is below"),
        (("--scim", "--scim-rate=-1"), "--scim-rate: -1 is below"),
        (("--scim", "--scim-header=nocolon"), "NAME:VALUE"),
        (("--scim-url=https://a.example", "--scim-profile=x"), "in-process provider"),
        (("--scim-url=https://a.example", "--scim-token-file=/nowhere/token"), "token file /nowhere/token"),
    ],
)
def test_bad_options_are_named(configure: Configure, words: tuple[str, ...], told: str) -> None:
    """One line that names the option and what is wrong with it."""
    with pytest.raises(UsageError) as raised:
        settings(configure, *words)
    assert told in str(raised.value)
    assert "\n" not in str(raised.value)


def test_ini_values_are_checked_like_options(configure: Configure) -> None:
    """A closed vocabulary is closed wherever the word comes from."""
    with pytest.raises(UsageError, match="--scim-depth: 'deepest' is none of"):
        settings(configure, "--scim", ini="scim_depth = deepest")


def test_the_described_options_hold_no_secret(configure: Configure) -> None:
    """What goes into the record has nothing to redact."""
    given = settings(configure, "--scim-url=https://a.example", "--scim-token=very-secret", SCIM_PASSWORD="pass-word")
    assert "secret" not in str(given.described())
    assert "pass-word" not in str(given.described())
