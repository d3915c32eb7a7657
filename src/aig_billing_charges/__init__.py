"""Charges at most once: what the resource `ai_gateway.billing.topup` has beyond the documents' operations.

The room stands above the client and calls its operations. The one arrow up: the generated resource inherits `TopupMixin` (or
`AsyncTopupMixin`), because overlays/spec/60-helpers.yaml says so. Everything is written once, as flows; nothing here sends a charge
a second time. People import what is public from `aig_billing`.
"""

from .async_topup import AsyncTopupMixin
from .topup import TopupMixin

__all__ = ["AsyncTopupMixin", "TopupMixin"]
