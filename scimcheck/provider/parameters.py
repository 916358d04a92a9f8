"""Leniency about query parameters that the standard leaves undefined (RFC7644-3.4.2.4-13, RFC7644-3.4.2.3-11)."""

from __future__ import annotations

from urllib.parse import unquote_plus

from scimcheck.provider.settings import Settings


def without_faulty_numbers(query: str, settings: Settings) -> str:
    """The query string without the numbers and sort orders that the settings ignore rather than refuse."""
    if settings.faulty_numbers == "refuse" and settings.unknown_sort_order == "refuse":
        return query
    return "&".join(part for part in query.split("&") if not _ignored(part, settings))


def _ignored(part: str, settings: Settings) -> bool:
    name, _, value = part.partition("=")
    text = unquote_plus(value).strip()
    if name in ("startIndex", "count"):
        return settings.faulty_numbers == "ignore" and not text.lstrip("+-").isdigit()
    if name == "sortOrder":
        return settings.unknown_sort_order == "ignore" and text.lower() not in ("ascending", "descending")
    return False
