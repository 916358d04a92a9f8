"""Signs in who brings the token; django-scim2 refuses everybody else."""

from __future__ import annotations

import os
from collections.abc import Callable

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse


class Client:
    """Whoever has the token; not one of the users that are provisioned."""

    is_authenticated = True


def bearer_token(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """The middleware that sets ``request.user``."""
    token = os.environ["SITE_TOKEN"]

    def middleware(request: HttpRequest) -> HttpResponse:
        scheme, _, credentials = request.headers.get("Authorization", "").partition(" ")
        known = scheme.lower() == "bearer" and credentials == token
        request.user = Client() if known else AnonymousUser()
        return get_response(request)

    return middleware
