# Made by `make gen`: do not edit. CONTRIBUTING.md says where a change belongs.
# Spec and overlays: sha256 0ea70d7a57f84a636a6be801a4e70763ade6df35b6e7ad7d2779dd4bab2015f8; generator: openapi-python-client 0.29.1.
"""Types that answers and arguments share."""

from aig_billing_runtime.flow import RetryEvent
from aig_billing_runtime.money import Money
from aig_billing_runtime.operation import Call, Operation
from aig_billing_runtime.ratelimit import RateLimit
from aig_billing_runtime.response import Response

__all__ = ("Call", "Money", "Operation", "RateLimit", "Response", "RetryEvent")
