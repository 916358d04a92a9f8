"""Takes secrets out of everything that is stored: known values wherever they occur, and what is secret by its name.

A known secret is found as it is and as it looks percent-encoded, JSON-escaped, HTML-escaped or inside Base64.
"""

from __future__ import annotations

import base64
import html
import json
import re
import threading
from collections.abc import Iterable
from urllib.parse import quote, quote_plus, unquote_plus

from scimcheck.client.jsonmask import MASK, is_secret_name, mask_json, mentions_secret_name, unescaped

#: Shorter values are not searched for: replacing every "a" would leave no evidence. Headers and names cover them.
MINIMUM_LENGTH = 4

_SECRET_HEADER = re.compile(
    r"(?:^|[-_])(?:authorization|cookie|token|secret|key|apikey|password|session|signature|assertion)(?:$|[-_])",
    re.IGNORECASE,
)
_SCHEMES = frozenset(("basic", "bearer", "digest", "negotiate", "ntlm", "hoba", "mutual"))
#: Labels of tokens besides the run's own: those that the options name, and any that a check made up.
OTHER_TOKENS = ("second-token", "expired-token")
OTHER_TOKEN = "other-token"
_USERINFO = re.compile(r"(?<=://)[^/?#@\s]+@")


class Redactor:
    """Knows the secrets of a run. Thread-safe; secrets may be added at any time and count from then on."""

    def __init__(self) -> None:
        self._labels: dict[str, str] = {}
        self._restorable: dict[str, str] = {}
        self._headers: set[str] = set()
        self._lock = threading.Lock()
        self._forms: dict[bytes, bytes] = {}
        self._pattern: re.Pattern[bytes] | None = None

    def add_secret(self, value: str, label: str = "secret") -> None:
        """Replace ``value`` by ``[redacted:label]`` from now on; values under four characters are left alone."""
        if len(value) < MINIMUM_LENGTH or value in self._labels:
            return
        with self._lock:
            self._labels[value] = label
            for form in _forms(value):
                self._forms.setdefault(form.lower(), f"[redacted:{label}]".encode())
            longest_first = sorted(self._forms, key=len, reverse=True)
            self._pattern = re.compile(b"|".join(map(re.escape, longest_first)), re.IGNORECASE)

    def add_path_secret(self, segment: str) -> None:
        """Replace a secret path segment of the base URL; :meth:`restore` brings it back for URLs that are followed."""
        label = f"path-{len(self._restorable) + 1}"
        if len(segment) < MINIMUM_LENGTH or segment in self._labels:
            return
        self._restorable[f"[redacted:{label}]"] = segment
        self.add_secret(segment, label)

    def add_header(self, name: str) -> None:
        """Treat the values of a request header as secret."""
        self._headers.add(name.lower())

    def restore(self, text: str) -> str:
        """Put secret path segments back where their placeholders stand, also percent-encoded ones."""
        for placeholder, segment in self._restorable.items():
            for form in (placeholder, quote(placeholder, safe=""), quote(placeholder, safe=":")):
                text = text.replace(form, segment)
        return text

    def text(self, text: str) -> str:
        """``text`` without the known secrets."""
        if self._pattern is None:
            return text
        return self._known(text.encode("utf-8", "surrogatepass")).decode("utf-8", "surrogatepass")

    def url(self, url: str) -> str:
        """A URL, or part of one, without user information, secret query parameters and known secrets."""
        target, mark, query = self.text(_USERINFO.sub(f"{MASK}@", url)).partition("?")
        return target + mark + self.query(query)

    def query(self, query: str) -> str:
        """A raw query string without secret parameters and known secrets."""
        pairs = [pair.partition("=") for pair in self.text(query).split("&")]
        return "&".join(
            f"{name}={MASK}" if value and is_secret_name(unquote_plus(name)) else f"{name}{mark}{value}"
            for name, mark, value in pairs
        )

    def headers(self, pairs: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
        """Header pairs without credentials, cookies, tokens and known secrets; the scheme of credentials stays."""
        return tuple((name, self._header(name, value)) for name, value in pairs)

    def _header(self, name: str, value: str) -> str:
        lowered = name.lower()
        if lowered in ("authorization", "proxy-authorization"):
            return self._foreign_token(value) or _mask_credentials(value)
        if lowered == "set-cookie":
            return self._set_cookie(value)
        if lowered not in self._headers and not is_secret_header(name):
            return self.url(value) if lowered in ("location", "content-location", "referer") else self.text(value)
        return MASK if value else value

    def _foreign_token(self, value: str) -> str:
        """A bearer token that is not the run's own, told as such; an empty text for anything else.

        That a check sent another one is a fact that whoever repeats the request has to know.
        """
        scheme, _, token = value.partition(" ")
        if scheme.lower() != "bearer" or not token or " " in token or "token" not in self._labels.values():
            return ""
        label = self._labels.get(token, OTHER_TOKEN)
        return f"{scheme} [redacted:{label}]" if label in (OTHER_TOKEN, *OTHER_TOKENS) else ""

    def _set_cookie(self, value: str) -> str:
        """Mask the cookie's value and keep its attributes, which are facts; a known secret in it keeps its label."""
        pair, semicolon, attributes = value.partition(";")
        name, equals, secret = pair.partition("=")
        label = re.search(r"\[redacted:[^\]]*\]", self.text(secret))
        masked = (label.group() if label else MASK) if secret.strip() else secret
        return f"{self.text(name)}{equals}{masked}{semicolon}{self.text(attributes)}"

    def body(self, data: bytes) -> bytes:
        """A request or response body without known secrets; in JSON also without values of password-like names."""
        cleaned = self._known(data)
        if cleaned.lstrip()[:1] not in (b"{", b"[", b'"') or not self._suspicious(cleaned):
            return cleaned
        text = cleaned.decode("utf-8", "surrogateescape")
        return mask_json(text, self.text).encode("utf-8", "surrogateescape")

    def _suspicious(self, body: bytes) -> bool:
        """Whether a JSON body may hold a secret name or an escaped secret; spares most bodies the walk."""
        decoded = unescaped(body)
        escaped = decoded is not body and self._pattern is not None and self._pattern.search(decoded) is not None
        return escaped or mentions_secret_name(decoded)

    def _known(self, data: bytes) -> bytes:
        if self._pattern is None:
            return data
        return self._pattern.sub(self._replacement, data)

    def _replacement(self, match: re.Match[bytes]) -> bytes:
        return self._forms[match.group().lower()]


def is_secret_header(name: str) -> bool:
    """Whether a header of that name carries credentials, cookies, keys or tokens."""
    return _SECRET_HEADER.search(name) is not None


def _mask_credentials(value: str) -> str:
    """Keep the shape of an Authorization value: the scheme and the number of words, so that malformed ones show."""
    first, blank, rest = value.partition(" ")
    if first.lower() in _SCHEMES:
        return first + blank + re.sub(r"\S+", MASK, rest)
    return re.sub(r"\S+", MASK, value)


def _forms(value: str) -> set[bytes]:
    """The spellings in which a value may turn up."""
    escaped = json.dumps(value)[1:-1]
    texts = {
        value,
        quote(value, safe=""),
        quote(value),
        quote_plus(value),
        escaped,
        json.dumps(value, ensure_ascii=False)[1:-1],
        escaped.replace("/", "\\/"),
        html.escape(value),
        html.escape(value, quote=False),
    }
    return {text.encode("utf-8", "surrogatepass") for text in texts} | _base64_forms(value.encode("utf-8", "replace"))


def _base64_forms(value: bytes) -> set[bytes]:
    """What of the Base64 text depends on the value alone, for its three positions relative to the 24-bit groups."""
    forms: set[bytes] = set()
    for offset in range(3):
        encoded = base64.b64encode(b"\0" * offset + value).rstrip(b"=")
        whole = (offset + len(value)) * 8 // 6
        core = encoded[-(-offset * 8 // 6) : whole]
        if len(core) >= 8:
            forms |= {core, core.translate(bytes.maketrans(b"+/", b"-_"))}
    return forms
