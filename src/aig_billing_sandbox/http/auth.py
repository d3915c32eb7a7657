"""Authentication and permissions: who sent a request, and whether they may do what it asks for."""

import re
import sqlite3
from collections.abc import Mapping

from aig_billing_sandbox.bank.accounts import Credential, account_exists, find_credential
from aig_billing_sandbox.http import codes
from aig_billing_sandbox.http.context import RequestContext, SandboxOperation
from aig_billing_sandbox.http.messages import RefusedRequest

_TOKEN_FORMAT = re.compile(r"[A-Za-z0-9_-]{20,}")
_KEY_FORMAT = re.compile(r"[0-9a-f]{37,45}|[a-z-]+")
_AUTHENTICATION = (codes.AUTHENTICATION, "Authentication error")


def find_caller(db: sqlite3.Connection, headers: Mapping[str, str]) -> Credential | None:
    """The credential in the headers, a bearer token or an email with its Global API key; None if it is missing or unknown."""
    if token := _bearer_token(headers):
        return find_credential(db, token, None)
    if "x-auth-key" in headers and "x-auth-email" in headers:
        return find_credential(db, headers["x-auth-key"], headers["x-auth-email"])
    return None


def check_permission(db: sqlite3.Connection, context: RequestContext, operation: SandboxOperation) -> None:
    """Raises RefusedRequest if the caller may not do this in this account."""
    caller, is_live = context.caller, context.settings.mode == "live"
    # It takes any valid token, with or without permissions, to say that it is valid.
    verifies_token = operation.name.endswith("tokens.verify")
    unknown = (codes.INVALID_TOKEN, "Invalid API Token") if verifies_token else _AUTHENTICATION
    if caller is None:
        raise (_format_refusal(context.headers) if is_live else None) or RefusedRequest(401, *unknown)
    if caller.expired and not verifies_token:
        if is_live:
            raise RefusedRequest(403, codes.UNUSABLE_TOKEN, "Invalid access token")
        raise RefusedRequest(401, *unknown)
    account_id = context.path_values.get("account_id")
    if account_id is not None and not account_exists(db, account_id):
        message = f"Could not route to /accounts/{account_id}, perhaps your object identifier is invalid?"
        raise RefusedRequest(404, codes.BAD_IDENTIFIER, message)
    opens = account_id is None or caller.account_id in {None, account_id}
    if verifies_token:
        # A token verifies where it belongs: with its user, or with the account that owns it.
        if not (opens and caller.email is None and (caller.owner == "user") == (account_id is None)):
            raise RefusedRequest(401, *unknown)
    # Every method but GET needs the permission to write, that of `topup.status` too, though it only reads.
    elif not opens or (operation.method != "GET" and not caller.may_write):
        raise RefusedRequest(403, *_AUTHENTICATION)


def _bearer_token(headers: Mapping[str, str]) -> str:
    scheme, _, token = headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


def _format_refusal(headers: Mapping[str, str]) -> RefusedRequest | None:
    """What the live service says of a header that cannot hold a credential at all."""
    chain = None
    if headers.get("authorization") and not _TOKEN_FORMAT.fullmatch(_bearer_token(headers)):
        chain = (codes.INVALID_TOKEN_FORMAT, "Invalid format for Authorization header")
    elif "authorization" not in headers and not _KEY_FORMAT.fullmatch(headers.get("x-auth-key", "none")):
        chain = (codes.INVALID_KEY_FORMAT, "Invalid format for X-Auth-Key header")
    return chain and RefusedRequest(400, codes.INVALID_HEADERS, "Invalid request headers", chain=chain)
