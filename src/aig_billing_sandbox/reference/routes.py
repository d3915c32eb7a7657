"""The page at the sandbox's `/docs`."""

import ipaddress

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from aig_billing_sandbox.control import Control
from aig_billing_sandbox.document import resolved_document
from aig_billing_sandbox.reference.page import Door, render_page
from aig_billing_sandbox.reference.reading import read_reference


def reference_routes(control: Control, api_path: str) -> list[Route]:
    """The page, with forms that call the API below `api_path` of the same origin."""

    async def endpoint(request: Request) -> Response:
        # Built on the visit: a test that starts a sandbox does not wait for a page it never opens.
        base_url = f"{request.url.scheme}://{request.headers.get('host', '')}{api_path}"
        filled = (control.account_id, control.token, control.read_token) if _is_loopback(request) else ()
        page = render_page(read_reference(resolved_document()), Door(base_url, *filled))
        headers = {"x-content-type-options": "nosniff", "cache-control": "no-cache"}
        return Response(page, media_type="text/html", headers=headers)

    return [Route("/docs", endpoint, methods=["GET"])]


def _is_loopback(request: Request) -> bool:
    # Others may read the page too, where a sandbox is open to the network; what signs in is for this machine.
    try:
        return request.client is not None and ipaddress.ip_address(request.client.host).is_loopback
    except ValueError:
        return False
