"""What the resolved document says otherwise than an older revision of it (`make diff-api`), or than Cloudflare publishes (`make drift`).

It reads what `codegen` resolves and makes nothing. Nothing of it is shipped.
"""
