"""Spend limits of a gateway: reads the gateway, changes only its rules, and makes sure that nothing else was lost.

Stands above the generated client and calls its operations; knows nothing of charges, the sandbox or the command line.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from aig_billing import AsyncClient, Client

    from .async_spend_limits import AsyncSpendLimitsResource
    from .spend_limits import SpendLimitsResource


class SpendLimitsMixin:
    """What `ai_gateway` has beyond its operations."""

    __slots__ = ()
    _client: Client

    @property
    def spend_limits(self) -> SpendLimitsResource:
        """The spend limits of gateways."""
        from .spend_limits import SpendLimitsResource

        return SpendLimitsResource(self._client)


class AsyncSpendLimitsMixin:
    """What `ai_gateway` has beyond its operations."""

    __slots__ = ()
    _client: AsyncClient

    @property
    def spend_limits(self) -> AsyncSpendLimitsResource:
        """The spend limits of gateways."""
        from .async_spend_limits import AsyncSpendLimitsResource

        return AsyncSpendLimitsResource(self._client)
