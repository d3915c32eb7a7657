"""The official Python SDK, with its own settings, tops up by $50 once; prints what its caller gets, as JSON."""

import json
import os
from importlib import import_module
from typing import Any

# Imported by name, because it need not be installed where this file's types are checked.
sdk: Any = import_module("cloudflare")
client = sdk.Cloudflare(base_url=os.environ["CLOUDFLARE_BASE_URL"], api_token=os.environ["CLOUDFLARE_API_TOKEN"])
try:
    client.ai_gateway.billing.topup.create(account_id=os.environ["CLOUDFLARE_ACCOUNT_ID"], amount=5000)
except sdk.APIError as error:
    print(json.dumps(type(error).__name__))
else:
    print(json.dumps("success"))
