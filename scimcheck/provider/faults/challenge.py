"""Deviations of access and of challenges (RFC 6750 §2.1 and §3, RFC 7644 §2)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from scimcheck.provider.app import Provider
from scimcheck.provider.authentication import AuthenticationError
from scimcheck.provider.context import Context
from scimcheck.provider.faults.registry import change_settings, deviation, on_response, variant, wrap
from scimcheck.provider.tokens import MAIN_TOKEN, Token, find_token


def _main(ctx: Context) -> Token:
    token = find_token(ctx.settings.tokens, MAIN_TOKEN)
    return token or Token(MAIN_TOKEN)


def _accepts(provider: Provider, test: Callable[[str], bool]) -> None:
    """Let values that pass the test stand for the main token."""

    def check_token(original: Any, ctx: Context, value: str) -> Token:
        known = find_token(ctx.settings.tokens, value)
        token: Token = _main(ctx) if known is None and test(value) else original(ctx, value)
        return token

    wrap(provider, "check_token", check_token)


@deviation(
    "any-token-accepted",
    breaks=["RFC7644-2-04"],
    also=["RFC6750-5.2-01", "RFC6750-3-08", "RFC6750-3.1-02", "ENTRA-1.4-02"],
    text="Every token is accepted.",
)
def any_token_accepted(provider: Provider) -> None:
    _accepts(provider, lambda value: True)


@deviation(
    "token-prefix-suffices", breaks=["RFC6750-5.2-01"], text="Only the first characters of a token are compared."
)
def token_prefix_suffices(provider: Provider) -> None:
    _accepts(provider, lambda value: value[:8] == MAIN_TOKEN[:8])


@deviation("token-case-ignored", breaks=["RFC6750-5.2-01"], text="Tokens are compared without regard to case.")
def token_case_ignored(provider: Provider) -> None:
    _accepts(provider, lambda value: value.lower() == MAIN_TOKEN.lower())


def _header_stands_for_main(provider: Provider, test: Callable[[str], bool]) -> None:
    """Let Authorization headers that pass the test give access."""

    def authenticate(original: Any, ctx: Context) -> Token | None:
        header = ctx.header("authorization")
        token: Token | None = _main(ctx) if header is not None and test(header) else original(ctx)
        return token

    wrap(provider, "authenticate", authenticate)


@deviation("scheme-not-looked-at", breaks=["RFC6750-2.1-02"], text="The token counts under any scheme, or none.")
def scheme_not_looked_at(provider: Provider) -> None:
    _header_stands_for_main(provider, lambda header: header.split(" ")[-1] == MAIN_TOKEN)


@deviation("empty-header-gives-access", breaks=["RFC6750-2.1-02"], text="An empty Authorization header gives access.")
def empty_header_gives_access(provider: Provider) -> None:
    _header_stands_for_main(provider, lambda header: not header.strip())


@deviation("basic-credentials-give-access", breaks=["RFC6750-2.1-02"], text="Any Basic credentials give access.")
def basic_credentials_give_access(provider: Provider) -> None:
    _header_stands_for_main(provider, lambda header: header.startswith("Basic "))


def _opened(provider: Provider, methods: tuple[str, ...]) -> None:
    """Let requests with these methods pass without credentials."""

    def authenticate(original: Any, ctx: Context) -> Token | None:
        bare = not (ctx.header("authorization") or "").strip()
        token: Token | None = _main(ctx) if bare and ctx.method in methods else original(ctx)
        return token

    wrap(provider, "authenticate", authenticate)


@deviation(
    "reading-needs-no-credentials",
    breaks=["RFC6750-3-01"],
    also=["RFC6750-3.1-05", "RFC6750-2.1-02"],
    text="GET needs no credentials.",
)
def reading_needs_no_credentials(provider: Provider) -> None:
    _opened(provider, ("GET",))


@deviation("deleting-needs-no-credentials", breaks=["RFC6750-3-01"], text="DELETE needs no credentials.")
def deleting_needs_no_credentials(provider: Provider) -> None:
    _opened(provider, ("DELETE",))


@deviation("patching-needs-no-credentials", breaks=["RFC6750-3-01"], text="PATCH needs no credentials.")
def patching_needs_no_credentials(provider: Provider) -> None:
    _opened(provider, ("PATCH",))


@deviation("creating-takes-any-token", breaks=["RFC7644-2-04"], text="POST takes any token.")
def creating_takes_any_token(provider: Provider) -> None:
    def check_token(original: Any, ctx: Context, value: str) -> Token:
        known = find_token(ctx.settings.tokens, value)
        token: Token = _main(ctx) if known is None and ctx.method == "POST" else original(ctx, value)
        return token

    wrap(provider, "check_token", check_token)


@deviation("refusal-shows-the-resource", breaks=["RFC7644-2-04"], text="The body of a 401 is a list as well.")
def refusal_shows_the_resource(provider: Provider) -> None:
    def change(request: Any, reply: Any) -> None:
        if request.method == "GET":
            reply.body["Resources"] = []

    on_response(provider, change, status=401)


@deviation(
    "tenants-share-their-data",
    breaks=["RFC7644-2-02"],
    also=["RFC7643-3.1-13", "RFC7644-6.1-01"],
    text="Every token opens the data of the main tenant.",
)
def tenants_share_their_data(provider: Provider) -> None:
    tokens = tuple(
        Token(token.value, "main", token.expires, token.read_only, token.user, token.scopes)
        for token in provider.settings.tokens
    )
    change_settings(provider, tokens=tokens)


def _challenge(
    provider: Provider, value: Callable[[str], str], *, only: Callable[[AuthenticationError], bool] | None = None
) -> None:
    """Let ``value`` rewrite the challenge."""

    def challenge(original: Any, ctx: Context, error: AuthenticationError) -> str:
        text: str = original(ctx, error)
        return value(text) if only is None or only(error) else text

    wrap(provider, "challenge", challenge)


@deviation("challenge-of-another-scheme", breaks=["RFC6750-3-03"], text="Bearer tokens are challenged with Basic.")
def challenge_of_another_scheme(provider: Provider) -> None:
    _challenge(provider, lambda text: 'Basic realm="scim"')


@deviation("challenge-with-two-realms", breaks=["RFC6750-3-05"], text="realm stands in the challenge twice.")
def challenge_with_two_realms(provider: Provider) -> None:
    _challenge(provider, lambda text: f'{text}, realm="again"')


@deviation("challenge-with-two-scopes", breaks=["RFC6750-3-06"], text="scope stands in the challenge twice.")
def challenge_with_two_scopes(provider: Provider) -> None:
    _challenge(provider, lambda text: f'{text}, scope="read", scope="write"')


@deviation("challenge-with-two-errors", breaks=["RFC6750-3-07"], text="error_description stands there twice.")
def challenge_with_two_errors(provider: Provider) -> None:
    _challenge(provider, lambda text: f'{text}, error_description="a", error_description="b"')


@deviation("challenge-parameter-twice", breaks=["RFC9110-11.2-01"], text="Another parameter stands there twice.")
def challenge_parameter_twice(provider: Provider) -> None:
    _challenge(provider, lambda text: f'{text}, hint="a", hint="b"')


@deviation(
    "challenge-scope-quoted-badly",
    breaks=["RFC6750-3-09"],
    also=["RFC6750-3.1-04"],
    text="The scope has two blanks between words.",
)
def challenge_scope_quoted_badly(provider: Provider) -> None:
    _challenge(provider, lambda text: f'{text}, scope="read  write"')


@deviation("challenge-error-beyond-ascii", breaks=["RFC6750-3-10"], text="error_description has a backslash in it.")
def challenge_error_beyond_ascii(provider: Provider) -> None:
    _challenge(
        provider, lambda text: f'{text}, error_description="C:\\\\tokens"', only=lambda error: error.error is None
    )


@deviation("challenge-error-uri-no-uri", breaks=["RFC6750-3-11"], text="error_uri is no URI reference.")
def challenge_error_uri_no_uri(provider: Provider) -> None:
    _challenge(provider, lambda text: f'{text}, error_uri="see the manual"')


@deviation("challenge-without-error", breaks=["RFC6750-3-08"], text="A refused token is not told as such.")
def challenge_without_error(provider: Provider) -> None:
    _challenge(provider, lambda text: 'Bearer realm="scim"')


@deviation("challenge-of-the-wrong-error", breaks=["RFC6750-3.1-02"], text="A refused token is an invalid request.")
def challenge_of_the_wrong_error(provider: Provider) -> None:
    _challenge(provider, lambda text: text.replace("invalid_token", "invalid_request"))


@deviation("challenge-blames-nobody", breaks=["RFC6750-3.1-05"], text="Missing credentials are told as invalid_token.")
def challenge_blames_nobody(provider: Provider) -> None:
    _challenge(provider, lambda text: f'{text}, error="invalid_token"', only=lambda error: error.error is None)


@deviation("scope-error-misnamed", breaks=["RFC6750-3.1-03"], text="A 403 says invalid_token in its challenge.")
def scope_error_misnamed(provider: Provider) -> None:
    _challenge(provider, lambda text: text.replace("insufficient_scope", "invalid_token"))


@deviation(
    "scope-of-the-refusal-malformed",
    breaks=["RFC6750-3.1-04"],
    also=["RFC6750-3-09"],
    text="A 403 names a malformed scope.",
)
def scope_of_the_refusal_malformed(provider: Provider) -> None:
    _challenge(
        provider, lambda text: f'{text}, scope=" write "', only=lambda error: error.error == "insufficient_scope"
    )


@deviation(
    "refused-with-403",
    breaks=["RFC7644-3.12-09"],
    also=["RFC6750-3.1-01", "RFC6750-3.1-02", "ENTRA-1.4-02"],
    text="Missing and wrong credentials are answered with 403.",
)
def refused_with_403(provider: Provider) -> None:
    def change(request: Any, reply: Any) -> None:
        reply.status = 403
        reply.body["status"] = "403"

    on_response(provider, change, status=401)


@deviation("malformed-credentials-crash", breaks=["RFC6750-3.1-01"], text="A malformed header is answered with 422.")
def malformed_credentials_crash(provider: Provider) -> None:
    def authenticate(original: Any, ctx: Context) -> Token | None:
        try:
            token: Token | None = original(ctx)
        except AuthenticationError as error:
            if error.error == "invalid_request":
                raise AuthenticationError(error.detail, error=error.error, status=422) from None
            raise
        return token

    wrap(provider, "authenticate", authenticate)


@deviation("limited-token-refused-with-409", breaks=["RFC7644-3.12-10"], text="Missing rights are answered with 409.")
def limited_token_refused_with_409(provider: Provider) -> None:
    def authorize(original: Any, ctx: Context) -> None:
        try:
            original(ctx)
        except AuthenticationError as error:
            raise AuthenticationError(error.detail, error=error.error, status=409) from None

    wrap(provider, "authorize", authorize)


def _query_token(provider: Provider, cache_control: str) -> None:
    """Accept the token as a query parameter."""

    def authenticate(original: Any, ctx: Context) -> Token | None:
        token: Token | None = _main(ctx) if f"access_token={MAIN_TOKEN}" in ctx.request.query else original(ctx)
        return token

    def mark(request: Any, reply: Any) -> None:
        if "access_token=" in request.query and cache_control:
            reply.headers["Cache-Control"] = cache_control

    wrap(provider, "authenticate", authenticate)
    on_response(provider, mark, status=200)


@deviation("token-in-the-url-cached", breaks=["RFC6750-2.3-02"], text="A token in the URL works, and caches may know.")
def token_in_the_url_cached(provider: Provider) -> None:
    _query_token(provider, "")


@deviation("token-in-the-links", breaks=["RFC6750-5.3-01"], text="Links in lists carry the token.")
def token_in_the_links(provider: Provider) -> None:
    def link(request: Any, reply: Any) -> None:
        token = request.headers.get("authorization", "").rpartition(" ")[2]
        reply.headers["Link"] = f"<{provider.settings.base_url}/Users?access_token={token}>; rel=self"

    on_response(provider, link, method="GET", endpoint="/Users", status=200)


def _cookie(provider: Provider, value: str) -> None:
    on_response(provider, lambda request, reply: reply.headers.update({"Set-Cookie": value}), method="GET", status=200)


@deviation("cookie-without-secure", breaks=["RFC7644-7.4-02"], text="A cookie lacks the attribute Secure.")
def cookie_without_secure(provider: Provider) -> None:
    _cookie(provider, "session=4711; HttpOnly")


@deviation("cookie-that-outlives-the-session", breaks=["RFC7644-7.4-04"], text="A cookie lasts for a year.")
def cookie_that_outlives_the_session(provider: Provider) -> None:
    _cookie(provider, "session=4711; HttpOnly; Secure; Max-Age=31536000")


@deviation(
    "token-in-an-open-cookie",
    breaks=["RFC6750-5.2-03"],
    also=["RFC7644-7.4-02", "RFC6750-5.3-01"],
    text="A cookie without Secure holds the token.",
)
def token_in_an_open_cookie(provider: Provider) -> None:
    _cookie(provider, f"token={MAIN_TOKEN}; HttpOnly")


variant(
    "credentials-malformed-401",
    reading="RFC6750-3.1-01",
    text="A malformed Authorization header is answered with 401.",
    settings={"malformed_credentials": 401},
)
variant(
    "missing-rights-hidden",
    reading="RFC7644-3.12-10",
    text="What a token may not do is answered with 404.",
    settings={"read_only_refusal": 404},
)


@variant("bare-bearer-challenge", reading="RFC6750-3-04", text="The challenge is the word Bearer and nothing else.")
def bare_bearer_challenge(provider: Provider) -> None:
    _challenge(provider, lambda text: "Bearer")


@variant("two-challenges", reading="RFC9110-11.6.1-01", text="A 401 offers Basic besides Bearer, in one header.")
def two_challenges(provider: Provider) -> None:
    _challenge(provider, lambda text: f'Basic realm="people", {text}')


@variant("token-in-the-url", reading="RFC6750-2.3-01", text="The token may come as a query parameter.")
def token_in_the_url(provider: Provider) -> None:
    _query_token(provider, "private")


@variant("secure-cookie", reading="RFC7644-7.4-02", text="Answers set a cookie, for secure connections only.")
def secure_cookie(provider: Provider) -> None:
    _cookie(provider, "session=4711; HttpOnly; Secure; SameSite=Strict")
