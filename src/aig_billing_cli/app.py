"""All commands, in the order in which `--help` lists them."""

from .commands import auto_topup, balance, charges, doctor, invoices, limit, sandbox, topup, usage, watch
from .registry import app

__all__ = ["app"]

_DECLARED = (balance, usage, invoices, topup, auto_topup, limit, charges, watch, doctor, sandbox)
