"""Where requests go: the base URL, what is put into its path, and the proxy on the way to it, so that credentials go nowhere else."""

from __future__ import annotations

import ipaddress
import re
import urllib.request

import httpx

from .schema import shown


def check_base_url(base_url: object, name: str = "base_url", *, plain_http_host: str | None = None) -> httpx.URL:
    """Check a base URL.

    Args:
        base_url: What was given.
        name: What messages call it.
        plain_http_host: The host beside this machine that may be reached by http.

    Raises:
        ValueError: When it is not an absolute URL, is not https (except to this machine), or carries a user, a query or a fragment.
        TypeError: When it is not a string.
    """
    if not isinstance(base_url, (str, httpx.URL)):
        raise TypeError(f"{name} must be a string, not {type(base_url).__name__}")
    try:
        url = httpx.URL(str(base_url).rstrip("/"))
        url.host.encode("idna")
    except (httpx.InvalidURL, UnicodeError) as error:
        raise ValueError(f"{name} is not a URL: {error}") from None
    if url.userinfo:
        raise ValueError(f"{name} must not carry a user or a password: pass api_token=")
    if url.scheme not in {"https", "http"} or not url.host:
        raise ValueError(f"{name}={str(url)!r} is not an https:// address")
    if url.query or url.fragment or str(url).endswith(("?", "#")):
        raise ValueError(f"{name}={str(url)!r} must end with its path: no query, no fragment")
    if url.scheme == "http" and not is_loopback(url.host) and url.host != plain_http_host:
        raise ValueError(
            f"{name}={str(url)!r} would send the credentials in the clear: use https (http is for this machine, and for the host that "
            "allow_plain_http names)"
        )
    return url


def path_segment(name: str, value: object) -> str:
    """Check a value that becomes a part of the path: nothing that could lead to another path may stand in it."""
    if not isinstance(value, str):
        raise TypeError(f"{name} must be a string, not {type(value).__name__}")
    if not re.fullmatch("[A-Za-z0-9._~-]{1,256}", value) or value in {".", ".."}:
        raise ValueError(
            f"{name}={shown(value)} cannot stand in a path: use letters, digits, '-', '_', '.' and '~' only, and 256 at most"
        )
    return value


def given_account(account_id: str | None) -> str:
    """Check that an account is named at all, by the call or by the client."""
    if account_id is None:
        raise ValueError(
            "which account? Pass account_id= to the call or to the client, or set CLOUDFLARE_ACCOUNT_ID "
            "(its 32 characters stand in the dashboard's address)"
        )
    return account_id


def is_loopback(host: str) -> bool:
    """Say whether a host is this machine."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def proxy_for(url: httpx.URL) -> httpx.Proxy | None:
    """Find the proxy for a URL, as the standard library reads the environment.

    A proxy on another machine is not used for this one: it could not reach it, and would see the credentials in the clear.

    Raises:
        ValueError: When the environment names something that is not a proxy.
    """
    proxies = urllib.request.getproxies()
    named = proxies.get(url.scheme) or proxies.get("all")
    if not named or urllib.request.proxy_bypass(url.netloc.decode("ascii")):
        return None
    proxy = _read_proxy(named)
    if proxy is None:
        del named, proxies  # a traceback that shows local variables must not show a password
        raise ValueError(
            f"{url.scheme.upper()}_PROXY (or ALL_PROXY) is not the address of a proxy: write http://host:port"
        )
    return None if url.scheme == "http" and not is_loopback(proxy.url.host) else proxy


def _read_proxy(named: str) -> httpx.Proxy | None:
    try:
        return httpx.Proxy(named if "://" in named else f"http://{named}")
    except (ValueError, httpx.InvalidURL):
        return None
