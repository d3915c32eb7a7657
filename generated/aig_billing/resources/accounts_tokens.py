# Made by `make gen`: do not edit. CONTRIBUTING.md says where a change belongs.
"""The calls of `accounts.tokens`: synchronous and asynchronous, each also with the raw answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aig_billing_runtime.resource import Resource as _Resource

if TYPE_CHECKING:
    from aig_billing_runtime.response import Response

    from ..client import AsyncClient, Client  # noqa: F401 - named in quotes
    from ..models.token_verify_response import TokenVerifyResponse


class AccountsTokensResource(_Resource["Client"], group="accounts.tokens"):
    """The calls of `accounts.tokens`."""

    __slots__ = ()

    @property
    def with_raw_response(self) -> AccountsTokensResourceWithRawResponse:
        """The same calls, giving status, headers and body with the result."""
        return AccountsTokensResourceWithRawResponse(self._client)

    def verify(self, *, account_id: str | None = None) -> TokenVerifyResponse:
        """Verify an account's token.

        Says whether the token that is used is accepted, if it belongs to the account. It needs no permission.

        Asks for `GET /accounts/{account_id}/tokens/verify`.

        Args:
            account_id: Id of the Cloudflare account. The client's own if it is not given.

        Returns:
            TokenVerifyResponse.

        Raises:
            APIError: When no documented answer came; see `aig_billing.errors`.
            ValueError, TypeError: When an argument is invalid; nothing was sent.
        """
        from ..api.tokens import accounts_tokens_verify as _operation

        return self._client.send(_operation.call(account_id))


class AccountsTokensResourceWithRawResponse(_Resource["Client"], group="accounts.tokens"):
    """The calls of `accounts.tokens`, with the whole answer."""

    __slots__ = ()

    def verify(self, *, account_id: str | None = None) -> Response[TokenVerifyResponse]:
        """Like `accounts.tokens.verify`, with the whole answer."""
        from ..api.tokens import accounts_tokens_verify as _operation

        return self._client.send_detailed(_operation.call(account_id))


class AsyncAccountsTokensResource(_Resource["AsyncClient"], group="accounts.tokens"):
    """The calls of `accounts.tokens`, asynchronously."""

    __slots__ = ()

    @property
    def with_raw_response(self) -> AsyncAccountsTokensResourceWithRawResponse:
        """The same calls, giving status, headers and body with the result."""
        return AsyncAccountsTokensResourceWithRawResponse(self._client)

    async def verify(self, *, account_id: str | None = None) -> TokenVerifyResponse:
        """Verify an account's token.

        Says whether the token that is used is accepted, if it belongs to the account. It needs no permission.

        Asks for `GET /accounts/{account_id}/tokens/verify`.

        Args:
            account_id: Id of the Cloudflare account. The client's own if it is not given.

        Returns:
            TokenVerifyResponse.

        Raises:
            APIError: When no documented answer came; see `aig_billing.errors`.
            ValueError, TypeError: When an argument is invalid; nothing was sent.
        """
        from ..api.tokens import accounts_tokens_verify as _operation

        return await self._client.send(_operation.call(account_id))


class AsyncAccountsTokensResourceWithRawResponse(_Resource["AsyncClient"], group="accounts.tokens"):
    """The calls of `accounts.tokens`, asynchronously, with the whole answer."""

    __slots__ = ()

    async def verify(self, *, account_id: str | None = None) -> Response[TokenVerifyResponse]:
        """Like `accounts.tokens.verify`, with the whole answer."""
        from ..api.tokens import accounts_tokens_verify as _operation

        return await self._client.send_detailed(_operation.call(account_id))
