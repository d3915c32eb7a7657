"""Everything that one sandbox serves: the API under `/client/v4`, the controls under `/_sandbox`, its reference under `/docs`."""

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount
from starlette.types import ASGIApp

from aig_billing_sandbox.control.control import Control
from aig_billing_sandbox.control.routes import ControlRoutes
from aig_billing_sandbox.http import codes
from aig_billing_sandbox.http.asgi import BillingAPI
from aig_billing_sandbox.http.messages import BASE_PATH, RefusedRequest, error_envelope, json_bytes


def sandbox_app(control: Control) -> ASGIApp:
    """The application that serves one sandbox."""
    app = Starlette(
        routes=[
            Mount(BASE_PATH, app=BillingAPI(control.service)),
            *ControlRoutes(control).routes(),
        ],
        exception_handlers={404: _refuse, 405: _refuse, RefusedRequest: _refuse},
    )
    # A path of the API has one spelling.
    app.router.redirect_slashes = False
    return app


async def _refuse(_request: Request, error: Exception) -> Response:
    """Answers in the API's envelope; what Starlette itself refuses has no route."""
    refusal = (
        error if isinstance(error, RefusedRequest) else RefusedRequest(404, codes.NO_ROUTE, "No route for that URI")
    )
    body = json_bytes(error_envelope(refusal.code, *refusal.messages))
    return Response(body, refusal.status, media_type="application/json")
