"""The service behind every connection: it carries a request from its headers to its answer, without I/O."""

import email.utils
import itertools
import json
import logging
import sqlite3
import threading
from collections import deque
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager

import attrs

from aig_billing_sandbox.bank.charge_log import log_answer, log_arrival
from aig_billing_sandbox.bank.clock import now_ms
from aig_billing_sandbox.bank.database import BankDatabase
from aig_billing_sandbox.bank.topups import settle_due
from aig_billing_sandbox.http import codes
from aig_billing_sandbox.http.auth import check_permission, find_caller
from aig_billing_sandbox.http.context import RequestContext, Settings
from aig_billing_sandbox.http.contract import operation_contract
from aig_billing_sandbox.http.faults import Fault, take_fault
from aig_billing_sandbox.http.messages import RefusedRequest, SandboxResponse, envelope_bytes, json_bytes
from aig_billing_sandbox.http.operations import OPERATIONS, find_operation
from aig_billing_sandbox.http.rate_limit import RateMeter

_CHARGE = "topup.create"
_REMEMBERED_REQUESTS = 10_000
_STATUSES_WITHOUT_BODY = frozenset({204, 205, 304})

_log = logging.getLogger("aig_billing_sandbox")


@attrs.frozen
class Pause:
    """A step of a delivery: nothing happens for so many seconds."""

    seconds: float


class ConnectionCut(Exception):  # noqa: N818 - what a fault asks for is not an error of the sandbox
    """Ends the steps of a delivery: the connection is to be closed before the answer is whole. Its text is what httpx says then."""


@attrs.frozen
class RequestRecord:
    """A request that arrived, for tests that count."""

    number: int
    at_ms: int
    method: str
    path: str
    operation: str | None
    fault: Fault | None
    """The fault that struck it, if one did."""


class BillingService:
    """Answers requests from the bank's database, and lets payments settle when they are due."""

    def __init__(self, database: BankDatabase, settings: Settings, rates: RateMeter) -> None:
        for operation in OPERATIONS:
            # Built now, so that a document that is missing or does not fit is reported at the start.
            operation_contract(operation.method, operation.path)
        self.database = database
        self.settings = settings
        self.rates = rates
        self.faults: list[Fault] = []
        """Those that have not struck yet, with the number of calls they will still strike; `lock` guards them."""
        self.lock = threading.Lock()
        self.requests: deque[RequestRecord] = deque(maxlen=_REMEMBERED_REQUESTS)
        """The latest that were received; `lock` guards them, too."""
        self._numbers = itertools.count(1)

    # The three steps of a request

    def identify(self, context: RequestContext) -> None:
        """Adds what a request is for and who sent it, before its body is read."""
        context.settings = self.settings
        with self.database.transaction() as db:
            context.received_ms = now_ms(db)
            context.caller = find_caller(db, context.headers)
            try:
                if {"content-length", "transfer-encoding"} <= context.headers.keys():
                    # Two ends that each believe another of them read two different requests.
                    raise RefusedRequest(400, codes.INVALID_REQUEST, "A body has one length, not two")
                context.operation, context.path_values = find_operation(context.method, context.path)
                check_permission(db, context, context.operation)
            except RefusedRequest as refusal:
                context.refusal = refusal

    def accept(self, context: RequestContext, content: bytes) -> None:
        """Accepts a request whose body has arrived: records it, a charge in the database too, and picks the fault that strikes it."""
        context.content = content
        authorised, at_ms = context.refusal is None, context.received_ms
        account_id, request_id = context.account_id, context.request_id
        logged = self._log_charge(
            context,
            lambda db: log_arrival(db, request_id, account_id, _amount_in(content), authorised=authorised, at_ms=at_ms),
        )
        name = None if context.operation is None else context.operation.name
        with self.lock:
            fault = take_fault(self.faults, name)
            record = RequestRecord(next(self._numbers), at_ms, context.method, context.path, name, fault)
            self.requests.append(record)
        # A charge that cannot be logged is not carried out.
        context.fault = (fault or context.fault) if logged else Fault(operation=_CHARGE, status=500)

    def deliver(self, context: RequestContext) -> Iterator[Pause | SandboxResponse | bytes]:
        """Answers the request as its fault says, step by step: pauses, the response's head, then the parts of its body.

        Raises:
            ConnectionCut: instead of the rest.
        """
        fault = context.fault
        if fault.delay_before:
            yield Pause(fault.delay_before)
        response = self._answer(context)
        if fault.delay_after:
            yield Pause(fault.delay_after)
        if response is None:
            raise ConnectionCut("Server disconnected without sending a response.")
        yield response
        arriving = response.body[: fault.cut_off_after]
        if fault.trickle is None:
            yield arriving
        else:
            for index in range(len(arriving)):
                yield Pause(fault.trickle)
                yield arriving[index : index + 1]
        if len(arriving) < len(response.body):
            raise ConnectionCut(
                "peer closed connection without sending complete message body"
                f" (received {len(arriving)} bytes, expected {len(response.body)})"
            )

    def _answer(self, context: RequestContext) -> SandboxResponse | None:
        """Carries the request out, unless its fault prevents that; None means that the connection is dropped."""
        fault, response = context.fault, None
        if fault.works:
            response = self._carry_out(context)
        else:
            context.outcome = "prevented"
        if fault.status is not None:
            response = _fault_response(context, fault.status)
        if fault.drop is not None:
            response = None
        outcome, status = context.outcome, None if response is None else response.status
        self._log_charge(context, lambda db: log_answer(db, context.request_id, outcome, fault.delivery, status))
        return response

    def _carry_out(self, context: RequestContext) -> SandboxResponse:
        try:
            with self.lock:
                context.answer_headers, exceeded = self.rates.count(context.caller, context.received_ms)
            if exceeded:
                raise RefusedRequest(429, codes.RATE_LIMITED, "Please wait and consider throttling your request speed")
            if context.refusal is not None:
                raise context.refusal
            operation = context.operation
            assert operation is not None  # noqa: S101 - it would have been refused
            contract = operation_contract(operation.method, operation.path)
            contract.parse_request(context)
            with self.working() as (context.db, context.at_ms):
                result = operation.run(context)
                # Within the transaction, so that an answer that breaks the contract undoes its work.
                if isinstance(result, RefusedRequest):
                    return _response(context, result)
                body = envelope_bytes(result, context.result_info)
                return _response(context, SandboxResponse(contract.success_status, {}, body))
        except RefusedRequest as refusal:
            context.outcome = "refused"
            return _response(context, refusal)
        except Exception:  # noqa: BLE001 - the caller gets an envelope in every case, and the log the traceback
            _log.exception("the sandbox failed on %s %s", context.method, context.path)
            context.outcome = "failed"
            return _response(context, RefusedRequest(500, codes.INTERNAL, "The sandbox failed; its log says why"))

    def _log_charge(self, context: RequestContext, write: Callable[[sqlite3.Connection], None]) -> bool:
        """Writes something about a charge into the log of charges; false if that failed."""
        if context.operation is None or context.operation.name != _CHARGE:
            return True
        try:
            with self.database.transaction() as db:
                write(db)
        except sqlite3.Error:
            # What was done to the card is in the database all the same; the log just says nothing more.
            _log.exception("the log of charges could not be written")
            return False
        return True

    @contextmanager
    def working(self) -> Generator[tuple[sqlite3.Connection, int]]:
        """A transaction in which everything that is due has happened, and its time in Unix milliseconds."""
        with self.database.transaction() as db:
            yield db, self.settle_due(db)

    def settle_due(self, db: sqlite3.Connection) -> int:
        """Settles every payment that is due, in order, with all that follows from it; returns the time."""
        at_ms = now_ms(db)
        settle_due(db, self.settings.terms, at_ms)
        return at_ms


def _amount_in(content: bytes) -> int | None:
    """The whole `amount` in a body, if it has one that the database can hold."""
    try:
        amount = json.loads(content)["amount"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    fits = isinstance(amount, int) and not isinstance(amount, bool) and abs(amount) < 2**63
    return amount if fits else None


def _response(context: RequestContext, answer: SandboxResponse | RefusedRequest) -> SandboxResponse:
    """The response with all its headers, held against the document."""
    if context.operation is not None:
        contract = operation_contract(context.operation.method, context.operation.path)
        contract.check_answer(answer.status, answer.body)
    first = _first_headers(context, answer.body) | {"cache-control": "no-store"}
    return SandboxResponse(answer.status, {**first, **context.answer_headers, **answer.headers}, answer.body)


def _fault_response(context: RequestContext, status: int) -> SandboxResponse:
    match context.fault.body:
        case None:
            content = RefusedRequest(status, codes.INTERNAL, f"A fault that was asked for: {status}").body
        case bytes(content):
            pass
        case str(text):
            content = text.encode()
        case value:
            content = json_bytes(value)
    headers = _first_headers(context, content) | {name.lower(): text for name, text in context.fault.headers.items()}
    if status in _STATUSES_WITHOUT_BODY:
        del headers["content-length"]
        content = b""
    return SandboxResponse(status, headers, content)


def _first_headers(context: RequestContext, body: bytes) -> dict[str, str]:
    return {
        "content-type": "application/json",
        "content-length": str(len(body)),
        "cf-ray": context.request_id,
        # By the sandbox's clock, as the times of its invoices are.
        "date": email.utils.formatdate(context.received_ms / 1000, usegmt=True),
    }
