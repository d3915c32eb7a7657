"""Which operation a request is for."""

from dataclasses import dataclass
from urllib.parse import unquote

from aig_billing_sandbox import refusals
from aig_billing_sandbox.contract import OperationContract, operation_contract
from aig_billing_sandbox.operations import OPERATIONS, Operation
from aig_billing_sandbox.refusals import Refusal
from aig_billing_sandbox.wire import Request

_TEMPLATE = "/accounts/{account_id}/ai-gateway/billing/"

_BY_PATH: dict[str, dict[str, Operation]] = {}
for _operation in OPERATIONS:
    _BY_PATH.setdefault(_operation.path, {})[_operation.method] = _operation


@dataclass(frozen=True)
class Route:
    """Where a request goes."""

    account_id: str
    operation: Operation
    contract: OperationContract


def contract_of(operation: Operation) -> OperationContract:
    """What the document says about an operation."""
    return operation_contract(operation.method, _TEMPLATE + operation.path)


def operation_of(request: Request) -> Operation | None:
    """The operation that a request names, whether or not it may be carried out."""
    _, path = _parts(request.path)
    return _BY_PATH.get(path, {}).get(request.method)


def route(request: Request) -> Route:
    """Where a request goes, or a refusal when it leads nowhere."""
    account_id, path = _parts(request.path)
    methods = _BY_PATH.get(path)
    if methods is None:
        raise Refusal(404, refusals.NO_ROUTE, "No route for that URI")
    operation = methods.get(request.method)
    if operation is None:
        allowed = ", ".join(sorted(methods))
        message = f"{request.method} is not allowed here, only {allowed}"
        raise Refusal(405, refusals.METHOD_NOT_ALLOWED, message, headers=(("allow", allowed),))
    return Route(account_id, operation, contract_of(operation))


def _parts(path: str) -> tuple[str, str]:
    """Account id and what follows the template; empty where the path does not begin like one of ours."""
    segments = path.split("/", 5)
    if len(segments) != 6 or segments[:2] != ["", "accounts"] or segments[3:5] != ["ai-gateway", "billing"]:
        return "", ""
    return unquote(segments[2]), segments[5]
