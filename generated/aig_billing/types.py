# Made by `make gen`: do not edit. CONTRIBUTING.md says where a change belongs.
"""Types that answers and arguments share."""

from aig_billing_runtime.arguments import UNSET, Unset
from aig_billing_runtime.caller import RetryEvent
from aig_billing_runtime.money import Money
from aig_billing_runtime.operation import Call, Operation
from aig_billing_runtime.ratelimit import RateLimit
from aig_billing_runtime.response import Response

__all__ = ("Call", "Money", "Operation", "RateLimit", "Response", "RetryEvent", "UNSET", "Unset")
