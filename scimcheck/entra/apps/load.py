"""Reading an app: one of those that come along by its name, or a synchronization schema from a file."""

from __future__ import annotations

import difflib
import json
import os
from functools import lru_cache
from pathlib import Path

from scimcheck.core.errors import UsageError
from scimcheck.core.json import JSON, JSONObject
from scimcheck.entra.apps.model import App
from scimcheck.entra.mapping.check import Problem, problems
from scimcheck.entra.mapping.codec import Misplaced
from scimcheck.entra.mapping.model import read_schema
from scimcheck.entra.mapping.place import Place, line_of, told
from scimcheck.resources import bundled

#: The app with the mappings that a new application starts with.
DEFAULT = "default"

_FLAGS = ("off", "on", "both")


@lru_cache(maxsize=1)
def app_names() -> tuple[str, ...]:
    """The names of the apps that come along, the default one first."""
    found = sorted(file.name.removesuffix(".json") for file in _folder().iterdir() if file.name.endswith(".json"))
    return (DEFAULT, *(name for name in found if name != DEFAULT))


def load_app(name: str) -> App:
    """The app of that name, or the one in that file (a name with a dot or a separator).

    Raises UsageError, in one line with file and line, for a file that cannot be used.
    """
    if name in app_names():
        return _bundled(name)
    if not _is_file(name):
        near = difflib.get_close_matches(name, app_names(), n=1)
        hint = f"; is it {near[0]}?" if near else f"; there are {', '.join(app_names())}, or a file"
        raise UsageError(f"there is no app {name!r}{hint}")
    return read_app(Path(name))


def _is_file(name: str) -> bool:
    return any(mark in name for mark in (".", "/", os.sep))


def read_app(file: Path) -> App:
    """The app in a file, which is a Graph synchronization schema, alone or under ``schema`` with what goes with it."""
    app, found, text = inspect(file)
    wrong = next((problem for problem in found if problem.error), None)
    if wrong is not None:
        raise UsageError(located(file.name, text, wrong))
    return app


def inspect(file: Path) -> tuple[App, list[Problem], str]:
    """The app in a file with all problems of its mappings, and the file's text; UsageError when it cannot be read."""
    try:
        text = file.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise UsageError(f"{file}: {error.strerror or error}") from None
    except UnicodeDecodeError as error:
        raise UsageError(f"{file}: not UTF-8 at byte {error.start}") from None
    return _parsed(text, file.name, file.stem)


def examine(name: str) -> tuple[App, list[tuple[Problem, str]]]:
    """The app of that name or in that file, with each problem of its mappings and the line that tells it."""
    file = _folder() / f"{name}.json" if name in app_names() else Path(name)
    if name not in app_names() and not _is_file(name):
        load_app(name)  # tells which names there are
    app, found, text = inspect(file)
    return app, [(problem, located(file.name, text, problem)) for problem in found]


def located(file: str, text: str, problem: Problem) -> str:
    """A problem in one line: file, line, place in the JSON, what is wrong."""
    return f"{file}:{line_of(text, problem.place)}: {told(problem.place)}: {problem.text}"


@lru_cache(maxsize=16)
def _bundled(name: str) -> App:
    text = (_folder() / f"{name}.json").read_text(encoding="utf-8")
    return _parsed(text, f"{name}.json", name)[0]


def _parsed(text: str, file: str, name: str) -> tuple[App, list[Problem], str]:
    body = _decoded(text, file)
    prefix: Place = () if "synchronizationRules" in body else ("schema",)
    if prefix and "schema" not in body:
        raise UsageError(f"{file}:1: no synchronization schema: neither synchronizationRules nor schema is there")
    try:
        schema = read_schema(body["schema"] if prefix else body, prefix)
        if not any(rule.objects for rule in schema.rules):
            raise Misplaced((*prefix, "synchronizationRules"), "there is no object mapping")
        if not any(schema.mapping(kind) for kind in ("User", "Group")):
            raise Misplaced((*prefix, "synchronizationRules"), "there is a mapping of neither User nor Group objects")
        app = App(name, schema, **_wrapper(body if prefix else {}))
    except Misplaced as error:
        place = f"{told(error.place)}: " if error.place else ""
        raise UsageError(f"{file}:{line_of(text, error.place)}: {place}{error.reason}") from None
    found = [Problem((*prefix, *item.place), item.text, item.error) for item in problems(schema)]
    return app, found, text


def _decoded(text: str, file: str) -> JSONObject:
    try:
        body: JSON = json.loads(text)
    except json.JSONDecodeError as error:
        raise UsageError(f"{file}:{error.lineno}: column {error.colno}: not JSON: {error.msg}") from None
    except RecursionError:
        raise UsageError(f"{file}:1: not a synchronization schema: nested too deep") from None
    if not isinstance(body, dict):
        raise UsageError(f"{file}:1: not a synchronization schema: expected an object")
    return body


def _wrapper(body: JSONObject) -> JSONObject:
    """What stands beside the schema, checked; members that nobody knows are passed over."""
    found: JSONObject = {}
    for name in ("title", "tenant_url", "credentials", "flag"):
        value = body.get(name, "")
        if not isinstance(value, str):
            raise Misplaced((name,), "expected a text")
        found[name] = value
    if found["flag"] and found["flag"] not in _FLAGS:
        raise Misplaced(("flag",), f"{found['flag']!r} is none of {', '.join(_FLAGS)}")
    notes = body.get("notes", [])
    if not isinstance(notes, list) or not all(isinstance(note, str) for note in notes):
        raise Misplaced(("notes",), "expected an array of texts")
    return {**found, "notes": tuple(notes)}


def _folder() -> Path:
    return bundled("fixtures") / "entra" / "apps"
