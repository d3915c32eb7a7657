# Made by `make gen`: do not edit. CONTRIBUTING.md says where a change belongs.
"""The calls of `accounts`: synchronous and asynchronous, each also with the raw answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..client import AsyncClient, Client
    from .accounts_tokens import (
        AccountsTokensResource,
        AccountsTokensResourceWithRawResponse,
        AsyncAccountsTokensResource,
        AsyncAccountsTokensResourceWithRawResponse,
    )


class AccountsResource:
    """The calls of `accounts`."""

    __slots__ = ("_client",)

    def __init__(self, client: Client) -> None:
        self._client = client

    def __repr__(self) -> str:
        return f"<accounts of {self._client!r}>"

    @property
    def with_raw_response(self) -> AccountsResourceWithRawResponse:
        """The same calls, giving status, headers and body with the result."""
        return AccountsResourceWithRawResponse(self._client)

    @property
    def tokens(self) -> AccountsTokensResource:
        """The calls below `tokens`."""
        from .accounts_tokens import AccountsTokensResource

        return AccountsTokensResource(self._client)


class AccountsResourceWithRawResponse:
    """The calls of `accounts`, with the whole answer."""

    __slots__ = ("_client",)

    def __init__(self, client: Client) -> None:
        self._client = client

    def __repr__(self) -> str:
        return f"<accounts of {self._client!r}>"

    @property
    def tokens(self) -> AccountsTokensResourceWithRawResponse:
        """The calls below `tokens`."""
        from .accounts_tokens import AccountsTokensResourceWithRawResponse

        return AccountsTokensResourceWithRawResponse(self._client)


class AsyncAccountsResource:
    """The calls of `accounts`, asynchronously."""

    __slots__ = ("_client",)

    def __init__(self, client: AsyncClient) -> None:
        self._client = client

    def __repr__(self) -> str:
        return f"<accounts of {self._client!r}>"

    @property
    def with_raw_response(self) -> AsyncAccountsResourceWithRawResponse:
        """The same calls, giving status, headers and body with the result."""
        return AsyncAccountsResourceWithRawResponse(self._client)

    @property
    def tokens(self) -> AsyncAccountsTokensResource:
        """The calls below `tokens`."""
        from .accounts_tokens import AsyncAccountsTokensResource

        return AsyncAccountsTokensResource(self._client)


class AsyncAccountsResourceWithRawResponse:
    """The calls of `accounts`, asynchronously, with the whole answer."""

    __slots__ = ("_client",)

    def __init__(self, client: AsyncClient) -> None:
        self._client = client

    def __repr__(self) -> str:
        return f"<accounts of {self._client!r}>"

    @property
    def tokens(self) -> AsyncAccountsTokensResourceWithRawResponse:
        """The calls below `tokens`."""
        from .accounts_tokens import AsyncAccountsTokensResourceWithRawResponse

        return AsyncAccountsTokensResourceWithRawResponse(self._client)
