"""The controls of a sandbox that runs in another process, over HTTP: what `aig-billing sandbox charge` and its like call."""

from typing import Any, cast

import httpx

from aig_billing_sandbox.errors import SandboxError, SandboxUnreachable

_TIMEOUT_SECONDS = 10.0


class RemoteControl:
    """Calls the controls by their names: `RemoteControl().act("advance", days=1)`.

    Args:
        origin: where the sandbox listens.
    """

    def __init__(self, origin: str = "http://127.0.0.1:8787") -> None:
        self._origin = origin.rstrip("/")

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
        url = f"{self._origin}/_sandbox" + (f"/{name}" if name else "")
        try:
            # Without the environment's proxies: it is on this machine or beside it.
            with httpx.Client(trust_env=False, timeout=_TIMEOUT_SECONDS) as client:
                body = client.request(method, url, **content).json()
        except httpx.TransportError as error:
            raise SandboxUnreachable(f"no sandbox answers at {self._origin}: {error}") from error
        except ValueError as error:
            raise SandboxUnreachable(f"what answers at {self._origin} is not a billing sandbox") from error
        envelope = cast("dict[str, Any]", body if isinstance(body, dict) else {})
        if envelope.get("success") is not True:
            errors: list[dict[str, Any]] = envelope.get("errors") or [{"message": "the answer has no result"}]
            raise SandboxError("; ".join(str(error["message"]) for error in errors))
        return envelope["result"]
