"""The type of JSON values, as the standard library's decoder yields them."""

from __future__ import annotations

from typing import Any, TypeAlias

#: A decoded JSON value. ``Any`` inside containers: SCIM bodies are walked by name, not by type.
JSON: TypeAlias = "bool | int | float | str | list[Any] | dict[str, Any] | None"
#: A decoded JSON object, such as a SCIM resource or message.
JSONObject: TypeAlias = "dict[str, Any]"
