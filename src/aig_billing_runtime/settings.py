"""Checks of what a client is given, beside its credentials, and where the environment speaks when nothing is given."""

from __future__ import annotations

import inspect
import logging
import math
import os

import httpx

from .caller import CallOptions
from .request_builder import CONNECT_SECONDS
from .urls import check_base_url, path_segment


def base_url_from(given: object, default: str, *, plain_http_host: str | None = None) -> httpx.URL:
    """Choose and check the address of the API: the one given, CLOUDFLARE_BASE_URL, or the default."""
    if given is not None:
        return check_base_url(given, plain_http_host=plain_http_host)
    named = os.environ.get("CLOUDFLARE_BASE_URL") or default
    return check_base_url(named, "CLOUDFLARE_BASE_URL", plain_http_host=plain_http_host)


def account_from(given: object) -> str | None:
    """Choose and check the account that calls are about: the one given, or CLOUDFLARE_ACCOUNT_ID, if there is one."""
    if given is not None:
        return path_segment("account_id", given)
    named = os.environ.get("CLOUDFLARE_ACCOUNT_ID")
    return path_segment("CLOUDFLARE_ACCOUNT_ID", named) if named else None


def timeout_from(given: object) -> httpx.Timeout | None:
    """Check a timeout, and make seconds one; None stays None."""
    if given is None or isinstance(given, httpx.Timeout):
        return given
    seconds = _positive("timeout", given)
    return httpx.Timeout(seconds, connect=min(seconds, CONNECT_SECONDS))


def limits_from(given: object, default: httpx.Limits) -> httpx.Limits:
    """Check the limits of connections."""
    if given is None:
        return default
    if not isinstance(given, httpx.Limits):
        raise TypeError(f"limits must be an httpx.Limits, not {type(given).__name__}")
    return given


def log_if_asked() -> None:
    """Print the client's log to stderr where AIG_BILLING_LOG names a level, unless it goes somewhere already.

    Raises:
        ValueError: When it names none.
    """
    level = os.environ.get("AIG_BILLING_LOG", "").upper()
    if not level:
        return
    if level not in {"DEBUG", "INFO", "WARNING", "ERROR"}:
        raise ValueError(f"AIG_BILLING_LOG={level.lower()!r} is not a level: write debug, info, warning or error")
    log = logging.getLogger("aig_billing")
    log.setLevel(level)
    if not log.hasHandlers():
        handler = logging.StreamHandler()
        handler.setFormatter(logging.Formatter("%(asctime)s %(name)s %(levelname)s %(message)s"))
        log.addHandler(handler)


def check_options(options: CallOptions) -> None:
    """Check how calls are to be sent.

    Raises:
        ValueError, TypeError: When an option is invalid.
    """
    _positive("deadline", options.deadline)
    _whole("max_retries", options.max_retries, 0, 100)
    _whole("body_limit", options.body_limit, 1, None)
    hook: object = options.on_retry
    if hook is not None and not callable(hook):
        raise TypeError(f"on_retry must be a function that takes a RetryEvent, not {type(hook).__name__}")
    if inspect.iscoroutinefunction(hook):
        raise TypeError("on_retry must be an ordinary function, for an AsyncClient too: nobody would await it")


def _positive(name: str, value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise TypeError(f"{name} must be a number of seconds, not {type(value).__name__}")
    if not (math.isfinite(value) and value > 0):
        raise ValueError(f"{name}={value!r} must be a positive number of seconds")
    return value


def _whole(name: str, value: object, least: int, most: int | None) -> None:
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError(f"{name} must be a whole number, not {type(value).__name__}")
    if value < least or (most is not None and value > most):
        raise ValueError(
            f"{name}={value!r} must be {f'from {least} to {most}' if most is not None else f'{least} or more'}"
        )
