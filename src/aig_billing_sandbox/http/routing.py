"""Which operation a request is for."""

import re
from collections.abc import Iterable
from urllib.parse import unquote

from aig_billing_sandbox.http import codes
from aig_billing_sandbox.http.context import SandboxOperation
from aig_billing_sandbox.http.messages import RefusedRequest


class Router:
    """Finds operations by method and path."""

    def __init__(self, operations: Iterable[SandboxOperation]) -> None:
        by_path: dict[str, dict[str, SandboxOperation]] = {}
        for operation in operations:
            by_path.setdefault(operation.path, {})[operation.method] = operation
        self._routes = [
            (re.compile(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]*)", path)), methods) for path, methods in by_path.items()
        ]

    def find(self, method: str, path: str) -> tuple[SandboxOperation | None, dict[str, str], RefusedRequest | None]:
        """The operation and the values in the path, or the refusal of a request that leads nowhere."""
        for pattern, methods in self._routes:
            if match := pattern.fullmatch(path):
                values = {name: unquote(value) for name, value in match.groupdict().items()}
                if operation := methods.get(method):
                    return operation, values, None
                allowed = ", ".join(sorted(methods))
                message = f"{method} is not allowed here, only {allowed}"
                return (
                    None,
                    values,
                    RefusedRequest(405, codes.METHOD_NOT_ALLOWED, message, headers=(("allow", allowed),)),
                )
        return None, {}, RefusedRequest(404, codes.NO_ROUTE, "No route for that URI")
