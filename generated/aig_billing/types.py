# Made by `make gen`: do not edit. CONTRIBUTING.md says where a change belongs.
# Spec and overlays: sha256 0df5618ea45e5214a4c554b38d396971df51adad15bdda21d7a7b41685d76328; generator: openapi-python-client 0.29.1.
"""Types that answers and arguments share."""

from aig_billing_runtime.flow import RetryEvent
from aig_billing_runtime.money import Money
from aig_billing_runtime.operation import Call, Operation
from aig_billing_runtime.ratelimit import RateLimit
from aig_billing_runtime.response import Response

__all__ = ("Call", "Money", "Operation", "RateLimit", "Response", "RetryEvent")
