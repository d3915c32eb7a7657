"""The connection under a request, so that a fault can end it as a broken network would."""

import asyncio
import socket
import struct

import h11
from starlette.types import Receive
from uvicorn.protocols.http.h11_impl import H11Protocol

from aig_billing_sandbox.http import codes
from aig_billing_sandbox.http.messages import error_envelope, json_bytes

STATE_KEY = "aig_billing_sandbox.connection"


class ConnectionProtocol(H11Protocol):
    """uvicorn's protocol, which the application finds in the state of a request; it refuses what is not HTTP in the envelope."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Puts itself where the application finds it."""
        super().connection_made(transport)
        self.app_state = {**self.app_state, STATE_KEY: self}

    async def end(self, receive: Receive, *, reset: bool) -> None:
        """Sends what was written, then closes the connection in an orderly way or with a TCP reset."""
        if reset and not self.transport.is_closing():
            accepted: socket.socket = self.transport.get_extra_info("socket")
            accepted.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.transport.close()
        # To uvicorn, an application that returns before the connection is closed has failed.
        while (await receive())["type"] != "http.disconnect":
            pass

    def send_400_response(self, msg: str) -> None:
        """Refuses what is not HTTP, in the error envelope."""
        body = json_bytes(error_envelope(codes.INVALID_REQUEST, msg))
        headers = [("content-type", "application/json"), ("content-length", str(len(body))), ("connection", "close")]
        for event in (h11.Response(status_code=400, headers=headers), h11.Data(data=body), h11.EndOfMessage()):
            self.transport.write(self.conn.send(event) or b"")
        self.transport.close()
