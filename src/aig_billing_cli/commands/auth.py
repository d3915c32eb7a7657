"""`aig-billing auth login`, `status` and `logout`: a token kept in the machine's keyring, and checked with Cloudflare."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from .. import keyring_store
from ..command import command
from ..errors import CommandError, ExitCode, UsageError
from ..output.rows import Field, Row, Words
from ..session import Session

if TYPE_CHECKING:
    from ..config_file import FoundCredentials


FIELDS: tuple[Field[Row], ...] = (
    Field("kind", "token, or email and key"),
    Field("source", "where the credentials come from"),
    Field("status", "active, disabled or expired; null for an email and key, which cannot be checked"),
    Field("owner", "user or account: whom the token belongs to"),
    Field("token_id", "id of the token, which is not secret"),
    Field("expires_on", "when it expires"),
)
_LOGIN = (
    "The token is asked for, or read from stdin: `pass cloudflare/billing | aig-billing auth login`. It never stands on the command line, "
    "where other users and the shell's history would see it. --profile keeps one for each profile. Environment variables and what a "
    "profile says come before it."
)


@command("auth login", fields=FIELDS, more=_LOGIN)
def login(session: Session) -> None:
    """Keep a token in this machine's keyring, once Cloudflare accepts it."""
    from aig_billing_runtime.credentials import Secret

    from ..config_file import FoundCredentials

    name = session.configuration.login_name
    keyring_store.require()
    token = Secret(_read_token(session))
    credentials = FoundCredentials("token", keyring_store.source(name), token=token)
    row = _check(session, credentials)
    if row["status"] != "active":
        raise CommandError(ExitCode.CREDENTIALS, f"The token is {row['status']}; it was not kept.", "Make another one.")
    keyring_store.save(name, token)
    _report(session, row)


@command(
    "auth status", fields=FIELDS, more="Ends with 3 when the credentials are missing, disabled, expired or unknown."
)
def status(session: Session) -> ExitCode:
    """Check the credentials in use with Cloudflare."""
    row = _check(session, session.credentials)
    _report(session, row)
    return ExitCode.OK if row.get("status") in {"active", None} else ExitCode.CREDENTIALS


@command("auth logout")
def logout(session: Session) -> None:
    """Forget the token that `auth login` kept."""
    name = session.configuration.login_name
    if keyring_store.read(name) is None:
        raise UsageError(f"No token is kept for {name!r}.")
    keyring_store.delete(name)
    session.terminal.info(
        f"The token for {name!r} is forgotten. To revoke it, use My Profile > API Tokens in the dashboard."
    )


def _read_token(session: Session) -> str:
    if sys.stdin.isatty():
        if not session.terminal.may_ask:
            raise UsageError("The token cannot be asked for with --no-input.", "Pipe it in: its first line is read.")
        import getpass

        text = session.terminal.read(lambda: getpass.getpass("API token (not shown): ", stream=sys.stderr))
    else:
        text = sys.stdin.readline()
    token = text.strip()
    if not token:
        raise UsageError("No token was given; nothing was kept.", "Pipe it in, or type it when it is asked for.")
    return token


def _check(session: Session, credentials: FoundCredentials) -> Row:
    """Ask Cloudflare about a token: as a user's, and where that is refused and an account is known, as the account's."""
    from aig_billing import APIStatusError

    row: Row = {"kind": credentials.kind, "source": credentials.source}
    if credentials.kind != "token":
        return row
    session.credentials = credentials
    with session.waiting("Checking the token"), session.make_client(account_needed=False) as client:
        try:
            found, owner = client.user.tokens.verify(), "user"
        except APIStatusError as error:
            account = session.configuration.account
            if account is None or error.status_code not in {400, 401, 403}:
                raise
            found, owner = client.accounts.tokens.verify(account_id=account.value), "account"
    return {**row, "status": found.status, "owner": owner, "token_id": found.id, "expires_on": found.expires_on}


def _report(session: Session, row: Row) -> None:
    from ..output.formatting import text

    names = {"Credentials": "kind", "Source": "source", "Status": "status", "Owner": "owner", "Expires": "expires_on"}
    pairs: dict[str, Words] = {name: text(row[field]) for name, field in names.items() if row.get(field) is not None}
    if row["kind"] != "token":
        pairs["Status"] = "not checked: an email and key cannot be; `aig-billing doctor` tries them"
    session.report_record(row, pairs)
