"""Every choice that the standards leave to a service provider, as a named setting with a default."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal
from urllib.parse import urlsplit

from scimcheck.provider.tokens import DEFAULT_TOKENS, Token

#: How an operation that is switched off is answered (RFC 7644 §3.12 table 8, RFC 9110 §15.5.6).
UnsupportedStatus = Literal[501, 405, 404, 403]


@dataclass(frozen=True, slots=True)
class Settings:
    """What a provider advertises, enforces and prefers; conformant in any combination, unless a comment says otherwise.

    ``base_url`` is absolute and ends without a slash; ``tokens`` are the bearer tokens known.
    """

    base_url: str = "https://scim.example.test/scim"
    tokens: tuple[Token, ...] = DEFAULT_TOKENS
    definition_files: tuple[str, ...] = ()  # further Schema and ResourceType JSON files, or folders of them

    # Authentication (RFC 6750, RFC 7644 §2)
    authentication: Literal["bearer", "none"] = "bearer"
    realm: str = "scim"
    public_endpoints: tuple[str, ...] = ("/ServiceProviderConfig",)  # answered without credentials
    health_endpoint: str = ""  # answers GET without credentials, below the base URL ("/health"); "" for none
    cross_origin: bool = True  # pages of any origin may call (ENTRA-8.1-01); cookies are no credentials here
    malformed_credentials: Literal[400, 401] = 400
    read_only_refusal: Literal[403, 404] = 403
    oauth_clients: Mapping[str, str] = field(default_factory=lambda: {"scimcheck": "client-Zk4Rw8TnQx2VbJm6Hs0Y"})
    token_endpoint: str = "/oauth/token"  # below the base URL; "" for none
    token_lifetime: int = 3600  # seconds

    # Features advertised and supported (RFC 7643 §5)
    create_supported: bool = True  # a directory may be read-only (RFC7644-3.2-04)
    patch_supported: bool = True
    filter_supported: bool = True
    sort_supported: bool = True
    etag_supported: bool = True
    change_password_supported: bool = True
    bulk_supported: bool = True
    search_supported: bool = True
    root_query_supported: bool = True
    me_supported: bool = True
    cursor_supported: bool = False
    index_supported: bool = True
    default_pagination: Literal["index", "cursor"] = "index"
    value_paths_supported: bool = True  # square brackets in filters (RFC 7644 §3.4.2.2, MAY)
    unsupported_status: UnsupportedStatus = 501
    advertise_pagination: bool = True  # the pagination attribute of RFC 9865 §4 when cursors are supported

    # Limits
    max_results: int = 1000
    default_page_size: int = 100
    too_many: int | None = None  # matches above which an unpaged query is refused with tooMany
    max_body: int = 10 * 1024 * 1024  # bytes
    bulk_max_operations: int = 1000
    bulk_max_payload: int = 1024 * 1024  # bytes
    cursor_timeout: int = 600  # seconds

    # Identifiers, locations, versions
    id_style: Literal["uuid", "integer", "special"] = "uuid"
    location_style: Literal["absolute", "relative"] = "absolute"
    content_location: bool = False
    etag_style: Literal["weak", "strong"] = "weak"
    weak_if_match: Literal["match", "refuse"] = "match"
    version_mismatch: Literal[412, 409] = 412

    # Media types (RFC 7644 §3.8)
    content_type_charset: bool = False
    plain_json_when_asked: bool = True  # Accept: application/json alone gets application/json
    unacceptable: Literal["refuse", "ignore"] = "refuse"  # 406, or served all the same
    missing_content_type: Literal["accept", "refuse"] = "accept"

    # Writing resources
    unknown_attributes: Literal["ignore", "refuse"] = "ignore"
    unknown_schemas: Literal["ignore", "refuse"] = "ignore"
    sent_id_in_post: Literal["ignore", "refuse"] = "ignore"  # "refuse" is tolerated, not conformant
    sent_id_in_put: Literal["ignore", "refuse"] = "ignore"
    left_out_of_put: Literal["clear", "keep"] = "clear"
    replace_answers: Literal["resource", "no-content"] = "resource"
    several_primaries: Literal["refuse", "last", "first"] = "refuse"
    duplicate_values: Literal["merge", "refuse"] = "merge"
    noncanonical_values: Literal["accept", "refuse"] = "accept"
    unique_across_cases: bool = True  # userName Ada and ada collide
    uniqueness_status: Literal[409, 400] = 409  # on PUT and PATCH; POST always answers 409
    #: Unique beyond what the schemas say, by resource type; Entra needs the names of groups to be (ENTRA-2.2-12).
    also_unique: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: {"Group": ("displayName",)})
    defaults: Mapping[str, Mapping[str, Any]] = field(default_factory=lambda: {"User": {"active": True}})
    lower_case_values: bool = False  # store values of attributes that are not case exact in lower case
    text_booleans: bool = True  # "True" and "False" stand for true and false, as Entra sends them (ENTRA-3.5-09)
    bare_references: bool = True  # "manager": "42" stands for {"value": "42"} (RFC7643-4.3-03)
    precision: Literal["milliseconds", "seconds"] = "milliseconds"

    # PATCH (RFC 7644 §3.5.2)
    patch_answers: Literal["resource", "no-content", "no-content-for-groups"] = "no-content-for-groups"
    entra_patch: bool = True  # Entra's PATCH forms are understood besides the standard's
    capital_operations: bool = True  # "Add" is understood (with entra_patch)
    add_without_match: Literal["create", "noTarget"] = "create"
    remove_absent: Literal["succeed", "noTarget"] = "succeed"
    replace_without_match: Literal["noTarget", "create"] = "noTarget"  # "create" is not conformant
    faulty_path_filter: Literal["invalidPath", "invalidFilter"] = "invalidPath"
    unknown_in_patch: Literal["ignore", "refuse"] = "ignore"  # inside values; an unknown path is always refused
    read_only_in_patch: Literal["ignore", "refuse"] = "ignore"  # inside path-less values

    # Groups
    groups_on_user: bool = True
    member_display: bool = True
    member_references: bool = True  # $ref on members, groups and manager
    nested_groups: bool = True
    unknown_members: Literal["refuse", "accept"] = "refuse"
    unknown_references: Literal["refuse", "accept"] = "accept"  # manager and other references (RFC7643-2.3.7-06)
    indirect_groups: bool = False

    # Reading
    empty_resources: Literal["array", "absent"] = "array"
    list_positions: Literal["always", "partial"] = "always"  # startIndex and itemsPerPage
    unassigned: Literal["absent", "null"] = "absent"
    unknown_filter_attribute: Literal["refuse", "no-match"] = "refuse"
    unknown_sort_order: Literal["refuse", "ignore"] = "refuse"
    faulty_numbers: Literal["refuse", "ignore"] = "refuse"  # startIndex=x, count=x
    beyond_end: Literal["empty", "refuse"] = "empty"
    bare_complex_filter: Literal["value", "refuse"] = "value"  # emails co "x"
    sensitive_attributes: tuple[str, ...] = ("password",)  # a GET filter on them is refused with 403 sensitive
    discovery_filter: Literal["refuse", "ignore"] = "refuse"
    discovery_meta_schemas: bool = True  # /Schemas also lists ServiceProviderConfig, ResourceType and Schema
    extra_discovery_attributes: bool = False
    leading_endpoint_slash: bool = True
    fatal_in_names: str = ""  # a character of these in the name of any attribute: all answers are 500; not conformant
    me_answers: Literal["resource", "redirect"] = "resource"
    indexed: tuple[str, ...] = ("userName", "externalId", "emails.value", "displayName")

    @property
    def base_path(self) -> str:
        """The path of the base URL, without a slash at its end."""
        return urlsplit(self.base_url).path.rstrip("/")
