"""What overlays change (`make overlays`), what a revision changes (`make diff-api`), what Cloudflare publishes otherwise (`make drift`).

It reads what `codegen` resolves and makes nothing. Nothing of it is shipped.
"""
