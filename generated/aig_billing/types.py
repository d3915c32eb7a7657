# Made by `make gen`: do not edit. CONTRIBUTING.md says where a change belongs.
# Spec and overlays: sha256 794f7ba78c58554c16b8c089ead5c56d0d3c4da9f5d56fa7ad1d7972cda3e60e; generator: openapi-python-client 0.29.1.
"""Types that answers and arguments share."""

from aig_billing_runtime.flow import RetryEvent
from aig_billing_runtime.money import Money
from aig_billing_runtime.operation import Call, Operation
from aig_billing_runtime.ratelimit import RateLimit
from aig_billing_runtime.response import Response

__all__ = ("Call", "Money", "Operation", "RateLimit", "Response", "RetryEvent")
