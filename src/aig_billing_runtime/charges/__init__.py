"""Charges: what the resource `ai_gateway.billing.topup` has beyond the documents' operations.

The generated resource inherits `TopupMixin` (or `AsyncTopupMixin`); overlays/spec/60-helpers.yaml says so. Everything is written
once, as flows; nothing here sends a charge a second time.
"""

from .mixin import AsyncTopupMixin, TopupMixin

__all__ = ["AsyncTopupMixin", "TopupMixin"]
