"""Spend limits of a gateway: reads the gateway, changes only its rules, and makes sure that nothing else was lost.

Stands above the generated client and calls its operations; knows nothing of charges, the sandbox or the command line.
"""

from .async_spend_limits import AsyncSpendLimitsMixin
from .spend_limits import SpendLimitsMixin

__all__ = ["AsyncSpendLimitsMixin", "SpendLimitsMixin"]
