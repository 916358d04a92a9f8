"""Exchanges as curl commands for a POSIX shell: paste, set ``SCIM_TOKEN``, run.

Recorded secrets are gone for good; the credential becomes ``$SCIM_TOKEN``, and a token that was not the run's own a
variable that stands for something wrong unless it is set. Everything else that came from a target or a check is quoted
so that the shell takes it literally.
"""

from __future__ import annotations

import base64
import re
import shlex
from collections.abc import Callable, Mapping, Sequence
from urllib.parse import quote

from scimcheck.client.exchange import Exchange
from scimcheck.report.text import BODY_LIMIT, one_line, printable, shortened

TOKEN = "SCIM_TOKEN"

#: Headers that curl makes itself, or that would only get in the way (a compressed answer is no fun to read).
_OWN_HEADERS = frozenset(("host", "content-length", "connection", "transfer-encoding", "accept-encoding", "user-agent"))

#: Ids shorter than this may turn up in a body by chance; they are replaced in paths alone.
_TELLING_ID = 8


def curl_line(exchange: Exchange) -> str:
    """The exchange's request as one curl command that shows status, headers and body of the answer.

    A body longer than :data:`~scimcheck.report.text.BODY_LIMIT` is left to a file of the user's making.
    """
    return _command(exchange, {})


def curl_script(exchanges: Sequence[Exchange]) -> str:
    """The requests of several exchanges, in order, as a shell script.

    The id of each resource that the script creates anew replaces the recorded one in what follows; that needs jq.
    """
    commands: list[str] = []
    ids: dict[str, str] = {}
    for number, exchange in enumerate(exchanges, start=1):
        command = _command(exchange, ids)
        if _is_needed_later(exchange, exchanges[number:]):
            variable = f"id_{number}"
            ids[_created_id(exchange)] = variable
            command = f"{variable}=$({command.replace('curl -sS -i', 'curl -sS', 1)} | tee /dev/stderr | jq -r .id)"
        commands.append(f"# {number}. {_comment(exchange)}\n{command}")
    head = f': "${{{TOKEN}:?set it to the bearer token of the target}}"'
    return "\n".join(["#!/bin/sh", head, *commands]) + "\n"


def _comment(exchange: Exchange) -> str:
    """The exchange in a shell comment, which must not end before its line does."""
    return shortened(one_line(exchange.summary()), 200)


def _created_id(exchange: Exchange) -> str:
    """The id of the resource that the exchange created, or an empty string."""
    value = exchange.body.get("id") if exchange.method == "POST" and exchange.ok else None
    return value if isinstance(value, str) else ""


def _is_needed_later(exchange: Exchange, later: Sequence[Exchange]) -> bool:
    name = _created_id(exchange)
    return bool(name) and any(
        len(_split(each.url, {name: ""}, _in_url)) > 1 or len(_split(_text(each), {name: ""}, _in_body)) > 1
        for each in later
    )


def _text(exchange: Exchange) -> str:
    return exchange.request_body.decode("utf-8", "replace")


def _command(exchange: Exchange, ids: Mapping[str, str]) -> str:
    words = ["curl -sS -i", *_method(exchange), *_url_options(exchange.url)]
    words.append(_quoted(_split(exchange.url, ids, _in_url)))
    words += _headers(exchange)
    if not exchange.request_body:
        return " ".join(words)
    if len(exchange.request_body) > BODY_LIMIT:
        # too long for a command line; the JSON record has the body
        name = re.sub(r"[^\w.-]", "_", exchange.id)
        return " ".join([*words, "--data-binary", f"@request-body-of-{name}"])
    if not _can_be_pasted(exchange.request_body):
        encoded = base64.b64encode(exchange.request_body).decode("ascii")
        return f"printf %s {shlex.quote(encoded)} | base64 -d | {' '.join(words)} --data-binary @-"
    # curl would read a file when the value of --data-binary begins with @
    option = "--data-raw" if exchange.request_body.startswith(b"@") else "--data-binary"
    return " ".join([*words, option, _quoted(_split(_text(exchange), ids, _in_body))])


def _can_be_pasted(body: bytes) -> bool:
    """Whether the body survives the way through a page, a clipboard and a terminal."""
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return printable(text) == text


def _method(exchange: Exchange) -> list[str]:
    if exchange.method == "GET" and not exchange.request_body:
        return []
    return ["--head"] if exchange.method == "HEAD" else ["-X", shlex.quote(exchange.method)]


def _url_options(url: str) -> list[str]:
    """Options that keep curl from interpreting brackets and dot segments."""
    options = ["--globoff"] if re.search(r"[\[\]{}]", url) else []
    return [*options, "--path-as-is"] if re.search(r"/\.{1,2}(/|\?|$)", url) else options


def _headers(exchange: Exchange) -> list[str]:
    words: list[str] = []
    for name, value in exchange.request_headers:
        if name == "authorization":
            words += ["-H", _authorization(value)]
        elif name not in _OWN_HEADERS:
            words += ["-H", shlex.quote(f"{name}: {value}" if value else f"{name};")]
    sent = {name for name, _ in exchange.request_headers}
    # curl adds these two by itself; an empty value takes them away
    if "accept" not in sent:
        words += ["-H", "'accept:'"]
    if exchange.request_body and "content-type" not in sent:
        words += ["-H", "'content-type:'"]
    return words


def _authorization(value: str) -> str:
    """The header with the token from the environment; a made-up credential of a check, not redacted, stays as it is."""
    if "[redacted" not in value:
        return shlex.quote(f"authorization: {value}")
    scheme = re.match(r"[A-Za-z]+(?= )", value)
    other = re.search(r"\[redacted:((?:other|second|expired)-token)\]", value)
    if other:
        return f'"authorization: Bearer ${{SCIM_{other[1].replace("-", "_").upper()}:-not-the-token}}"'
    return f'"authorization: {scheme[0] if scheme else "Bearer"} ${TOKEN}"'


def _in_url(name: str) -> str:
    """A pattern for an id as a whole path segment, or as a quoted value in a query."""
    spelled = "|".join(dict.fromkeys(map(re.escape, (name, quote(name, safe="")))))
    segment = rf"(?<=/)(?:{spelled})(?=[/?]|$)"
    return segment if len(name) < _TELLING_ID else rf"{segment}|(?<=%22)(?:{spelled})(?=%22)"


def _in_body(name: str) -> str:
    """A pattern for an id as a whole string, plain or inside a filter or path."""
    return rf'(?<=["/]){re.escape(name)}(?=[\\"/])' if len(name) >= _TELLING_ID else r"(?!)"


def _split(text: str, ids: Mapping[str, str], pattern: Callable[[str], str]) -> list[str]:
    """The text cut at each id: literal pieces at even places, the variables that replace ids at odd ones."""
    pieces = [text]
    for name, variable in ids.items():
        cut: list[str] = []
        for place, piece in enumerate(pieces):
            if place % 2:
                cut.append(piece)
                continue
            parts = re.split(pattern(name), piece)
            cut.append(parts[0])
            for part in parts[1:]:
                cut += [variable, part]
        pieces = cut
    return pieces


def _quoted(pieces: Sequence[str]) -> str:
    """Literal pieces in single quotes, variables in double ones, without blanks between them."""
    words = [f'"${piece}"' if place % 2 else shlex.quote(piece) for place, piece in enumerate(pieces) if piece]
    return "".join(words) or "''"
