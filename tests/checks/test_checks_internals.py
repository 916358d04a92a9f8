"""What counts as a server's internals in an error, and what is an ordinary message."""

import json

import pytest

from scimcheck.checks.rules._internals import internals
from scimcheck.client.exchange import Exchange


def error(detail: str, *, sent: bytes = b"", query: str = "", path: str = "/Users/42") -> Exchange:
    """A refusal with that detail."""
    return Exchange(
        id="1",
        method="POST",
        url=f"https://scim.example.test{path}",
        path=path,
        query=query,
        request_headers=(),
        request_body=sent,
        status=400,
        reason="",
        response_headers=(("content-type", "application/scim+json"),),
        response_body=json.dumps({"detail": detail}).encode(),
        started="",
        elapsed=0.0,
    )


@pytest.mark.parametrize(
    "detail",
    [
        'Traceback (most recent call last):\n  File "store.py", line 3',
        '  File "/srv/scim/store.py", line 42, in find',
        "KeyError in views.py, line 42",
        "java.lang.NullPointerException: Cannot invoke",
        "org.hibernate.exception.ConstraintViolationException",
        "Unrecognized token 'x' at [Source: (StringReader); line: 1, column: 3]",
        "System.NullReferenceException: Object reference not set",
        "boom\r\n   at Contoso.Scim.UserStore.Find(String id)",
        "TypeError: Cannot read properties of undefined (reading 'id')",
        "Stack trace:\n#0 {main}",
        "Uncaught TypeError: foo()",
        "undefined method `name' for nil:NilClass",
        "app/models/user.rb:12:in `find'",
        "goroutine 12 [running]:",
        "thread 'main' panicked at src/main.rs:3",
        'duplicate key value violates unique constraint "users_username_key"',
        "Duplicate entry 'ada' for key 'users.user_name'",
        "UNIQUE constraint failed: users.user_name",
        "Cannot insert duplicate key row in object 'dbo.Users'",
        "E11000 duplicate key error collection: scim.users",
        "LDAP: error code 68 - Entry Already Exists",
        "SELECT * FROM users WHERE id = 'x'",
        r"cannot open C:\app\scim\store.cs",
    ],
)
def test_internals_are_seen(detail: str) -> None:
    """Traces, exceptions, database errors and source files are found, also where JSON escapes them."""
    assert internals(error(detail))


@pytest.mark.parametrize(
    "detail",
    [
        "",
        "userName is in use",
        "The attribute emails.value violates the schema urn:ietf:params:scim:schemas:core:2.0:User",
        "Unexpected token } at position 42 of the body",
        "Resource 42 not found at https://scim.example.test/scim/v2/Users/42",
        "select one of add, remove and replace from the list where op is missing",
        "The operation on line 3 failed: unique constraint on userName",
        "Try again at 10:00 (see the status page).",
        "org.example is no e-mail address",
    ],
)
def test_ordinary_messages_pass(detail: str) -> None:
    """Messages for people are no internals."""
    assert not internals(error(detail))


def test_what_the_client_sent_is_no_disclosure() -> None:
    """A refusal may repeat the faulty part of body, query or path."""
    text = "UNIQUE constraint failed"
    assert not internals(error(text, sent=text.encode()))
    assert not internals(error(text, query="filter=UNIQUE%20constraint%20failed"))
    assert not internals(error(text, path="/Users/UNIQUE%20constraint%20failed"))
