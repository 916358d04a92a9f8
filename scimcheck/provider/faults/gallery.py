"""Deviations that only the gallery's validation sees (Entra §8.4)."""

from __future__ import annotations

from scimcheck.core.http import Request
from scimcheck.provider.app import Provider
from scimcheck.provider.context import Reply
from scimcheck.provider.faults.registry import deviation, on_response


def _forms(request: Request, provider: Provider, word: bytes) -> bool:
    """Whether the request asks the provider's token endpoint, with that word in its form."""
    return request.path.endswith(provider.settings.token_endpoint) and word in request.body


@deviation("federated-tokens-refused", breaks=["ENTRA-8.4-22"], text="Tokens of another issuer are not exchanged.")
def federated_tokens_refused(provider: Provider) -> None:
    def refuse(request: Request, reply: Reply) -> None:
        if _forms(request, provider, b"client_assertion"):
            reply.status, reply.body = 401, {"error": "invalid_client"}

    on_response(provider, refuse, method="POST", status=200)


@deviation("federated-answer-without-token", breaks=["ENTRA-8.4-22"], text="The exchange answers 200 with no token.")
def federated_answer_without_token(provider: Provider) -> None:
    def empty(request: Request, reply: Reply) -> None:
        if _forms(request, provider, b"client_assertion"):
            reply.body = {"token_type": "Bearer"}

    on_response(provider, empty, method="POST", status=200)
