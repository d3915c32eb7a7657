"""Accounts, the cards they pay with, and the credentials that open them."""

import re
import sqlite3
from typing import Literal

import attrs

CardBehaviour = Literal["good", "declines", "declines_later", "needs_confirmation"]

# Stripe's test numbers, so that a reader of a statement sees at once which card it was.
_LAST4: dict[str, str] = {"good": "4242", "declines": "0002", "declines_later": "0341", "needs_confirmation": "3220"}

_ACCOUNT_ID = re.compile("[0-9a-f]{32}")
_LAST4_DIGITS = re.compile("[0-9]{4}")


@attrs.frozen
class Card:
    """A card on file, and how the bank behaves when it is charged."""

    id: int
    brand: str
    last4: str
    behaviour: CardBehaviour


def account_exists(db: sqlite3.Connection, account_id: str) -> bool:
    """Whether there is such an account."""
    return db.execute("SELECT 1 FROM accounts WHERE id = ?", (account_id,)).fetchone() is not None


def require_account(db: sqlite3.Connection, account_id: str) -> None:
    """Raises ValueError when there is no such account."""
    if not account_exists(db, account_id):
        raise ValueError(f"there is no account {account_id!r}")


def add_account(db: sqlite3.Connection, account_id: str, *, owner_email: str, created_ms: int) -> None:
    """Adds an account with nothing in it and no card; raises ValueError when its id cannot be."""
    if not _ACCOUNT_ID.fullmatch(account_id):
        raise ValueError(f"an account id is 32 hexadecimal digits in lower case, not {account_id!r}")
    if account_exists(db, account_id):
        raise ValueError(f"there is an account {account_id} already")
    db.execute(
        "INSERT INTO accounts (id, owner_email, created_ms) VALUES (?, ?, ?)", (account_id, owner_email, created_ms)
    )


def set_tax(db: sqlite3.Connection, account_id: str, basis_points: int) -> None:
    """Sets the tax of invoices to come, in hundredths of a percent."""
    db.execute("UPDATE accounts SET tax_basis_points = ? WHERE id = ?", (basis_points, account_id))


def tax_basis_points(db: sqlite3.Connection, account_id: str) -> int:
    """The tax that the account's invoices carry, in hundredths of a percent."""
    return int(db.execute("SELECT tax_basis_points FROM accounts WHERE id = ?", (account_id,)).fetchone()[0])


def owner_email(db: sqlite3.Connection, account_id: str) -> str:
    """Who opened the account."""
    return str(db.execute("SELECT owner_email FROM accounts WHERE id = ?", (account_id,)).fetchone()[0])


def default_card(db: sqlite3.Connection, account_id: str) -> Card | None:
    """The card that the account pays with, if it has one."""
    row = db.execute("SELECT * FROM cards WHERE account_id = ? AND is_default = 1", (account_id,)).fetchone()
    return None if row is None else Card(row["id"], row["brand"], row["last4"], row["behaviour"])


def put_card(
    db: sqlite3.Connection,
    account_id: str,
    behaviour: CardBehaviour,
    *,
    brand: str = "visa",
    last4: str | None = None,
) -> Card:
    """Makes a new card the account's default; the ones before it stay on their invoices."""
    if behaviour not in _LAST4:
        raise ValueError(f"a card is {', '.join(_LAST4)}, not {behaviour!r}")
    last4 = _LAST4[behaviour] if last4 is None else last4
    if not _LAST4_DIGITS.fullmatch(last4):
        raise ValueError(f"last4 is four digits, not {last4!r}")
    remove_card(db, account_id)
    added = db.execute(
        "INSERT INTO cards (account_id, brand, last4, behaviour, is_default) VALUES (?, ?, ?, ?, 1) RETURNING id",
        (account_id, brand, last4, behaviour),
    ).fetchone()
    return Card(added["id"], brand, last4, behaviour)


def remove_card(db: sqlite3.Connection, account_id: str) -> None:
    """Leaves the account without a default card."""
    db.execute("UPDATE cards SET is_default = 0 WHERE account_id = ?", (account_id,))


@attrs.frozen
class Credential:
    """What a token, or an email with a Global API key, opens."""

    secret: str
    email: str | None
    may_write: bool
    account_id: str | None

    def opens(self, account_id: str) -> bool:
        """Whether it may see this account at all."""
        return self.account_id is None or self.account_id == account_id


def add_credential(db: sqlite3.Connection, credential: Credential) -> None:
    """Hands out a token or key, or changes what an existing one opens."""
    if credential.account_id is not None:
        require_account(db, credential.account_id)
    if not credential.secret.strip():
        raise ValueError("a token or key is not empty")
    db.execute(
        "INSERT OR REPLACE INTO credentials VALUES (?, ?, ?, ?)",
        (credential.secret, credential.email, credential.may_write, credential.account_id),
    )


def find_credential(db: sqlite3.Connection, secret: str, email: str | None) -> Credential | None:
    """The credential with this secret, if there is one and, for a key, the email is its own."""
    row = db.execute("SELECT * FROM credentials WHERE secret = ? AND email IS ?", (secret, email)).fetchone()
    if row is None:
        return None
    return Credential(row["secret"], row["email"], bool(row["may_write"]), row["account_id"])
