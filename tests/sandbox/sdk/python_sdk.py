"""The official Python SDK, unchanged and strict, completes the documented operations; prints their names as JSON.

Address, token and account come from the environment, as with the real service.
"""

import json
import os
from collections.abc import Callable
from importlib import import_module
from typing import Any

# Imported by name, because it need not be installed where this file's types are checked.
sdk: Any = import_module("cloudflare")
client = sdk.Cloudflare(
    base_url=os.environ["CLOUDFLARE_BASE_URL"],
    api_token=os.environ["CLOUDFLARE_API_TOKEN"],
    max_retries=0,
    _strict_response_validation=True,
)
billing = client.ai_gateway.billing
account = {"account_id": os.environ["CLOUDFLARE_ACCOUNT_ID"]}

calls: list[tuple[str, Callable[[], object]]] = [
    ("credit_balance", lambda: billing.credit_balance(**account).balance),
    ("usage_history", lambda: billing.usage_history(**account, value_grouping_window="day").history),
    ("invoice_history", lambda: billing.invoice_history(**account, type="all").invoices[0].id),
    ("invoice_preview", lambda: billing.invoice_preview(**account).invoice_lines[0].pricing.unit_amount_decimal),
    ("topup.create", lambda: billing.topup.create(**account, amount=5000).payment_intent_id),
    (
        "topup.status",
        lambda: (
            billing.topup.status(
                **account, payment_intent_id=billing.invoice_history(**account, type="manual").invoices[0].id
            ).status
        ),
    ),
    ("topup.config.create", lambda: billing.topup.config.create(**account, amount=5000, threshold=500).threshold),
    ("topup.config.get", lambda: billing.topup.config.get(**account).amount),
    ("topup.config.delete", lambda: billing.topup.config.delete(**account)),
    (
        "spending_limit.create",
        lambda: billing.spending_limit.create(**account, amount=10000, duration="monthly", strategy="fixed"),
    ),
    ("spending_limit.get", lambda: billing.spending_limit.get(**account).config.amount),
    ("spending_limit.delete", lambda: billing.spending_limit.delete(**account)),
]

for name, call in calls:
    assert call() is not None, name
print(json.dumps([name for name, _ in calls]))
