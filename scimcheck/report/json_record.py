"""The run record as a file."""

from __future__ import annotations

import json
from pathlib import Path

from scimcheck.core.errors import UsageError
from scimcheck.core.json import JSONObject
from scimcheck.report.decode import RecordError
from scimcheck.report.model import RunRecord


def write_record(record: RunRecord, path: Path) -> None:
    """Write the record as JSON; missing folders are made. UsageError when the file cannot be written.

    The file is pure ASCII: what a target sent may hold lone surrogates, which UTF-8 cannot carry.
    """
    write_document(record.to_json(), path)


def write_document(document: JSONObject, path: Path) -> None:
    """Write a JSON document in the same manner; UsageError when that cannot be done."""
    text = json.dumps(document, indent=1, ensure_ascii=True)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text + "\n", encoding="ascii", newline="\n")
    except OSError as error:
        raise UsageError(f"{path}: cannot be written: {error.strerror or error}") from error


def read_record(path: Path) -> RunRecord:
    """Read what :func:`write_record` wrote; UsageError, naming file and position, when it is anything else."""
    try:
        data = json.loads(path.read_bytes())
    except OSError as error:
        raise UsageError(f"{path}: cannot be read: {error.strerror or error}") from error
    except json.JSONDecodeError as error:
        raise UsageError(f"{path}:{error.lineno}:{error.colno}: not JSON: {error.msg}") from error
    except (UnicodeDecodeError, RecursionError) as error:
        raise UsageError(f"{path}: not JSON: {error}") from error
    try:
        return RunRecord.from_json(data)
    except RecordError as error:
        raise UsageError(f"{path}: not a run record: {error}") from error
