"""A terse client of the provider for its tests: requests in, responses out, through ``handle``."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from jsonschema import Draft202012Validator

from scimcheck.core import urns
from scimcheck.core.http import Request, Response
from scimcheck.core.jsonschema import json_schema
from scimcheck.provider import Provider, Settings, build_provider
from scimcheck.provider.tokens import MAIN_TOKEN


@dataclass(frozen=True)
class Answer:
    """A response, decoded."""

    status: int
    headers: dict[str, str]
    body: Any

    @property
    def scim_type(self) -> str | None:
        return self.body.get("scimType") if isinstance(self.body, dict) else None

    @property
    def ids(self) -> list[str]:
        return [resource["id"] for resource in self.body.get("Resources", [])]


class Client:
    """Speaks to one provider with one token and checks every response's shape on the way."""

    def __init__(self, *names: str, provider: Provider | None = None, token: str | None = MAIN_TOKEN, **settings: Any):
        self.provider = provider or build_provider(*names, settings=Settings(**settings))
        self.token = token
        self.checked = not names

    def as_(self, token: str | None) -> Client:
        return Client(provider=self.provider, token=token)

    def request(
        self, method: str, path: str, body: Any = None, query: str = "", headers: dict[str, str] | None = None
    ) -> Answer:
        sent = {"authorization": f"Bearer {self.token}"} if self.token else {}
        content = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        if content:
            sent["content-type"] = urns.MEDIA_TYPE
        response = self.provider.handle(Request(method, path, query, {**sent, **(headers or {})}, content))
        if self.checked:
            check_response(self.provider, response)
        return Answer(response.status, dict(response.headers), json.loads(response.body) if response.body else None)

    def get(self, path: str, query: str = "", **headers: str) -> Answer:
        return self.request("GET", path, query=query, headers={k.replace("_", "-"): v for k, v in headers.items()})

    def post(self, path: str, body: Any, query: str = "") -> Answer:
        return self.request("POST", path, body, query)

    def put(self, path: str, body: Any, query: str = "", **headers: str) -> Answer:
        return self.request("PUT", path, body, query, {k.replace("_", "-"): v for k, v in headers.items()})

    def patch(self, path: str, *operations: Any, query: str = "", **headers: str) -> Answer:
        body = {"schemas": [urns.PATCH_OP], "Operations": list(operations)}
        return self.request("PATCH", path, body, query, {k.replace("_", "-"): v for k, v in headers.items()})

    def delete(self, path: str, **headers: str) -> Answer:
        return self.request("DELETE", path, headers={k.replace("_", "-"): v for k, v in headers.items()})

    def find(self, path: str, expression: str, query: str = "") -> Answer:
        return self.get(path, "filter=" + quote(expression) + (f"&{query}" if query else ""))

    def user(self, name: str = "ada", /, **attributes: Any) -> dict[str, Any]:
        answer = self.post("/Users", user(name, **attributes))
        assert answer.status == 201, answer
        created: dict[str, Any] = answer.body
        return created

    def group(self, name: str = "Field Sales", members: Sequence[str] = ()) -> dict[str, Any]:
        body = {"schemas": [urns.GROUP], "displayName": name, "members": [{"value": member} for member in members]}
        answer = self.post("/Groups", body)
        assert answer.status == 201, answer
        created: dict[str, Any] = answer.body
        return created

    def names(self, expression: str) -> list[str]:
        answer = self.find("/Users", expression)
        assert answer.status == 200, answer
        return sorted(resource["userName"] for resource in answer.body["Resources"])


def user(name: str = "ada", /, **attributes: Any) -> dict[str, Any]:
    """The body of a POST that creates a user; keyword ``enterprise`` holds the extension's attributes."""
    enterprise = attributes.pop("enterprise", None)
    body: dict[str, Any] = {"schemas": [urns.USER], "userName": name, **attributes}
    if enterprise is not None:
        body["schemas"].append(urns.ENTERPRISE_USER)
        body[urns.ENTERPRISE_USER] = enterprise
    return body


def check_response(provider: Provider, response: Response) -> None:
    """What holds for every response of a conformant provider: its media type, length, and the shape of its body."""
    if not response.body:
        return
    assert response.headers["Content-Length"] == str(len(response.body))
    if response.headers.get("Content-Type", "").startswith("application/json"):
        return
    assert response.headers["Content-Type"] == urns.MEDIA_TYPE
    body = json.loads(response.body)
    if response.status >= 400:
        assert body["schemas"] == [urns.ERROR]
        assert body["status"] == str(response.status)
    for resource in body.get("Resources", [body]):
        kind = resource.get("meta", {}).get("resourceType")
        if response.status < 400 and kind in provider._by_name:
            schema = json_schema(provider.shape(kind).model, strict=True, projected=True)
            Draft202012Validator(schema).validate(resource)
