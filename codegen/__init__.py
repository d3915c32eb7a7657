"""From `openapi/billing.yaml` and `overlays/` to `generated/aig_billing/`: read, overlay, check, generate, format, swap in.

What runs on a maintainer's machine to make the client belongs here. Nothing of it is shipped, nothing that is shipped
imports it, and it imports neither the client it writes nor the runtime that client stands on. No fact about the API lives here
either: those belong in the specification and its overlays.
"""
