"""Variants: legal choices that differ from the provider's defaults. No check may fail on any of them."""

from __future__ import annotations

from scimcheck.provider.faults.registry import variant
from scimcheck.resources import bundled

variant(
    "patch-answers-200",
    reading="RFC7644-3.5.2-22",
    text="PATCH always answers 200 with the resource.",
    settings={"patch_answers": "resource"},
)
variant(
    "patch-answers-204",
    reading="RFC7644-3.5.2-22",
    text="PATCH answers 204 without a body.",
    settings={"patch_answers": "no-content"},
)
variant(
    "unknown-attributes-refused",
    reading="RFC7644-3.3-14",
    text="Unknown attributes are refused.",
    settings={"unknown_attributes": "refuse", "unknown_in_patch": "refuse"},
    costs=["ENTRA-3.5-07"],
)
variant(
    "integer-ids",
    reading="RFC7643-3.1-03",
    text="Ids are decimal numbers, as strings.",
    settings={"id_style": "integer"},
)
variant(
    "ids-need-encoding",
    reading="RFC7644-1.2-01",
    text="Ids hold characters that URLs have to encode.",
    settings={"id_style": "special"},
)
variant(
    "charset-parameter",
    reading="RFC7644-8.1-01",
    text="Content-Type has a charset parameter.",
    settings={"content_type_charset": True},
)
variant(
    "relative-locations",
    reading="RFC7643-3.1-25",
    text="meta.location and Location are relative URIs.",
    settings={"location_style": "relative"},
)
variant(
    "strong-etags",
    reading="RFC9110-8.8.3-02",
    text="Entity-tags are strong validators.",
    settings={"etag_style": "strong"},
)
variant(
    "weak-if-match-refused",
    reading="RFC9110-13.1.1-04",
    text="If-Match compares strongly: weak tags never match.",
    settings={"weak_if_match": "refuse"},
)
variant(
    "without-etags", reading="RFC7644-3.14-01", text="Resources have no versions.", settings={"etag_supported": False}
)
variant(
    "empty-page-without-resources",
    reading="RFC7644-3.4.2-04",
    text="An empty page has no Resources.",
    settings={"empty_resources": "absent"},
)
variant(
    "nulls-shown",
    reading="RFC7643-2.5-03",
    text="Unassigned attributes are returned as null.",
    settings={"unassigned": "null"},
)
variant(
    "add-without-match-refused",
    reading="RFC7644-3.5.2.1-11",
    text="add without a match: noTarget.",
    settings={"add_without_match": "noTarget"},
    costs=["ENTRA-3.2-19"],
)
variant(
    "absent-removal-refused",
    reading="RFC7644-3.5.2.2-09",
    text="remove of what is absent: noTarget.",
    settings={"remove_absent": "noTarget"},
)
variant(
    "patch-by-the-letter",
    reading="RFC7644-3.5.2-04",
    text="PATCH understands the standard's form only.",
    settings={"entra_patch": False, "capital_operations": False},
    costs=["ENTRA-2.2-07", "ENTRA-3.2-30", "ENTRA-3.3-02", "ENTRA-3.3-03"],
)
variant(
    "user-names-differ-by-case",
    reading="RFC7643-4.1.1-04",
    text="userName ada and Ada may both exist.",
    settings={"unique_across_cases": False},
)
variant(
    "users-without-groups", reading="RFC7643-4.1.2-12", text="User has no groups.", settings={"groups_on_user": False}
)
variant(
    "conflicts-answer-400",
    reading="RFC7644-3.5.1-11",
    text="Conflicts on PUT and PATCH are answered with 400.",
    settings={"uniqueness_status": 400},
)
variant(
    "version-mismatch-409",
    reading="RFC7644-3.12-12",
    text="A version mismatch is answered with 409.",
    settings={"version_mismatch": 409},
)
variant("whole-seconds", reading="RFC7643-2.3.5-01", text="Times have no fraction.", settings={"precision": "seconds"})
variant(
    "lower-case-values",
    reading="RFC7643-7-23",
    text="Texts that are not case exact are stored in lower case.",
    settings={"lower_case_values": True},
)
variant(
    "small-pages",
    reading="RFC7644-3.4.2.4-07",
    text="A page has two resources by default, and three at most.",
    settings={"default_page_size": 2, "max_results": 3},
)
variant(
    "positions-only-when-partial",
    reading="RFC7644-3.4.2-05",
    text="startIndex only on partial lists.",
    settings={"list_positions": "partial"},
)
variant(
    "unknown-filter-attribute-matches-nothing",
    reading="RFC7644-3.4.2.2-47",
    text="A filter on an unknown attribute matches nothing.",
    settings={"unknown_filter_attribute": "no-match"},
)
variant(
    "discovery-ignores-filters",
    reading="RFC7644-4-08",
    text="Discovery ignores filters.",
    settings={"discovery_filter": "ignore"},
)
variant(
    "without-optional-features",
    reading="RFC7644-3.12-16",
    text="No bulk, sorting, search, root queries or /Me; they are answered with 501.",
    settings={
        "bulk_supported": False,
        "sort_supported": False,
        "search_supported": False,
        "root_query_supported": False,
        "me_supported": False,
    },
)
variant(
    "endpoints-without-slash",
    reading="RFC7643-6-08",
    text="ResourceType.endpoint has no leading slash.",
    settings={"leading_endpoint_slash": False},
)
variant(
    "faulty-numbers-ignored",
    reading="RFC7644-3.4.2.4-13",
    text="A startIndex that is no number is ignored.",
    settings={"faulty_numbers": "ignore", "unknown_sort_order": "ignore"},
)
variant(
    "cursor-pagination",
    reading="RFC9865-2.4-01",
    text="Pages by cursor are supported beside pages by index.",
    settings={"cursor_supported": True},
)
variant(
    "cursor-pagination-by-default",
    reading="RFC9865-2.3-01",
    text="Queries that ask for neither kind of pages are answered with cursors.",
    settings={"cursor_supported": True, "default_pagination": "cursor"},
)
variant(
    "cursor-pagination-only",
    reading="RFC9865-4-03",
    text="Pages by index are not supported.",
    settings={"cursor_supported": True, "index_supported": False, "default_pagination": "cursor"},
)
variant(
    "every-characteristic",
    reading="RFC7643-3.2-01",
    text="A resource type of the provider's own has attributes of every type and characteristic.",
    settings={"definition_files": (str(bundled("fixtures") / "definitions"),)},
)

_READ_ONLY = {"create_supported": False}
_UNFILLED = ["ENTRA-2.1-01", "ENTRA-2.1-05"]
variant(
    "creation-forbidden",
    reading="RFC7644-3.2-04",
    text="The directory is filled from elsewhere: POST is answered with 403.",
    settings={**_READ_ONLY, "unsupported_status": 403},
    costs=_UNFILLED,
)
variant(
    "creation-not-offered",
    reading="RFC7644-3.2-04",
    text="The directory is filled from elsewhere: POST is answered with 501.",
    settings=_READ_ONLY,
    costs=_UNFILLED,
)
