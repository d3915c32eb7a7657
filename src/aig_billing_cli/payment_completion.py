"""What shells complete of payments: keys from the journal, and invoices from the service. Nothing asks for a password on the way."""

from __future__ import annotations

from collections.abc import Iterable

import typer

from .completion import completer
from .options import NAMES, Options
from .session import Session

_DEADLINE_SECONDS = 2.0


@completer
def keys(ctx: typer.Context) -> Iterable[str]:
    """Complete the keys of charges in the journal."""
    return [record.key for record in _session(ctx).charges.all()]


@completer
def invoices(ctx: typer.Context) -> Iterable[str | None]:
    """Complete the ids of invoices."""
    session = _session(ctx)
    profile = session.configuration.profile
    if profile is not None and profile.credentials is not None and profile.credentials.command:
        return []
    with session.client as client:
        quick = client.with_options(deadline=_DEADLINE_SECONDS, max_retries=0)
        return [invoice.id for invoice in quick.ai_gateway.billing.invoice_history().invoices]


def _session(ctx: typer.Context) -> Session:
    return Session(Options(**{name: ctx.find_root().params.get(name) for name in NAMES}))
