# Made by `make gen`: do not edit. CONTRIBUTING.md says where a change belongs.
# Spec and overlays: sha256 57c33e8c610f9a63a452c1f83620257a3158f8a0b28af69140c56b13ef575270; generator: openapi-python-client 0.29.1.
"""SpendingLimitCreateResponse: The documents do not say what this holds."""

from typing import TypeAlias

SpendingLimitCreateResponse: TypeAlias = object
