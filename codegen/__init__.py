"""From `openapi/billing.yaml` and `overlays/` to `generated/aig_billing/`: read, overlay, check, generate, format, swap in.

What runs on a maintainer's machine to make the client belongs here. Nothing of it is shipped, nothing that is shipped
imports it, and it imports nothing of the client it writes, and of the runtime below that only which names there are. No fact about
the API lives here either: those belong in the specification and its overlays.
"""
