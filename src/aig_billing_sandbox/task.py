"""One call of one operation, and what comes of it."""

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

from aig_billing_sandbox.topups import Pace

Mode = Literal["documented", "live"]


@dataclass(frozen=True)
class Behaviour:
    """How this sandbox behaves where the real service leaves room."""

    mode: Mode = "documented"
    """`documented` does what the documents say; `live` what the service is known to do since mid-2026."""
    pace: Pace = field(default_factory=Pace)
    invoices_per_page: int = 20

    def __post_init__(self) -> None:
        if self.mode not in get_args(Mode):
            raise ValueError(f"mode is {' or '.join(get_args(Mode))}, not {self.mode!r}")
        if self.invoices_per_page < 1:
            raise ValueError(f"invoices_per_page is 1 or more, not {self.invoices_per_page}")


@dataclass(frozen=True)
class Task:
    """One call of one operation, authorised and validated."""

    books: sqlite3.Connection
    behaviour: Behaviour
    account_id: str
    at_ms: int
    query: Mapping[str, Any]
    body: Any
    origin: str


@dataclass(frozen=True)
class Result:
    """What goes into the envelope."""

    value: object
    page: Mapping[str, Any] | None = None
    invoice_id: str | None = None
    """The invoice that a charge drew up, for the log of charges."""
