"""Authentication and permissions: who sent a request, and whether they may do what it asks for."""

import sqlite3
from collections.abc import Mapping

from aig_billing_sandbox.bank.accounts import Credential, account_exists, find_credential
from aig_billing_sandbox.http.context import SandboxOperation
from aig_billing_sandbox.http.messages import AUTHENTICATION, BAD_IDENTIFIER, Refusal


def find_caller(db: sqlite3.Connection, headers: Mapping[str, str]) -> Credential | None:
    """The credential in the headers, a bearer token or an email with its Global API key; None if it is missing or unknown."""
    scheme, _, token = headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer" and token.strip():
        return find_credential(db, token.strip(), None)
    if "x-auth-key" in headers and "x-auth-email" in headers:
        return find_credential(db, headers["x-auth-key"], headers["x-auth-email"])
    return None


def permission_refusal(
    db: sqlite3.Connection, caller: Credential | None, operation: SandboxOperation, account_id: str
) -> Refusal | None:
    """Why the caller may not do this in this account, or None."""
    if caller is None:
        return Refusal(401, AUTHENTICATION, "Authentication error")
    if not account_exists(db, account_id):
        message = f"Could not route to /accounts/{account_id}, perhaps your object identifier is invalid?"
        return Refusal(404, BAD_IDENTIFIER, message)
    if not caller.opens(account_id) or (operation.needs_write_permission and not caller.may_write):
        return Refusal(403, AUTHENTICATION, "Authentication error")
    return None
