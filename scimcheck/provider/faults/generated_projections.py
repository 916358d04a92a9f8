"""Deviations of projection that few lists of names show (RFC 7644 §3.9)."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

from scimcheck.provider.app import Provider
from scimcheck.provider.context import Context
from scimcheck.provider.faults.registry import deviation, wrap

Names = tuple[str, ...]


def _renamed(provider: Provider, parameter: str, change: Callable[[Names], Names]) -> None:
    """Let ``change`` replace the names in a parameter of a URL."""

    def parse(original: Any, ctx: Context) -> Any:
        query = original(ctx)
        names = getattr(query, parameter)
        return dataclasses.replace(query, **{parameter: change(tuple(names))}) if names else query

    wrap(provider, "parse_query", parse)


@deviation(
    "five-names-count",
    breaks=["RFC7644-3.9-06"],
    text="Of the names in attributes the first five count.",
)
def five_names_count(provider: Provider) -> None:
    _renamed(provider, "attributes", lambda names: names[:5])


@deviation(
    "last-part-counts",
    breaks=["RFC7644-3.9-06"],
    text="When attributes names several parts of one attribute, the last of them counts.",
)
def last_part_counts(provider: Provider) -> None:
    def last(names: Names) -> Names:
        return tuple({_attribute(name): name for name in names}.values())

    _renamed(provider, "attributes", last)


def _attribute(name: str) -> str:
    """The name without a sub-attribute, in lower case."""
    urn, colon, plain = name.lower().rpartition(":")
    return f"{urn}{colon}{plain.partition('.')[0]}"


@deviation(
    "seven-names-left-out",
    breaks=["RFC7644-3.9-04"],
    text="Of the names in excludedAttributes the first seven count.",
)
def seven_names_left_out(provider: Provider) -> None:
    _renamed(provider, "excluded_attributes", lambda names: names[:7])
