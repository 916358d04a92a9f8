"""What gives away how a server is built: stack traces, exceptions, database errors, paths of source files."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import unquote

from scimcheck.client.exchange import Exchange
from scimcheck.core.json import JSON

_PATTERNS = (
    # Python
    r"Traceback \(most recent call last\)",
    r"File \"[^\"]+\", line \d+",
    r"\b\w+\.py\b[\",:]{0,2} line \d+",
    r"\bDjango Version:|\bWerkzeug Debugger\b",
    # the JVM
    r"\bat [\w.$<>]+\([\w$]+\.(java|kt|scala):\d+\)",
    r"\b(java|javax|jakarta|kotlin|scala|org|com|net|io)(\.\w+){2,}(Exception|Error)\b",
    r"\bat \[Source: \(",
    # .NET
    r"\bat .{1,200} in .{1,200}\.cs:line \d+",
    r"(?:^|[\r\n]) *at (\w+\.){2,}[\w`<>.]+\(",
    r"\b(System|Microsoft)\.[\w.]*Exception\b",
    # JavaScript
    r"\bat .{1,200}\(?[/\w.-]+\.(js|ts):\d+:\d+\)?",
    r"\bCannot read propert(y|ies) of (undefined|null)\b",
    # PHP, Ruby, Go, Rust
    r"\bStack trace:\s*#0 |\bUncaught \w*(Error|Exception)\b",
    r"\bundefined (local variable or )?method [`']|\.rb:\d+:in [`']",
    r"\bgoroutine \d+ \[|\bruntime error: (invalid memory|index out of)",
    r"\bthread '[^']*' panicked at\b",
    # databases and directories
    r"\b(SQLSTATE|ORA-\d{5}|SQLITE_\w+|sqlite3\.\w+Error|psycopg2?\.|pymysql\.|System\.Data\.SqlClient|PDOException)",
    r"\bsyntax error at or near\b|\byou have an error in your SQL syntax\b",
    r"\bviolates (unique|not-null|foreign key|check) constraint\b|\bDuplicate entry '.{0,200}' for key\b",
    r"\b(UNIQUE|NOT NULL|FOREIGN KEY|CHECK) constraint failed\b",
    r"\bViolation of (UNIQUE|PRIMARY) KEY constraint\b|\bCannot insert duplicate key\b",
    r"\bE11000 duplicate key\b|\bcould not execute (statement|query)\b|\bLDAP: error code \d+",
    r"(?-i:\bSELECT .{1,200} FROM .{1,200} WHERE |\bINSERT INTO [\w.]+ ?\()",
    # files
    r"(?<![\w:/])/(usr|home|var|opt|srv|app)/[\w./-]+\.(py|rb|php|js|java|go|cs)\b",
    r"\b[A-Z]:\\[\w\\ .-]+\.(py|rb|php|js|java|go|cs|aspx?)\b",
)
_INTERNALS = re.compile("|".join(_PATTERNS), re.IGNORECASE)


def internals(exchange: Exchange) -> str:
    """What a response gives away of its server, as it stands there; empty when that is nothing.

    What the request holds as well does not count: servers may repeat what they refuse.
    """
    sent = f"{exchange.request_body.decode('utf-8', 'replace')}\n{unquote(exchange.path)}\n{unquote(exchange.query)}"
    for text in (exchange.text, *_strings(exchange.json)):
        found = _INTERNALS.search(text)
        if found and found.group() not in sent:
            return found.group()
    return ""


def _strings(value: JSON) -> Iterator[str]:
    """The texts in a JSON value, unescaped: line ends and quotes are what traces are known by."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, (dict, list)):
        for item in value.values() if isinstance(value, dict) else value:
            yield from _strings(item)
