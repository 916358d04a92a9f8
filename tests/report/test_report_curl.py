"""A curl line sends what the exchange sent, and nothing a target wrote can run in the shell."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from report_builder import BASE, exchange

from scimcheck.client.exchange import Exchange
from scimcheck.report.curl import curl_line, curl_script

#: Stands in for curl: prints its arguments and what it was given on standard input as one JSON line.
FAKE = (
    "#!/bin/sh\n"
    'exec {python} -c \'import json,os,sys; body=sys.stdin.buffer.read() if sys.argv[-1]=="@-" else b"";'
    'open(os.environ["SEEN"],"a").write(json.dumps([sys.argv[1:],body.hex()])+"\\n");'
    'print(json.dumps(dict(id="new-" + str(len(open(os.environ["SEEN"]).readlines())))))\' "$@"\n'
)


@pytest.fixture
def fake_path(tmp_path: Path) -> Path:
    """A folder with commands named curl and jq that only look."""
    folder = tmp_path / "bin"
    folder.mkdir()
    python = shlex.quote(sys.executable)
    (folder / "curl").write_text(FAKE.format(python=python), encoding="utf-8")
    (folder / "jq").write_text(
        f"#!/bin/sh\nexec {python} -c 'import json,sys; print(json.load(sys.stdin)[\"id\"])'\n", encoding="utf-8"
    )
    for name in ("curl", "jq"):
        (folder / name).chmod(0o755)
    return folder


def run(script: str, fake_path: Path) -> list[tuple[list[str], bytes]]:
    """What curl saw when the shell ran the script."""
    seen = fake_path / "seen.jsonl"
    seen.unlink(missing_ok=True)
    environment = {**os.environ, "PATH": f"{fake_path}:{os.environ['PATH']}", "SCIM_TOKEN": "s3cret", "SEEN": str(seen)}
    subprocess.run(["sh", "-c", script], env=environment, check=True, capture_output=True)
    return [(words, bytes.fromhex(body)) for words, body in map(json.loads, seen.read_text().splitlines())]


HOSTILE = "'; touch hacked; $(id) `id` \\ \" \n€ !x"


def test_the_shell_hands_curl_exactly_what_was_sent(fake_path: Path) -> None:
    """Quotes, substitutions and newlines in bodies and URLs arrive literally; the token comes from the environment."""
    sent = exchange(sent=HOSTILE.encode(), url=f"{BASE}/Users?filter=a'$(id)")
    [(words, _)] = run(curl_line(sent), fake_path)
    assert words == [
        "-sS", "-i", "-X", "POST", f"{BASE}/Users?filter=a'$(id)",
        "-H", "accept: application/scim+json",
        "-H", "authorization: Bearer s3cret",
        "-H", "content-type: application/scim+json",
        "--data-binary", HOSTILE,
    ]  # fmt: skip


@pytest.mark.parametrize("body", [b"\x00\xff\xfe", b"line\r\n", b"\x1b[31m", "a\u202eb".encode()])
def test_bodies_that_cannot_be_pasted_travel_as_base64(fake_path: Path, body: bytes) -> None:
    [(words, piped)] = run(curl_line(exchange(sent=body)), fake_path)
    assert words[-2:] == ["--data-binary", "@-"]
    assert piped == body


def test_a_body_with_a_leading_at_sign_names_no_file() -> None:
    assert curl_line(exchange(sent=b"@passwords")).endswith("--data-raw @passwords")


@pytest.mark.parametrize(
    ("method", "option"), [("GET", ""), ("HEAD", " --head"), ("DELETE", " -X DELETE"), ("M'X", " -X 'M'\"'\"'X'")]
)
def test_methods(method: str, option: str) -> None:
    line = curl_line(exchange(method=method, path="/Users/42", request_headers=(("accept", "*/*"),)))
    assert line == f"curl -sS -i{option} {BASE}/Users/42 -H 'accept: */*'"


@pytest.mark.parametrize(
    ("headers", "words"),
    [
        ((("authorization", "[redacted]"),), '"authorization: Bearer $SCIM_TOKEN"'),
        ((("authorization", "Basic [redacted]"),), '"authorization: Basic $SCIM_TOKEN"'),
        (
            (("authorization", "Bearer [redacted:other-token]"),),
            '"authorization: Bearer ${SCIM_OTHER_TOKEN:-not-the-token}"',
        ),
        ((("authorization", "Bearer wrong$(id)"),), "'authorization: Bearer wrong$(id)'"),
        ((("x-empty", ""),), "'x-empty;'"),
        ((("accept-encoding", "gzip"), ("user-agent", "scimcheck/1")), "'accept:'"),
    ],
)
def test_headers(headers: tuple[tuple[str, str], ...], words: str) -> None:
    """Redacted credentials become the variable, made-up ones stay, curl's own additions are taken away."""
    line = curl_line(exchange(method="GET", request_headers=headers))
    assert words in line
    assert "gzip" not in line
    assert ("'accept:'" in line) is ("accept" not in dict(headers))


def test_a_missing_content_type_stays_missing() -> None:
    assert "-H 'content-type:'" in curl_line(exchange(sent={}, request_headers=(("accept", "*/*"),)))


def test_curl_leaves_brackets_and_dot_segments_alone() -> None:
    line = curl_line(exchange(method="GET", url=f"{BASE}/../x?filter=emails[type]"))
    assert "--globoff --path-as-is" in line
    assert "--" not in curl_line(exchange(method="GET", url=f"{BASE}/Users/a..b"))


def chain() -> list[Exchange]:
    """A user is created, changed, put into a group, looked for and deleted."""
    name = "7f9c24e8-0001"
    return [
        exchange("a", sent={"userName": "x"}, answer={"id": name}),
        exchange("b", "PATCH", f"/Users/{name}", sent={"Operations": []}),
        exchange(
            "c", "PATCH", "/Groups/1", sent={"value": name, "path": f'members[value eq "{name}"]', "n": name + "0"}
        ),
        exchange("d", "GET", "/Users", query=f"filter=id+eq+%22{name}%22"),
        exchange("e", "DELETE", f"/Users/{name}"),
    ]


def test_a_script_carries_the_new_id_through(fake_path: Path) -> None:
    """What the script creates gets a new id; the steps after use it instead of the recorded one."""
    script = curl_script(chain())
    seen = run(script, fake_path)
    assert [words[-1] for words, _ in seen[:1]] == ['{"userName":"x"}']
    assert seen[1][0][4] == f"{BASE}/Users/new-1"
    body = json.loads(seen[2][0][-1])
    assert body == {"value": "new-1", "path": 'members[value eq "new-1"]', "n": "7f9c24e8-00010"}
    assert f"{BASE}/Users?filter=id+eq+%22new-1%22" in seen[3][0]
    assert f"{BASE}/Users/new-1" in seen[4][0]
    assert script.startswith('#!/bin/sh\n: "${SCIM_TOKEN:?')
    assert "# 2. PATCH /Users/7f9c24e8-0001 → 201\n" in script


def test_a_script_keeps_several_new_ids_apart(fake_path: Path) -> None:
    """A user and a group are created; the change of the group names both."""
    steps = [
        exchange("a", sent={}, answer={"id": "user-0001"}),
        exchange("b", path="/Groups", sent={}, answer={"id": "group-0001"}),
        exchange("c", "PATCH", "/Groups/group-0001", sent={"value": ["user-0001", "group-0001", "user-0001"]}),
    ]
    words = run(curl_script(steps), fake_path)[2][0]
    assert f"{BASE}/Groups/new-2" in words
    assert json.loads(words[-1]) == {"value": ["new-1", "new-2", "new-1"]}


def test_a_short_id_is_replaced_in_paths_alone(fake_path: Path) -> None:
    """An id such as 7 may stand in a body by chance."""
    steps = [
        exchange("a", sent={}, answer={"id": "7"}),
        exchange("b", "PATCH", "/Users/7", sent={"value": "7"}),
    ]
    seen = run(curl_script(steps), fake_path)
    assert f"{BASE}/Users/new-1" in seen[1][0]
    assert seen[1][0][-1] == '{"value":"7"}'


def test_ids_that_need_encoding_are_found_in_paths(fake_path: Path) -> None:
    steps = [
        exchange("a", sent={}, answer={"id": "a b/c'd+e"}),
        exchange("b", "GET", "/Users/a%20b%2Fc%27d%2Be"),
    ]
    assert f"{BASE}/Users/new-1" in run(curl_script(steps), fake_path)[1][0]


def test_a_script_without_use_for_ids_needs_no_jq() -> None:
    steps = [exchange("a", sent={}, answer={"id": "7f9c24e8"}), exchange("b", "GET", "/Users", answer={"id": 3})]
    assert "jq" not in curl_script(steps)


def test_a_comment_cannot_break_out_of_its_line(fake_path: Path) -> None:
    """scimType comes from the target and stands in a comment of the script."""
    hostile = exchange(status=400, answer={"scimType": "a\ntouch hacked\r\u2028\ud800x"})
    assert len(run(curl_script([hostile]), fake_path)) == 1
    assert r"# 1. POST /Users → 400 a touch hacked\x0d\u2028\ud800x" + "\n" in curl_script([hostile])


@given(
    st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"])), st.text("'\"$`\\ab/ \n", max_size=20)
)
def test_quoting_is_undone_by_the_shell_rules(body: str, query: str) -> None:
    """Python's own reading of shell words finds body and URL again."""
    line = curl_line(exchange(sent=body.encode(), url=f"{BASE}/Users?{query}"))
    words = shlex.split(line)
    assert f"{BASE}/Users?{query}" in words
    assert body == "" or body in words or "base64 -d" in line
