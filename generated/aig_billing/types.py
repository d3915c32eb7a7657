# Made by `make gen`: do not edit. CONTRIBUTING.md says where a change belongs.
# Spec and overlays: sha256 57c33e8c610f9a63a452c1f83620257a3158f8a0b28af69140c56b13ef575270; generator: openapi-python-client 0.29.1.
"""Types that answers and arguments share."""

from aig_billing_runtime.flow import RetryEvent
from aig_billing_runtime.money import Money
from aig_billing_runtime.operation import Call, Operation
from aig_billing_runtime.ratelimit import RateLimit
from aig_billing_runtime.response import Response

__all__ = ("Call", "Money", "Operation", "RateLimit", "Response", "RetryEvent")
