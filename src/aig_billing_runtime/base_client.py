"""What both clients share: how they are configured, copied and shown."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Generic, NoReturn, Self

import httpx

from .caller import Caller, CallOptions, RetryEvent
from .credentials import Secret, find_credentials
from .request_builder import RequestBuilder
from .resource import name_as_called
from .settings import account_from, base_url_from, check_options, limits_from, log_if_asked, timeout_from
from .steps import ClientClosedError
from .transports import POOL, HttpxTransport, TransportOfHttpx2, Transports

if TYPE_CHECKING:
    from .ratelimit import RateLimit


class BaseClient(Generic[HttpxTransport, TransportOfHttpx2]):
    """The common part of `Client` and `AsyncClient`."""

    default_base_url = "https://api.cloudflare.com/client/v4"

    def __init__(
        self,
        *,
        api_token: str | None = None,
        api_email: str | None = None,
        api_key: str | None = None,
        account_id: str | None = None,
        base_url: str | None = None,
        allow_plain_http: str | None = None,
        timeout: float | httpx.Timeout | None = None,
        deadline: float = 120.0,
        max_retries: int = 2,
        body_limit: int = 10_000_000,
        on_retry: Callable[[RetryEvent], None] | None = None,
        limits: httpx.Limits | None = None,
        transport: HttpxTransport | TransportOfHttpx2 | None = None,
    ) -> None:
        """Make a client. Nothing is sent, and no connection is opened, before the first call.

        Args:
            api_token: An API token; without it, CLOUDFLARE_API_TOKEN.
            api_email: The email address that belongs to `api_key`; without it, CLOUDFLARE_EMAIL.
            api_key: A global API key; without it, CLOUDFLARE_API_KEY.
            account_id: The account that calls are about unless they name another; without it, CLOUDFLARE_ACCOUNT_ID.
            base_url: Another address of the API; without it, CLOUDFLARE_BASE_URL, else Cloudflare's own.
            allow_plain_http: The one host beside this machine that `base_url` may name with http://, such as a sandbox in another
                container. Whoever is on the way sees the credentials.
            timeout: Seconds that one attempt may take to connect (5 at most) and to wait for data. By default 30, and 90 for a charge.
            deadline: Seconds for a whole call with its retries and waits. `AsyncClient` keeps it exactly; `Client` looks at the clock
                between attempts and between the parts of a body.
            max_retries: How often a request may be sent again; never a charge that may have arrived, even if this is set.
            body_limit: Bytes of an answer that are read at most.
            on_retry: Called with a `RetryEvent` before each wait; what it raises ends the call.
            limits: How many connections are opened and kept alive; by default 100 and 20, kept for 5 seconds.
            transport: Any transport of httpx or httpx2, to send through instead of the default one; then `limits` does not apply.

        Raises:
            CredentialsError: When no usable credentials are given or found in the environment.
            ValueError, TypeError: When another argument is invalid.
        """
        secrets = (Secret(api_token), Secret(api_email), Secret(api_key))
        # A traceback that shows local variables must not show these.
        del api_token, api_email, api_key
        log_if_asked()
        self._credentials = find_credentials(*secrets)
        self._base_url = base_url_from(base_url, self.default_base_url, plain_http_host=allow_plain_http)
        self._account_id = account_from(account_id)
        self._configure(
            CallOptions(
                timeout=timeout_from(timeout),
                deadline=deadline,
                max_retries=max_retries,
                body_limit=body_limit,
                on_retry=on_retry,
            )
        )
        self._transports = self._connect(transport, limits_from(limits, POOL))

    def _connect(self, transport: object, limits: httpx.Limits) -> Transports[HttpxTransport]:
        raise NotImplementedError

    def _configure(self, options: CallOptions) -> None:
        check_options(options)
        self._options = options
        builder = RequestBuilder(self._base_url, self._account_id, self._credentials, options)
        self.caller = Caller(self._credentials, options, builder.build, self._account_id)

    def __repr__(self) -> str:
        if "_transports" not in self.__dict__:
            # A traceback that shows local variables shows one that was refused half-made.
            return f"<{type(self).__name__}, not made>"
        return f"<{type(self).__name__} for {self.base_url}, account {self.account_id}, {self._credentials!r}>"

    def __reduce__(self) -> NoReturn:
        raise TypeError(
            f"a {type(self).__name__} holds credentials and connections and is neither pickled nor copied: "
            "make one where it is used, or call with_options()"
        )

    @property
    def base_url(self) -> httpx.URL:
        """The address of the API."""
        return self._base_url

    @property
    def account_id(self) -> str | None:
        """The account that calls are about unless they name another."""
        return self._account_id

    @property
    def last_ratelimit(self) -> RateLimit | None:
        """The rate limit that the last answer reported, if it did."""
        return self.caller.last_ratelimit

    @property
    def is_closed(self) -> bool:
        """Whether the client was closed."""
        return self._transports.closed

    def with_options(
        self,
        *,
        account_id: str | None = None,
        timeout: float | httpx.Timeout | None = None,
        deadline: float | None = None,
        max_retries: int | None = None,
        body_limit: int | None = None,
        on_retry: Callable[[RetryEvent], None] | None = None,
    ) -> Self:
        """Make a copy with other options, on the same connections; what is not given stays as it is."""
        copy = type(self).__new__(type(self))
        copy.__dict__.update(self.__dict__)
        if account_id is not None:
            copy._account_id = account_from(account_id)
        changes: dict[str, Any] = {
            "timeout": timeout_from(timeout),
            "deadline": deadline,
            "max_retries": max_retries,
            "body_limit": body_limit,
            "on_retry": on_retry,
        }
        copy._configure(self._options._replace(**{name: value for name, value in changes.items() if value is not None}))
        return copy

    def _check_open(self) -> None:
        if self._transports.closed:
            raise ClientClosedError(f"this {type(self).__name__} is closed: make a new one")


name_as_called(BaseClient, "Client")
