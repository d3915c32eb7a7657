"""The controls of a sandbox that runs in another process, over HTTP: what `aig-billing sandbox charge` and its like call."""

from typing import Any

import httpx

from aig_billing_sandbox.errors import SandboxError, SandboxUnreachable
from aig_billing_sandbox.http.messages import BASE_PATH

_TIMEOUT_SECONDS = 10.0


class RemoteControl:
    """Calls the controls by their names: `RemoteControl().act("advance", days=1)`.

    Args:
        origin: where the sandbox listens.
    """

    def __init__(self, origin: str = "http://127.0.0.1:8787") -> None:
        self.origin = origin.rstrip("/")
        self.base_url = self.origin + BASE_PATH

    def read(self, name: str = "", **query: str | int) -> Any:  # noqa: ANN401 - JSON
        """The result of a control that reads, such as `balance`; without a name the credentials and the settings.

        Raises:
            SandboxUnreachable: there is no sandbox.
            SandboxError: it refuses; the message says why.
        """
        return self._call("GET", name, params=query)

    def act(self, name: str, **arguments: object) -> Any:  # noqa: ANN401 - JSON
        """Calls a control that does something, such as `put_card`; raises SandboxError as `read` does."""
        return self._call("POST", name, json=arguments)

    def _call(self, method: str, name: str, **content: Any) -> Any:  # noqa: ANN401 - JSON, and httpx's options
        url = f"{self.origin}/_sandbox" + (f"/{name}" if name else "")
        try:
            # Without the environment's proxies: it is on this machine or beside it.
            with httpx.Client(trust_env=False, timeout=_TIMEOUT_SECONDS) as client:
                body = client.request(method, url, **content).json()
        except httpx.TransportError as error:
            raise SandboxUnreachable(f"no sandbox answers at {self.origin}: {error}") from error
        except ValueError:
            body = None
        match body:
            case {"success": True, "result": result}:
                return result
            case {"success": False, "errors": [{"message": str(message)}, *_]}:
                raise SandboxError(message)
            case _:
                raise SandboxUnreachable(f"what answers at {self.origin} is not a billing sandbox")
