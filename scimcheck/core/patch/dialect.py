"""What a reader of PATCH requests understands beyond RFC 7644, and what it does where the standard is open."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class PatchDialect:
    """Forms understood beyond RFC 7644 §3.5.2; all of them together are those of Microsoft Entra ID.

    any_case_op: ``Add``, ``Replace``, ``Remove``.
    string_booleans: ``"True"`` for a boolean, ``"12"`` for a number, in values and in filters.
    dotted_keys: keys of a path-less value that are paths: ``name.givenName``, ``urn:…:User:department``.
    value_array_removal: a remove with path and value takes away these values only, instead of all.
    create_from_filter: an add whose filter matches nothing creates the value that the filter describes.
    create_on_replace: a replace does so too, against §3.5.2.3, which demands ``noTarget``.
    wrapped_values: ``[{"value": x}]`` for x, x for ``{"value": x}``, JSON text inside ``value``.
    bare_extension_names: an extension's attribute named without its URN.
    extension_paths: an extension's URN as path, and a dot behind it.
    filter_on_single: a value filter on a complex attribute that is not multi-valued.
    empty_clears: the empty string unassigns.
    lenient_paths: blanks next to brackets, ``True`` without quotes in the filter.
    """

    any_case_op: bool = True
    string_booleans: bool = True
    dotted_keys: bool = True
    value_array_removal: bool = True
    create_from_filter: bool = True
    create_on_replace: bool = True
    wrapped_values: bool = True
    bare_extension_names: bool = True
    extension_paths: bool = True
    filter_on_single: bool = True
    empty_clears: bool = True
    lenient_paths: bool = True


#: Every form that Entra ID sends, with either setting of its compatibility flag.
ENTRA = PatchDialect()

#: RFC 7644 by the letter.
RFC = PatchDialect(
    any_case_op=False,
    string_booleans=False,
    dotted_keys=False,
    value_array_removal=False,
    create_from_filter=False,
    create_on_replace=False,
    wrapped_values=False,
    bare_extension_names=False,
    extension_paths=False,
    filter_on_single=False,
    empty_clears=False,
    lenient_paths=False,
)


@dataclass(frozen=True, slots=True)
class PatchChoices:
    """Where several readings of §3.5.2 are legal, the one that is followed.

    unknown: attributes and sub-attributes inside a value that no schema defines. A *path* to such is ``InvalidPath``.
    read_only: readOnly attributes inside a path-less value. A *path* to such is ``MutabilityError``.
    remove_absent: removal of what is not there: success without change, or ``NoTarget``.
    """

    unknown: Literal["ignore", "refuse"] = "ignore"
    read_only: Literal["ignore", "refuse"] = "ignore"
    remove_absent: Literal["ignore", "refuse"] = "ignore"
