"""The named steps of the provider's pipeline, each of which a deviation can wrap.

Every operation takes the request's :class:`Context` first. ``faults.wrap(provider, "name", fn)`` puts ``fn`` in the
place of one of them; ``fn`` gets the original as its first argument.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from scimcheck.core.errors import ScimError
from scimcheck.core.filter.ast import Filter
from scimcheck.core.json import JSON, JSONObject
from scimcheck.core.messages import SearchRequest
from scimcheck.core.patch import Operation
from scimcheck.core.schema import ResourceModel
from scimcheck.provider import (
    answers,
    authentication,
    conditions,
    content,
    cursors,
    discovery,
    patching,
    queries,
    rendering,
    replies,
    resources,
    storing,
    validation,
)
from scimcheck.provider.context import Context, Reply
from scimcheck.provider.shapes import Shape
from scimcheck.provider.store import Record
from scimcheck.provider.tokens import Token


@dataclass(slots=True)
class Operations:
    """One function for each step; see the defaults for what each promises and raises."""

    # who asks, and in what form
    authenticate: Callable[[Context], Token | None] = authentication.authenticate
    check_token: Callable[[Context, str], Token] = authentication.check_token
    authorize: Callable[[Context], None] = authentication.authorize
    challenge: Callable[[Context, authentication.AuthenticationError], str] = authentication.challenge
    negotiate: Callable[[Context], str] = content.negotiate
    read_body: Callable[[Context], JSON] = content.read_body
    parse_query: Callable[[Context], SearchRequest] = queries.parse_query
    parse_search: Callable[[Context], SearchRequest] = queries.parse_search

    # queries
    parse_filter: Callable[[Context, str], Filter] = queries.parse_filter
    check_filter: Callable[[Context, Filter, Sequence[Shape]], None] = queries.check_filter
    matches: Callable[[Context, Filter, JSONObject, ResourceModel], bool] = queries.matches
    list_candidates: Callable[[Context, Shape, Filter | None], Sequence[Record]] = queries.list_candidates
    sort: Callable[[Context, list[JSONObject], str, bool], list[JSONObject]] = queries.sort
    page: Callable[[Context, Sequence[Record], int | None, int | None], tuple[list[Record], int]] = queries.page
    cursor_page: Callable[[Context, Sequence[Record]], tuple[list[Record], JSONObject]] = cursors.cursor_page
    list_body: Callable[[Context, Sequence[Record]], JSONObject] = queries.list_body

    # writing
    validate_create: Callable[[Context, JSON], JSONObject] = validation.validate_create
    validate_replace: Callable[[Context, JSONObject, JSON], JSONObject] = validation.validate_replace
    parse_patch: Callable[[Context, JSON], tuple[Operation, ...]] = patching.parse_patch
    apply_patch: Callable[[Context, JSONObject, Sequence[Operation]], JSONObject] = patching.apply_patch
    membership_changes: Callable[[Context, Record, Sequence[Operation]], dict[str, bool] | None] = (
        patching.membership_changes
    )
    validate_patched: Callable[[Context, JSON], JSONObject] = validation.validate_patched
    check_preconditions: Callable[[Context, JSONObject], None] = conditions.check_preconditions
    check_uniqueness: Callable[[Context, JSONObject, str | None], None] = storing.check_uniqueness
    find_record: Callable[[Context, str], Record | None] = resources.find_record
    store_create: Callable[[Context, JSONObject], Record] = storing.store_create
    store_replace: Callable[..., Record] = storing.store_replace
    store_members: Callable[[Context, Record, Sequence[str], Sequence[str]], Record] = patching.store_members
    store_delete: Callable[[Context, Record], None] = storing.store_delete
    new_id: Callable[[Context], str] = storing.new_id
    now: Callable[[Context], datetime] = storing.now

    # answering
    location: Callable[[Context, str, str], str] = rendering.location
    version: Callable[[Context, Record, JSONObject], str] = rendering.version
    project: Callable[[Context, JSONObject, str], JSONObject] = answers.project
    patch_reply: Callable[[Context, Record], Reply] = resources.patch_reply
    error_body: Callable[[Context, ScimError], JSONObject] = replies.error_body
    serialise: Callable[[Context, Any], bytes] = replies.serialise

    # discovery
    service_provider_config: Callable[[Context], JSONObject] = discovery.service_provider_config
    resource_types: Callable[[Context], list[JSONObject]] = discovery.resource_types
    schemas: Callable[[Context], list[JSONObject]] = discovery.schemas
    check_discovery_query: Callable[[Context], None] = discovery.check_discovery_query
