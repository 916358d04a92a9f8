"""Which requests take less time than it takes to hand them to a thread: those that concern one resource."""

from __future__ import annotations

import re

from scimcheck.core.http import Request
from scimcheck.provider.app import Provider
from scimcheck.provider.shapes import Shape

#: A longer body may take long to read.
_SHORT = 16 * 1024
#: A query by one attribute, as provisioning clients send it before they create something.
_PROBE = re.compile(r'filter=([A-Za-z][A-Za-z0-9.]*)(?:%20|\+)eq(?:%20|\+)(?:%22|")(?:(?!%22)[^"&])*(?:%22|")')


def is_prompt(provider: Provider, request: Request) -> bool:
    """Whether the request is answered in well under a millisecond, however many resources there are.

    Resources that have members are left out, for they may have many.
    """
    if len(request.body) > _SHORT:
        return False
    for shape in provider.shapes:
        if request.path.startswith(shape.endpoint) and shape.membership is None:
            rest = request.path[len(shape.endpoint) :]
            return _on_one(request, rest) or (not rest and _is_probe(request, shape))
    return False


def _on_one(request: Request, rest: str) -> bool:
    """Whether the path, which goes on with ``rest`` after the endpoint, and the method are about one resource."""
    return request.method == "POST" if not rest else rest.startswith("/") and not rest.startswith("/.search")


def _is_probe(request: Request, shape: Shape) -> bool:
    """Whether the query looks for a value that an index leads to."""
    match = _PROBE.fullmatch(request.query) if request.method == "GET" else None
    return match is not None and any(match[1].lower() == path.key for path in shape.indexed)
