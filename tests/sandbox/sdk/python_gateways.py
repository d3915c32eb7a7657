"""The official Python SDK reads a gateway, prints its spend limits as JSON, and puts it back with one rule more.

Address, token and account come from the environment, as with the real service.
"""

import json
import os
from importlib import import_module
from typing import Any

# Imported by name, because it need not be installed where this file's types are checked.
sdk: Any = import_module("cloudflare")
client = sdk.Cloudflare(
    base_url=os.environ["CLOUDFLARE_BASE_URL"], api_token=os.environ["CLOUDFLARE_API_TOKEN"], max_retries=0
)
account = {"account_id": os.environ["CLOUDFLARE_ACCOUNT_ID"]}

settings: dict[str, Any] = client.ai_gateway.get("production", **account).to_dict(mode="json")
print(json.dumps(settings["spend_limits"]))

settings["spend_limits"]["rules"].append({"limit": 3.5, "limitType": "cost", "window": 3600})
required = ("cache_invalidate_on_update", "cache_ttl", "collect_logs", "rate_limiting_interval", "rate_limiting_limit")
given = {name: settings.pop(name) for name in required}
client.ai_gateway.update("production", **account, **given, extra_body=settings)
