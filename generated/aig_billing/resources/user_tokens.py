# Made by `make gen`: do not edit. CONTRIBUTING.md says where a change belongs.
"""The calls of `user.tokens`: synchronous and asynchronous, each also with the raw answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from aig_billing_runtime.response import Response

    from ..client import AsyncClient, Client
    from ..models.token_verify_response import TokenVerifyResponse


class UserTokensResource:
    """The calls of `user.tokens`."""

    __slots__ = ("_client",)

    def __init__(self, client: Client) -> None:
        self._client = client

    def __repr__(self) -> str:
        return f"<user.tokens of {self._client!r}>"

    @property
    def with_raw_response(self) -> UserTokensResourceWithRawResponse:
        """The same calls, giving status, headers and body with the result."""
        return UserTokensResourceWithRawResponse(self._client)

    def verify(self) -> TokenVerifyResponse:
        """Verify a user's token.

        Says whether the token that is used is accepted, if it belongs to a user. It needs no permission.

        Asks for `GET /user/tokens/verify`.

        Args:

        Returns:
            TokenVerifyResponse.

        Raises:
            APIError: When no documented answer came; see `aig_billing.errors`.
            ValueError, TypeError: When an argument is invalid; nothing was sent.
        """
        from ..api.tokens import user_tokens_verify as _operation

        return self._client.send(_operation.call())


class UserTokensResourceWithRawResponse:
    """The calls of `user.tokens`, with the whole answer."""

    __slots__ = ("_client",)

    def __init__(self, client: Client) -> None:
        self._client = client

    def __repr__(self) -> str:
        return f"<user.tokens of {self._client!r}>"

    def verify(self) -> Response[TokenVerifyResponse]:
        """Like `user.tokens.verify`, with the whole answer."""
        from ..api.tokens import user_tokens_verify as _operation

        return self._client.send_detailed(_operation.call())


class AsyncUserTokensResource:
    """The calls of `user.tokens`, asynchronously."""

    __slots__ = ("_client",)

    def __init__(self, client: AsyncClient) -> None:
        self._client = client

    def __repr__(self) -> str:
        return f"<user.tokens of {self._client!r}>"

    @property
    def with_raw_response(self) -> AsyncUserTokensResourceWithRawResponse:
        """The same calls, giving status, headers and body with the result."""
        return AsyncUserTokensResourceWithRawResponse(self._client)

    async def verify(self) -> TokenVerifyResponse:
        """Verify a user's token.

        Says whether the token that is used is accepted, if it belongs to a user. It needs no permission.

        Asks for `GET /user/tokens/verify`.

        Args:

        Returns:
            TokenVerifyResponse.

        Raises:
            APIError: When no documented answer came; see `aig_billing.errors`.
            ValueError, TypeError: When an argument is invalid; nothing was sent.
        """
        from ..api.tokens import user_tokens_verify as _operation

        return await self._client.send(_operation.call())


class AsyncUserTokensResourceWithRawResponse:
    """The calls of `user.tokens`, asynchronously, with the whole answer."""

    __slots__ = ("_client",)

    def __init__(self, client: AsyncClient) -> None:
        self._client = client

    def __repr__(self) -> str:
        return f"<user.tokens of {self._client!r}>"

    async def verify(self) -> Response[TokenVerifyResponse]:
        """Like `user.tokens.verify`, with the whole answer."""
        from ..api.tokens import user_tokens_verify as _operation

        return await self._client.send_detailed(_operation.call())
