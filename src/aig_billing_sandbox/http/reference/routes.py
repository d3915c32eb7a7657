"""The page at the sandbox's `/docs`."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from aig_billing_sandbox.http.document import resolved_document
from aig_billing_sandbox.http.messages import BASE_PATH
from aig_billing_sandbox.http.server import is_local, origin_called


def reference_routes(account_id: str, token: str, read_token: str) -> list[Route]:
    """The page, with forms that call the API on the same origin."""

    async def endpoint(request: Request) -> Response:
        # Loaded and built on the visit: a test that starts a sandbox does not wait for a page it never opens.
        from aig_billing_sandbox.http.reference.page import FormCaller, render_page

        base_url = origin_called(request) + BASE_PATH
        # Others may read the page too, where a sandbox is open to the network; the credentials are for this machine.
        caller = FormCaller(base_url, account_id, token, read_token) if is_local(request) else FormCaller(base_url)
        headers = {"x-content-type-options": "nosniff", "cache-control": "no-cache"}
        return Response(render_page(resolved_document(), caller), media_type="text/html", headers=headers)

    return [Route("/docs", endpoint, methods=["GET"])]
