"""Reading the tables under ``fixtures/entra``."""

from __future__ import annotations

import json
from functools import cache

from scimcheck.core.json import JSONObject
from scimcheck.resources import bundled


@cache
def table(name: str) -> JSONObject:
    """The table ``fixtures/entra/<name>.json``; shared, so callers leave it unchanged."""
    text = (bundled("fixtures") / "entra" / f"{name}.json").read_text(encoding="utf-8")
    loaded: JSONObject = json.loads(text)
    return loaded
