"""What a browser shows at `/` and `/_sandbox`: where everything is, and what can be controlled."""

import inspect
from collections.abc import Callable, Iterable
from typing import Any, cast

from starlette.responses import Response

from aig_billing_sandbox.control.control import Control
from aig_billing_sandbox.http.messages import BASE_PATH
from aig_billing_sandbox.http.reference.markup import Child, Markup, join, prose, tag

_STYLE = (
    ":root{color-scheme:light dark}body{font:16px/1.55 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}"
    "code,pre{font-family:ui-monospace,monospace;font-size:.9em;overflow-wrap:anywhere}pre{overflow:auto;padding:.8rem;border:1px solid}"
    "dt{margin-top:.8rem;font-weight:600}dd{margin:0 0 0 1rem}a{color:LinkText}"
)


def start_page(control: Control, origin: str, *, is_local: bool) -> Response:
    """The page at `/`: addresses, and on this machine the credentials too."""
    account, token = (control.account_id, control.token) if is_local else ("...", "...")
    exports = (
        f"export CLOUDFLARE_BASE_URL={origin}{BASE_PATH}\n"
        f"export CLOUDFLARE_ACCOUNT_ID={account}\n"
        f"export CLOUDFLARE_API_TOKEN={token}"
    )
    return _page(
        "Billing sandbox",
        tag("p", "Cloudflare's AI Gateway billing API on this machine. Nothing here costs money."),
        tag("pre", exports),
        _links(
            ("/docs", "the API's reference, with a form for each operation"),
            ("/_sandbox", "the controls: accounts, cards, usage, the clock, faults"),
            (
                f"{BASE_PATH}/accounts/{account}/ai-gateway/billing/credit-balance",
                "the API itself, for clients with a token",
            ),
        ),
    )


def control_page(control: Control, origin: str, readings: Iterable[str], actions: Iterable[str]) -> Response:
    """The page at `/_sandbox`: each control with its arguments."""
    settings = tag("pre", "\n".join(f"{name}: {value}" for name, value in control.info().items()))
    read = ((tag("dt", tag("a", name, href=f"/_sandbox/{name}")), tag("dd", _summary(name))) for name in readings)
    act = ((tag("dt", tag("code", f"{name}{_arguments(name)}")), tag("dd", _summary(name))) for name in actions)
    example = f"""curl --json '{{"behaviour": "declines"}}' {origin}/_sandbox/put_card"""
    return _page(
        "Controls of the billing sandbox",
        tag("p", tag("a", "← Back", href="/")),
        settings,
        tag("h2", "GET reads"),
        tag("dl", read),
        tag("h2", "POST does, with the arguments as a JSON object"),
        tag("pre", example),
        tag("dl", act),
    )


def _page(title: str, *content: Child) -> Response:
    head = tag("meta", charset="utf-8"), tag("meta", name="viewport", content="width=device-width"), tag("title", title)
    body = tag("body", tag("h1", title), content)
    page = tag("html", tag("head", head, tag("style", Markup(_STYLE))), body, lang="en")
    policy = "default-src 'none'; style-src 'unsafe-inline'"
    return Response(f"<!doctype html>\n{page}", media_type="text/html", headers={"content-security-policy": policy})


def _links(*links: tuple[str, str]) -> Markup:
    return tag("ul", (tag("li", tag("a", path, href=path), ": ", text) for path, text in links))


def _method(name: str) -> Callable[..., object]:
    found: Any = inspect.getattr_static(Control, name)
    return cast("Callable[..., object]", found.fget if isinstance(found, property) else found)


def _summary(name: str) -> Markup:
    return join(prose((inspect.getdoc(_method(name)) or "").partition("\n")[0]))


def _arguments(name: str) -> str:
    parameters = [
        parameter for parameter in inspect.signature(_method(name)).parameters.values() if parameter.name != "self"
    ]
    return f"({', '.join(str(parameter).replace('**', '...') for parameter in parameters)})"
