"""One request after another, without I/O: from a request as it arrived to the answer, and what befalls it on the way.

Doors (a socket, an httpx transport) ask the service for an `Exchange`, wait as its fault says, ask for the answer, and
deliver it as the fault says.
"""

import json
import logging
import secrets
import sqlite3
import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from aig_billing_sandbox import refusals
from aig_billing_sandbox.accounts import Credential
from aig_billing_sandbox.auto_topups import after_settling
from aig_billing_sandbox.books import Books
from aig_billing_sandbox.charge_log import note_answer, note_arrival, note_outcome
from aig_billing_sandbox.clock import now_ms
from aig_billing_sandbox.contract import ContractError, OperationContract, operation_contract
from aig_billing_sandbox.faults import Fault, Faults
from aig_billing_sandbox.front_door import Allowance, RateLimit, RateMeter, admit, identify
from aig_billing_sandbox.operations import OPERATION_NAMES, OPERATIONS, Behaviour, Operation, Result, Task
from aig_billing_sandbox.refusals import Refusal
from aig_billing_sandbox.topups import any_due, settle_next
from aig_billing_sandbox.wire import Answer, Request, envelope, error_envelope, json_bytes

_TEMPLATE = "/accounts/{account_id}/ai-gateway/billing/"
_LONGEST_BODY = 64 * 1024
_REMEMBERED_REQUESTS = 10_000

_log = logging.getLogger("aig_billing_sandbox")

_BY_PATH: dict[str, dict[str, Operation]] = {}
for _operation in OPERATIONS:
    _BY_PATH.setdefault(_operation.path, {})[_operation.method] = _operation


@dataclass(frozen=True)
class Route:
    """Where a request goes."""

    account_id: str
    operation: Operation
    contract: OperationContract


@dataclass(frozen=True)
class RequestRecord:
    """A request that arrived, for tests that count."""

    number: int
    at_ms: int
    method: str
    path: str
    operation: str | None
    fault: Fault | None


class Service:
    """The books, the rules and the faults behind every door."""

    def __init__(self, books: Books, behaviour: Behaviour, rate_limit: RateLimit) -> None:
        self.books = books
        for operation in OPERATIONS:
            # Now, so that a document that is missing or does not fit is told at the start.
            operation_contract(operation.method, _TEMPLATE + operation.path)
        self.behaviour = behaviour
        self.rates = RateMeter(rate_limit)
        self.faults = Faults(OPERATION_NAMES)
        self.requests: deque[RequestRecord] = deque(maxlen=_REMEMBERED_REQUESTS)
        self._counting = threading.Lock()
        self._count = 0

    def receive(self, request: Request) -> "Exchange":
        """Takes in a request whose body has arrived in full. A charge is written down here, before anything else."""
        request_id = f"{secrets.token_hex(8)}-SBX"
        operation = _operation_of(request)
        with self.books.reading() as books:
            at_ms = now_ms(books)
        if operation is not None and operation.name == "topup.create":
            with self.books.writing() as books:
                note_arrival(books, request_id, request, authorised=_is_admitted(books, request), at_ms=at_ms)
        fault = self.faults.take(operation.name if operation else None)
        with self._counting:
            self._count += 1
            number = self._count
            record = RequestRecord(
                number, at_ms, request.method, request.path, operation.name if operation else None, fault
            )
            self.requests.append(record)
        return Exchange(self, request, request_id, operation, fault)

    @contextmanager
    def working(self, *, to_write: bool) -> Iterator[sqlite3.Connection]:
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


class Exchange:
    """One request on its way to its answer."""

    def __init__(
        self, service: Service, request: Request, request_id: str, operation: Operation | None, fault: Fault | None
    ) -> None:
        self.fault = fault or Fault()
        self._service = service
        self._request = request
        self._request_id = request_id
        self._operation = operation
        self._is_charge = operation is not None and operation.name == "topup.create"

    def answer(self) -> Answer:
        """Does the work, unless the fault prevents it, and gives the answer that is to be delivered."""
        answer = self._work() if self.fault.works else None
        if self._is_charge and answer is None:
            self._note_outcome("prevented")
        if self.fault.status is not None:
            answer = self._faulty_answer(self.fault.status)
        if self._is_charge:
            delivery = (
                "dropped" if self.fault.drop else "cut off" if self.fault.cut_off_after is not None else "answered"
            )
            with self._service.books.writing() as books:
                note_answer(books, self._request_id, delivery, None if answer is None else answer.status)
        return answer or Answer(503, (), b"")

    def _work(self) -> Answer:
        allowance = None
        try:
            with self._service.books.reading() as books:
                at_ms = now_ms(books)
                credential = _credential_or_none(books, self._request)
            allowance = self._service.rates.count(credential, at_ms)
            if allowance.refused:
                raise Refusal(429, refusals.RATE_LIMITED, "Please wait and consider throttling your request speed")
            return self._perform(allowance)
        except Refusal as refusal:
            return self._refuse(refusal, allowance)
        except Exception:  # noqa: BLE001 - whatever fails, the caller gets an envelope and the log the trace
            _log.exception("the sandbox failed on %s %s", self._request.method, self._request.path)
            return self._refuse(Refusal(500, refusals.INTERNAL, "The sandbox failed; its log says why"), allowance)

    def _perform(self, allowance: Allowance) -> Answer:
        route = _route(self._request)
        operation = route.operation
        with self._service.working(to_write=operation.writes) as books:
            admit(
                books,
                identify(books, self._request.headers),
                route.account_id,
                to_write=operation.needs_write_permission,
            )
            query, body = _read(self._request, route.contract)
            outcome = operation.work(
                Task(books, self._service.behaviour, route.account_id, now_ms(books), query, body, self._request.origin)
            )
            if self._is_charge:
                note_outcome(books, self._request_id, outcome)
        if isinstance(outcome, Refusal):
            return self._refuse(outcome, allowance, noted=True)
        answer = self._pack(route.contract.success_status, envelope(outcome.value, outcome.page), allowance)
        route.contract.check_answer(answer.status, answer.body)
        return answer

    def _refuse(self, refusal: Refusal, allowance: Allowance | None, *, noted: bool = False) -> Answer:
        if self._is_charge and not noted:
            self._note_outcome("refused")
        body = error_envelope(refusal.code, *refusal.messages)
        answer = self._pack(refusal.status, body, allowance, extra=refusal.headers)
        if self._operation is not None:
            operation_contract(self._operation.method, _TEMPLATE + self._operation.path).check_answer(
                answer.status, answer.body
            )
        return answer

    def _pack(
        self, status: int, body: object, allowance: Allowance | None, extra: tuple[tuple[str, str], ...] = ()
    ) -> Answer:
        content = json_bytes(body)
        headers = [
            ("content-type", "application/json"),
            ("content-length", str(len(content))),
            ("cf-ray", self._request_id),
            ("cache-control", "no-store"),
            *(allowance.headers() if allowance else ()),
            *extra,
        ]
        return Answer(status, tuple(headers), content)

    def _faulty_answer(self, status: int) -> Answer:
        fault = self.fault
        if fault.body is None:
            content = json_bytes(error_envelope(refusals.INTERNAL, f"A fault on order: {status}"))
        elif isinstance(fault.body, (str, bytes)):
            content = fault.body.encode() if isinstance(fault.body, str) else fault.body
        else:
            content = json_bytes(fault.body)
        headers = {"content-type": "application/json", "cf-ray": self._request_id, "content-length": str(len(content))}
        headers |= {name.lower(): value for name, value in fault.headers.items()}
        return Answer(status, tuple(headers.items()), content)

    def _note_outcome(self, outcome: str) -> None:
        with self._service.books.writing() as books:
            note_outcome(books, self._request_id, outcome)


def _operation_of(request: Request) -> Operation | None:
    parts = _parts(request.path)
    return None if parts is None else _BY_PATH.get(parts[1], {}).get(request.method)


def _parts(path: str) -> tuple[str, str] | None:
    """Account id and what follows the template, or None where no operation can be."""
    segments = path.split("/", 5)
    if len(segments) != 6 or segments[:2] != ["", "accounts"] or segments[3:5] != ["ai-gateway", "billing"]:
        return None
    return unquote(segments[2]), segments[5]


def _route(request: Request) -> Route:
    parts = _parts(request.path)
    if parts is None or parts[1] not in _BY_PATH:
        raise Refusal(404, refusals.NO_ROUTE, "No route for that URI")
    account_id, path = parts
    methods = _BY_PATH[path]
    if request.method not in methods:
        allowed = ", ".join(sorted(methods))
        message = f"{request.method} is not allowed here, only {allowed}"
        raise Refusal(405, refusals.METHOD_NOT_ALLOWED, message, headers=(("allow", allowed),))
    contract = operation_contract(request.method, _TEMPLATE + path)
    return Route(account_id, methods[request.method], contract)


def _credential_or_none(books: sqlite3.Connection, request: Request) -> Credential | None:
    try:
        return identify(books, request.headers)
    except Refusal:
        return None


def _is_admitted(books: sqlite3.Connection, request: Request) -> bool:
    try:
        route = _route(request)
        admit(books, identify(books, request.headers), route.account_id, to_write=True)
    except Refusal:
        return False
    return True


def _read(request: Request, contract: OperationContract) -> tuple[dict[str, Any], Any]:
    query, complaints = contract.read_query(request.query)
    body = None
    if contract.body is not None:
        media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if media_type != "application/json":
            raise Refusal(415, refusals.UNSUPPORTED_MEDIA_TYPE, "The body must be application/json")
        if len(request.body) > _LONGEST_BODY:
            raise Refusal(413, refusals.TOO_LARGE, f"The body must not be longer than {_LONGEST_BODY} bytes")
        body = _parse(request.body)
        complaints += contract.complaints_about_body(body)
    if complaints:
        raise Refusal(400, refusals.INVALID_REQUEST, *complaints)
    return query, body


def _parse(body: bytes) -> object:
    try:
        return json.loads(body.decode(), parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise Refusal(400, refusals.INVALID_REQUEST, f"$: the body is not JSON: {error}") from None


def _refuse_constant(name: str) -> object:
    raise ValueError(f"{name} is not a JSON number")


__all__ = ["ContractError", "Exchange", "RequestRecord", "Result", "Service"]
