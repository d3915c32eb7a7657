"""The one place that knows the client: it makes one that calls a sandbox, for tests."""

from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from aig_billing import Client as Client  # noqa: PLC0414 - exported on purpose


def make_client(**options: object) -> "Client":
    """A client with these options, which are those of `aig_billing.Client`."""
    from aig_billing import Client

    return Client(**cast("dict[str, Any]", options))
