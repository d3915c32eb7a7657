"""One request on its way to its answer, without I/O.

A door waits as the fault says, asks for the answer, and delivers it as the fault says.
"""

import logging
import sqlite3
from collections.abc import Callable
from typing import TYPE_CHECKING

from aig_billing_sandbox import refusals
from aig_billing_sandbox.accounts import Credential
from aig_billing_sandbox.charge_log import note_answer, note_outcome
from aig_billing_sandbox.clock import now_ms
from aig_billing_sandbox.faults import Fault
from aig_billing_sandbox.front_door import Allowance, admit, identify
from aig_billing_sandbox.intake import read_terms
from aig_billing_sandbox.operations import Operation
from aig_billing_sandbox.refusals import Refusal
from aig_billing_sandbox.routing import Route, contract_of, route
from aig_billing_sandbox.task import Task
from aig_billing_sandbox.wire import Answer, Request, envelope, error_envelope, json_bytes

if TYPE_CHECKING:
    from aig_billing_sandbox.service import Service

_log = logging.getLogger("aig_billing_sandbox")

_WITHOUT_BODY = frozenset({204, 205, 304})


class Exchange:
    """One request, and the fault that strikes it."""

    def __init__(
        self, service: "Service", request: Request, request_id: str, operation: Operation | None, fault: Fault
    ) -> None:
        self.fault = fault
        self._service = service
        self._request = request
        self._request_id = request_id
        self._operation = operation
        self._is_charge = operation is not None and operation.is_charge

    def answer(self) -> Answer | None:
        """Does the work, unless the fault prevents it; gives what is to be delivered, or None for a dropped connection."""
        answer = self._work() if self.fault.works else None
        if not self.fault.works:
            self._note_outcome("prevented")
        if self.fault.status is not None:
            answer = self._answer_on_order(self.fault.status)
        if self.fault.drop is not None:
            answer = None
        status = None if answer is None else answer.status
        self._note(lambda books: note_answer(books, self._request_id, self.fault.delivery, status))
        return answer

    def _work(self) -> Answer:
        allowance = None
        try:
            with self._service.books.reading() as books:
                credential = _credential_or_none(books, self._request)
                at_ms = now_ms(books)
            allowance = self._service.rates.count(credential, at_ms)
            if allowance.refused:
                raise Refusal(429, refusals.RATE_LIMITED, "Please wait and consider throttling your request speed")
            return self._perform(route(self._request), allowance)
        except Refusal as refusal:
            self._note_outcome("refused")
            return self._refuse(refusal, allowance)
        except Exception:  # noqa: BLE001 - whatever fails, the caller gets an envelope and the log the trace
            _log.exception("the sandbox failed on %s %s", self._request.method, self._request.path)
            self._note_outcome("failed")
            return self._refuse(Refusal(500, refusals.INTERNAL, "The sandbox failed; its log says why"), allowance)

    def _perform(self, found: Route, allowance: Allowance) -> Answer:
        operation = found.operation
        with self._service.working(to_write=operation.writes) as books:
            credential = identify(books, self._request.headers)
            admit(books, credential, found.account_id, to_write=operation.needs_write_permission)
            query, body = read_terms(self._request, found.contract)
            outcome = operation.work(
                Task(books, self._service.behaviour, found.account_id, now_ms(books), query, body, self._request.origin)
            )
            if self._is_charge:
                note_outcome(books, self._request_id, outcome)
            # Within the transaction, so that an answer that breaks the contract takes its work back.
            if isinstance(outcome, Refusal):
                return self._refuse(outcome, allowance)
            answer = self._pack(found.contract.success_status, envelope(outcome.value, outcome.page), allowance)
            found.contract.check_answer(answer.status, answer.body)
            return answer

    def _refuse(self, refusal: Refusal, allowance: Allowance | None) -> Answer:
        body = error_envelope(refusal.code, *refusal.messages)
        answer = self._pack(refusal.status, body, allowance, refusal.headers)
        if self._operation is not None:
            contract_of(self._operation).check_answer(answer.status, answer.body)
        return answer

    def _pack(
        self, status: int, body: object, allowance: Allowance | None, extra: tuple[tuple[str, str], ...] = ()
    ) -> Answer:
        content = json_bytes(body)
        told = () if allowance is None else allowance.headers()
        return Answer(status, (*self._first_headers(content), ("cache-control", "no-store"), *told, *extra), content)

    def _answer_on_order(self, status: int) -> Answer:
        ordered = self.fault.body
        if status in _WITHOUT_BODY:
            content = b""
        elif ordered is None:
            content = json_bytes(error_envelope(refusals.INTERNAL, f"A fault on order: {status}"))
        elif isinstance(ordered, (str, bytes)):
            content = ordered.encode() if isinstance(ordered, str) else ordered
        else:
            content = json_bytes(ordered)
        headers = dict(self._first_headers(content))
        headers |= {name.lower(): value for name, value in self.fault.headers.items()}
        if status in _WITHOUT_BODY:
            del headers["content-length"]
        return Answer(status, tuple(headers.items()), content)

    def _first_headers(self, content: bytes) -> tuple[tuple[str, str], ...]:
        return (
            ("content-type", "application/json"),
            ("content-length", str(len(content))),
            ("cf-ray", self._request_id),
        )

    def _note_outcome(self, outcome: str) -> None:
        self._note(lambda books: note_outcome(books, self._request_id, outcome))

    def _note(self, write: Callable[[sqlite3.Connection], None]) -> None:
        if not self._is_charge:
            return
        try:
            with self._service.books.writing() as books:
                write(books)
        except sqlite3.Error:
            # What was done is in the books all the same; the log goes on saying that nothing more is known.
            _log.exception("the log of charges could not be written")


def is_admitted(books: sqlite3.Connection, request: Request) -> bool:
    """Whether whoever sent this may do what it asks for."""
    try:
        found = route(request)
        admit(
            books, identify(books, request.headers), found.account_id, to_write=found.operation.needs_write_permission
        )
    except Refusal:
        return False
    return True


def _credential_or_none(books: sqlite3.Connection, request: Request) -> Credential | None:
    try:
        return identify(books, request.headers)
    except Refusal:
        return None
