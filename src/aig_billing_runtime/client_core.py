"""What both clients share: how they are configured, and how one call becomes one request."""

from __future__ import annotations

import math
import os
import platform
from collections.abc import Callable
from typing import Any, Generic, NamedTuple, NoReturn, Self

import httpx
from attrs import evolve

from .connections import Connections, TransportT, check_base_url
from .credentials import HiddenHeaders, Secret, find_credentials
from .flow import Caller, Options, RetryEvent
from .operation import Call
from .ratelimit import RateLimit
from .version import __version__

_CONNECT = 5.0
_READ = 30.0
_CHARGE_READ = 90.0
_REQUESTS_REMEMBERED = 512
_USER_AGENT = f"aig-billing/{__version__} python/{platform.python_version()} httpx/{httpx.__version__}"


class _Prepared(NamedTuple):
    """URL and headers of one call, made once: parsing a URL costs 30 to 40 microseconds, headers 11 to 19."""

    url: httpx.URL
    headers: httpx.Headers

    def __repr__(self) -> str:
        return f"<Prepared {self.url.raw_path.decode('ascii')}>"


_Timeouts = dict[str, float | None]


class ClientCore(Generic[TransportT]):
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
        timeout: float | httpx.Timeout | None = None,
        deadline: float = 120.0,
        max_retries: int = 2,
        on_retry: Callable[[RetryEvent], None] | None = None,
        transport: TransportT | None = None,
    ) -> None:
        """Make a client. Nothing is sent, and no connection is opened, before the first call.

        Args:
            api_token: An API token; without it, CLOUDFLARE_API_TOKEN.
            api_email: The email address that belongs to `api_key`; without it, CLOUDFLARE_EMAIL.
            api_key: A global API key; without it, CLOUDFLARE_API_KEY.
            account_id: The account that calls are about unless they name another; without it, CLOUDFLARE_ACCOUNT_ID.
            base_url: Another address of the API; without it, CLOUDFLARE_BASE_URL, else Cloudflare's own.
            timeout: Seconds that one attempt may take to connect (5 at most) and to wait for data. By default 30, and 90 for a charge.
            deadline: Seconds for a whole call with its retries and waits.
            max_retries: How often a request may be sent again; never a charge that may have arrived, whatever is set here.
            on_retry: Called with a `RetryEvent` before each wait; what it raises ends the call.
            transport: Any httpx transport, to send through instead of the default one.

        Raises:
            CredentialsError: When no usable credentials are given or found in the environment.
            ValueError, TypeError: When another argument is of no use.
        """
        secrets = (Secret(api_token), Secret(api_email), Secret(api_key))
        # A traceback that shows local variables must not show these.
        del api_token, api_email, api_key
        self._credentials = find_credentials(*secrets)
        self.base_url = check_base_url(base_url or os.environ.get("CLOUDFLARE_BASE_URL") or self.default_base_url)
        self.account_id = account_id or os.environ.get("CLOUDFLARE_ACCOUNT_ID") or None
        options = Options(timeout=_timeout(timeout), deadline=deadline, max_retries=max_retries, on_retry=on_retry)
        self._connections = self._connect(transport)
        self._configure(options)

    def _connect(self, transport: TransportT | None) -> Connections[TransportT]:
        raise NotImplementedError

    def _configure(self, options: Options) -> None:
        _check(options)
        self._options = options
        self._prepared: dict[tuple[object, ...], _Prepared] = {}
        self._timeouts: dict[bool, _Timeouts] = {
            charge: (options.timeout or httpx.Timeout(_CHARGE_READ if charge else _READ, connect=_CONNECT)).as_dict()
            for charge in (False, True)
        }
        self._longest = max(
            (seconds or math.inf for timeouts in self._timeouts.values() for seconds in timeouts.values()),
            default=math.inf,
        )
        self.caller = Caller(self._credentials, options, self._build)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} for {self.base_url}, account {self.account_id}, {self._credentials!r}>"

    def __reduce__(self) -> NoReturn:
        raise TypeError(
            f"a {type(self).__name__} holds credentials and connections and is not pickled: make one where it is used"
        )

    @property
    def last_ratelimit(self) -> RateLimit | None:
        """The rate limit that the last answer told, if it did."""
        return self.caller.last_ratelimit

    @property
    def is_closed(self) -> bool:
        """Whether the client was closed."""
        return self._connections.closed

    def with_options(
        self,
        *,
        account_id: str | None = None,
        timeout: float | httpx.Timeout | None = None,
        deadline: float | None = None,
        max_retries: int | None = None,
        on_retry: Callable[[RetryEvent], None] | None = None,
    ) -> Self:
        """Make a copy with other options, on the same connections; what is not given stays as it is."""
        copy = type(self).__new__(type(self))
        copy._credentials = self._credentials
        copy.base_url = self.base_url
        copy.account_id = account_id or self.account_id
        copy._connections = self._connections
        changes: dict[str, Any] = {
            "timeout": _timeout(timeout),
            "deadline": deadline,
            "max_retries": max_retries,
            "on_retry": on_retry,
        }
        copy._configure(evolve(self._options, **{name: value for name, value in changes.items() if value is not None}))
        return copy

    def _account(self) -> str:
        if self.account_id is None:
            raise ValueError(
                f"which account? Pass account_id= to the call or to {type(self).__name__}(), or set CLOUDFLARE_ACCOUNT_ID "
                "(its 32 characters stand in the dashboard's address)"
            )
        return self.account_id

    def _build(self, call: Call[Any], remaining: float) -> httpx.Request:
        """Make the request for one attempt that may take `remaining` seconds."""
        operation = call.operation
        key = (operation, call.arguments, call.query)
        prepared = self._prepared.get(key) or self._prepare(key, call)
        timeouts = self._timeouts[operation.retry == "charge"]
        if remaining < self._longest:
            left = max(remaining, 0.001)
            timeouts = {name: left if seconds is None else min(seconds, left) for name, seconds in timeouts.items()}
        stream = _NO_BODY
        headers = prepared.headers
        if call.body is not None:
            stream = httpx.ByteStream(call.body)
            headers = HiddenHeaders(headers)
            headers["Content-Type"] = "application/json"
            headers["Content-Length"] = str(len(call.body))
        return httpx.Request(
            operation.method, prepared.url, headers=headers, stream=stream, extensions={"timeout": timeouts}
        )

    def _prepare(self, key: tuple[object, ...], call: Call[Any]) -> _Prepared:
        arguments = tuple(self._account() if argument is None else argument for argument in call.arguments)
        target = f"{self.base_url}{call.operation.fill(arguments)}{'?' if call.query else ''}{call.query}"
        url = httpx.URL(target)
        headers = HiddenHeaders(
            [
                ("Host", url.netloc.decode("ascii")),
                ("Accept", "application/json"),
                ("Accept-Encoding", "gzip, deflate"),
                ("User-Agent", _USER_AGENT),
                *self._credentials.header_items(),
                *([("Content-Length", "0")] if call.operation.method == "POST" and call.body is None else []),
            ]
        )
        if len(self._prepared) >= _REQUESTS_REMEMBERED:
            self._prepared.clear()
        prepared = self._prepared[key] = _Prepared(url, headers)
        return prepared

    def _check_open(self) -> None:
        if self._connections.closed:
            raise RuntimeError(f"this {type(self).__name__} is closed: make a new one")


_NO_BODY = httpx.ByteStream(b"")


def _timeout(timeout: object) -> httpx.Timeout | None:
    if timeout is None or isinstance(timeout, httpx.Timeout):
        return timeout
    if isinstance(timeout, bool) or not isinstance(timeout, (int, float)):
        raise TypeError(f"timeout must be seconds or an httpx.Timeout, not {type(timeout).__name__}")
    if not (math.isfinite(timeout) and timeout > 0):
        raise ValueError(f"timeout={timeout!r} must be a positive number of seconds")
    return httpx.Timeout(timeout, connect=min(timeout, _CONNECT))


def _check(options: Options) -> None:
    deadline: object = options.deadline
    retries: object = options.max_retries
    if (
        isinstance(deadline, bool)
        or not isinstance(deadline, (int, float))
        or not (math.isfinite(deadline) and deadline > 0)
    ):
        raise ValueError(f"deadline={deadline!r} must be a positive number of seconds")
    if isinstance(retries, bool) or not isinstance(retries, int) or not 0 <= retries <= 100:
        raise ValueError(f"max_retries={retries!r} must be a whole number from 0 to 100")
