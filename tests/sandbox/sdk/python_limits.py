"""The official Python SDK reads the rules of a gateway and adds one, sending back what it read: run by test_official_sdks.py."""

import inspect
import json
import os
from importlib import import_module
from typing import Any

sdk: Any = import_module("cloudflare")
client = sdk.Cloudflare(base_url=os.environ["CLOUDFLARE_BASE_URL"], api_token=os.environ["CLOUDFLARE_API_TOKEN"])
account = os.environ["CLOUDFLARE_ACCOUNT_ID"]
gateway = client.ai_gateway.get("production", account_id=account).to_dict()
rules = gateway["spend_limits"]["rules"]
read_only = {"id", "created_at", "modified_at", "is_default"}
settings = {name: value for name, value in gateway.items() if name not in read_only and value is not None}
for required in ("cache_ttl", "rate_limiting_interval", "rate_limiting_limit"):
    settings.setdefault(required, None)
settings["spend_limits"] = {
    "enabled": True,
    "rules": [*rules, {"limit": 7.5, "limitType": "cost", "window": 3600, "technique": "fixed"}],
}
known = inspect.signature(client.ai_gateway.update).parameters
client.ai_gateway.update(
    "production",
    account_id=account,
    **{name: value for name, value in settings.items() if name in known},
    extra_body={name: value for name, value in settings.items() if name not in known},
)
print(json.dumps(rules))
