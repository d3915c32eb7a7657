# Made by `make gen`: do not edit. CONTRIBUTING.md says where a change belongs.
"""The calls of `accounts`: synchronous and asynchronous, each also with the raw answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aig_billing_runtime.resource import Resource as _Resource

if TYPE_CHECKING:
    from ..client import AsyncClient, Client  # noqa: F401 - named in quotes
    from .accounts_tokens import (
        AccountsTokensResource,
        AccountsTokensResourceWithRawResponse,
        AsyncAccountsTokensResource,
        AsyncAccountsTokensResourceWithRawResponse,
    )


class AccountsResource(_Resource["Client"], group="accounts"):
    """The calls of `accounts`."""

    __slots__ = ()

    @property
    def with_raw_response(self) -> AccountsResourceWithRawResponse:
        """The same calls, giving status, headers and body with the result."""
        return AccountsResourceWithRawResponse(self._client)

    @property
    def tokens(self) -> AccountsTokensResource:
        """The calls below `tokens`."""
        from .accounts_tokens import AccountsTokensResource

        return AccountsTokensResource(self._client)


class AccountsResourceWithRawResponse(_Resource["Client"], group="accounts"):
    """The calls of `accounts`, with the whole answer."""

    __slots__ = ()

    @property
    def tokens(self) -> AccountsTokensResourceWithRawResponse:
        """The calls below `tokens`."""
        from .accounts_tokens import AccountsTokensResourceWithRawResponse

        return AccountsTokensResourceWithRawResponse(self._client)


class AsyncAccountsResource(_Resource["AsyncClient"], group="accounts"):
    """The calls of `accounts`, asynchronously."""

    __slots__ = ()

    @property
    def with_raw_response(self) -> AsyncAccountsResourceWithRawResponse:
        """The same calls, giving status, headers and body with the result."""
        return AsyncAccountsResourceWithRawResponse(self._client)

    @property
    def tokens(self) -> AsyncAccountsTokensResource:
        """The calls below `tokens`."""
        from .accounts_tokens import AsyncAccountsTokensResource

        return AsyncAccountsTokensResource(self._client)


class AsyncAccountsResourceWithRawResponse(_Resource["AsyncClient"], group="accounts"):
    """The calls of `accounts`, asynchronously, with the whole answer."""

    __slots__ = ()

    @property
    def tokens(self) -> AsyncAccountsTokensResourceWithRawResponse:
        """The calls below `tokens`."""
        from .accounts_tokens import AsyncAccountsTokensResourceWithRawResponse

        return AsyncAccountsTokensResourceWithRawResponse(self._client)
