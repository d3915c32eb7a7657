"""What stands behind every door: the books, the rules, the faults on order, and the requests that came.

Doors (a socket, an httpx transport) hand a request to `receive` and get an `Exchange`, which does the rest without I/O.
"""

import logging
import secrets
import sqlite3
import threading
from collections import deque
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass

from aig_billing_sandbox.auto_topups import after_settling
from aig_billing_sandbox.books import Books
from aig_billing_sandbox.charge_log import note_arrival
from aig_billing_sandbox.clock import now_ms
from aig_billing_sandbox.exchange import Exchange, is_admitted
from aig_billing_sandbox.faults import Fault, Faults
from aig_billing_sandbox.front_door import RateLimit, RateMeter
from aig_billing_sandbox.operations import OPERATIONS
from aig_billing_sandbox.routing import contract_of, operation_of
from aig_billing_sandbox.task import Behaviour
from aig_billing_sandbox.topups import any_due, settle_next
from aig_billing_sandbox.wire import Request

_REMEMBERED_REQUESTS = 10_000

_log = logging.getLogger("aig_billing_sandbox")


@dataclass(frozen=True)
class RequestRecord:
    """A request that arrived, for tests that count."""

    number: int
    at_ms: int
    method: str
    path: str
    operation: str | None
    fault: Fault | None
    """The fault that struck it, if one did."""


class Service:
    """Takes requests in, and lets happen what is due."""

    def __init__(self, books: Books, behaviour: Behaviour, rate_limit: RateLimit) -> None:
        for operation in OPERATIONS:
            # Built now, so that a document that is missing or does not fit is told at the start.
            contract_of(operation)
        self.books = books
        self.behaviour = behaviour
        self.rates = RateMeter(rate_limit)
        self.faults = Faults(frozenset(operation.name for operation in OPERATIONS))
        self._requests: deque[RequestRecord] = deque(maxlen=_REMEMBERED_REQUESTS)
        self._recording = threading.Lock()
        self._received = 0

    def receive(self, request: Request) -> Exchange:
        """Takes in a request whose body has arrived in full. A charge is written down here, before anything else."""
        request_id = f"{secrets.token_hex(8)}-SBX"
        operation = operation_of(request)
        with self.books.reading() as books:
            at_ms = now_ms(books)
        unlogged = False
        if operation is not None and operation.is_charge:
            try:
                with self.books.writing() as books:
                    note_arrival(books, request_id, request, authorised=is_admitted(books, request), at_ms=at_ms)
            except sqlite3.Error:
                # A charge that cannot be written down is not carried out.
                _log.exception("a charge could not be logged")
                unlogged = True
        name = None if operation is None else operation.name
        fault = self.faults.take(name)
        with self._recording:
            self._received += 1
            self._requests.append(RequestRecord(self._received, at_ms, request.method, request.path, name, fault))
        if unlogged:
            fault = Fault(operation="topup.create", status=500)
        return Exchange(self, request, request_id, operation, fault or Fault())

    def requests(self, after: int) -> list[RequestRecord]:
        """The latest requests, without those up to and including number `after`."""
        with self._recording:
            return [record for record in self._requests if record.number > after]

    @contextmanager
    def working(self, *, to_write: bool) -> Generator[sqlite3.Connection]:
        """A transaction in which everything that was due has happened."""
        with self.books.reading() as books:
            due = any_due(books, now_ms(books))
        if not (to_write or due):
            with self.books.reading() as books:
                yield books
            return
        with self.books.writing() as books:
            self.settle_due(books)
            yield books

    def settle_due(self, books: sqlite3.Connection) -> None:
        """Ends every payment that is due, in order, with what follows from each."""
        at_ms = now_ms(books)
        while payment := settle_next(books, at_ms):
            after_settling(books, payment, self.behaviour.pace)

    def forget(self) -> None:
        """Forgets faults, counts and requests; the books are not touched."""
        self.faults.clear()
        self.rates.forget()
        with self._recording:
            self._requests.clear()
