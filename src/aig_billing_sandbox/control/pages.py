"""What a browser shows at `/`, `/docs` and `/_sandbox`: where everything is, the reference, and what can be controlled."""

import inspect
from collections.abc import Callable, Iterable
from typing import Any, cast

from starlette.responses import Response

from aig_billing_sandbox.control.control import Control
from aig_billing_sandbox.http.document import resolved_document
from aig_billing_sandbox.http.messages import BASE_PATH
from aig_billing_sandbox.http.pages import render
from aig_billing_sandbox.http.reference.page import FormCaller, render_page


def start_page(control: Control, origin: str, *, is_local: bool) -> Response:
    """The page at `/`: addresses, and on this machine the credentials too."""
    account, token = (control.account_id, control.token) if is_local else ("...", "...")
    return _page("Billing sandbox", origin, account=account, token=token, controls=None)


def control_page(control: Control, origin: str, readings: Iterable[str], actions: Iterable[str]) -> Response:
    """The page at `/_sandbox`: each control with its arguments."""
    controls = [_described(name, reads=True) for name in readings] + [_described(name, reads=False) for name in actions]
    return _page("Controls of the billing sandbox", origin, info=control.info(), controls=controls)


def reference_page(control: Control, origin: str, *, is_local: bool) -> Response:
    """The page at `/docs`. Others may read it too, where a sandbox is open to the network; the credentials are for this machine."""
    base_url = origin + BASE_PATH
    caller = FormCaller(base_url)
    if is_local:
        caller = FormCaller(base_url, control.account_id, control.token, control.read_token)
    headers = {"x-content-type-options": "nosniff", "cache-control": "no-cache"}
    return Response(render_page(resolved_document(), caller), media_type="text/html", headers=headers)


def _page(title: str, origin: str, **values: object) -> Response:
    page = render("controls.html.jinja", title=title, base_url=origin + BASE_PATH, **values)
    policy = "default-src 'none'; style-src 'unsafe-inline'"
    return Response(page, media_type="text/html", headers={"content-security-policy": policy})


def _described(name: str, *, reads: bool) -> dict[str, object]:
    """A control with the first line of its docstring and its parameters."""
    found: Any = inspect.getattr_static(Control, name)
    method = cast("Callable[..., object]", found.fget if isinstance(found, property) else found)
    parameters = [str(one).replace("**", "...") for one in inspect.signature(method).parameters.values()][1:]
    summary = (inspect.getdoc(method) or "").partition("\n")[0]
    return {"name": name, "reads": reads, "summary": summary, "arguments": f"({', '.join(parameters)})"}
