"""The official Python SDK, with its own settings, reads the balance; prints what its caller gets, as JSON."""

import json
import os
from importlib import import_module
from typing import Any

# Imported by name, because it need not be installed where this file's types are checked.
sdk: Any = import_module("cloudflare")
client = sdk.Cloudflare(base_url=os.environ["CLOUDFLARE_BASE_URL"], api_token=os.environ["CLOUDFLARE_API_TOKEN"])
answer = client.ai_gateway.billing.credit_balance(account_id=os.environ["CLOUDFLARE_ACCOUNT_ID"])
print(json.dumps(None if answer is None else answer.balance))
