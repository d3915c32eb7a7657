"""Which operation a request is for."""

import re
from urllib.parse import unquote

from aig_billing_sandbox.http import codes
from aig_billing_sandbox.http.context import SandboxOperation
from aig_billing_sandbox.http.messages import RefusedRequest
from aig_billing_sandbox.http.operations import OPERATIONS

_BY_PATH: dict[str, dict[str, SandboxOperation]] = {}
for _operation in OPERATIONS:
    _BY_PATH.setdefault(_operation.path, {})[_operation.method] = _operation
_ROUTES = [(re.compile(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]*)", path)), methods) for path, methods in _BY_PATH.items()]


def find_operation(method: str, path: str) -> tuple[SandboxOperation | None, dict[str, str], RefusedRequest | None]:
    """The operation and the values in the path, or the refusal of a request that leads nowhere."""
    for pattern, methods in _ROUTES:
        if match := pattern.fullmatch(path):
            values = {name: unquote(value) for name, value in match.groupdict().items()}
            if operation := methods.get(method):
                return operation, values, None
            allowed = ", ".join(sorted(methods))
            message = f"{method} is not allowed here, only {allowed}"
            headers = (("allow", allowed),)
            return None, values, RefusedRequest(405, codes.METHOD_NOT_ALLOWED, message, headers=headers)
    return None, {}, RefusedRequest(404, codes.NO_ROUTE, "No route for that URI")
