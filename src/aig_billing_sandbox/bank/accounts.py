"""Accounts, the cards they pay with, and the credentials that open them."""

import re
import sqlite3
from typing import Literal, get_args

import attrs

from aig_billing_sandbox.bank.ids import new_id

CardBehaviour = Literal["good", "declines", "declines_later", "needs_confirmation"]
TokenOwner = Literal["user", "account"]

# Stripe's test numbers, which say in a statement which card it was.
_LAST4: dict[str, str] = {"good": "4242", "declines": "0002", "declines_later": "0341", "needs_confirmation": "3220"}

_ACCOUNT_ID = re.compile("[0-9a-f]{32}")
_LAST4_DIGITS = re.compile("[0-9]{4}")


@attrs.frozen
class Card:
    """A card on file, and how the bank behaves when it is charged."""

    id: int
    payment_method_id: str
    brand: str
    last4: str
    behaviour: CardBehaviour


@attrs.frozen(kw_only=True)
class Credential:
    """A token, or an email with its Global API key, and what it opens."""

    secret: str = attrs.field(repr=False)
    email: str | None = None
    may_write: bool = attrs.field(default=True, converter=bool)
    account_id: str | None = None
    """The only account that it opens; None for all."""
    owner: TokenOwner = "user"
    """Whose token it is: that of a user, or of the account itself."""
    expired: bool = attrs.field(default=False, converter=bool)


def account_exists(db: sqlite3.Connection, account_id: str) -> bool:
    """Whether there is such an account."""
    return db.execute("SELECT 1 FROM accounts WHERE id = ?", (account_id,)).fetchone() is not None


def require_account(db: sqlite3.Connection, account_id: str) -> None:
    """Raises ValueError if there is no such account."""
    if not account_exists(db, account_id):
        raise ValueError(f"there is no account {account_id!r}")


def add_account(db: sqlite3.Connection, account_id: str, *, owner_email: str, created_ms: int) -> None:
    """Adds an empty account without a card; raises ValueError for an invalid id or one that already exists."""
    if not _ACCOUNT_ID.fullmatch(account_id):
        raise ValueError(f"an account id is 32 hexadecimal digits in lower case, not {account_id!r}")
    if account_exists(db, account_id):
        raise ValueError(f"the account {account_id} already exists")
    db.execute(
        "INSERT INTO accounts (id, owner_email, created_ms) VALUES (?, ?, ?)", (account_id, owner_email, created_ms)
    )


def set_tax(db: sqlite3.Connection, account_id: str, basis_points: int) -> None:
    """Sets the tax on future invoices, in hundredths of a percent."""
    db.execute("UPDATE accounts SET tax_basis_points = ? WHERE id = ?", (basis_points, account_id))


def owner_and_tax(db: sqlite3.Connection, account_id: str) -> tuple[str, int]:
    """The owner's email address, and the tax on the account's invoices in hundredths of a percent."""
    owner, tax = db.execute("SELECT owner_email, tax_basis_points FROM accounts WHERE id = ?", (account_id,)).fetchone()
    return owner, tax


def find_card(db: sqlite3.Connection, account_id: str, payment_method_id: str | None = None) -> Card | None:
    """The card with this payment method id, or without one the account's default; None if there is none."""
    row = db.execute(
        "SELECT id, payment_method_id, brand, last4, behaviour FROM cards"
        " WHERE account_id = ? AND CASE WHEN ? IS NULL THEN is_default ELSE payment_method_id = ? END",
        (account_id, payment_method_id, payment_method_id),
    ).fetchone()
    return None if row is None else Card(**dict(row))


def put_card(
    db: sqlite3.Connection,
    account_id: str,
    behaviour: CardBehaviour,
    brand: str = "visa",
    last4: str | None = None,
    *,
    payment_method_id: str | None = None,
    default: bool = True,
) -> Card:
    """Adds a card, as the account's default unless said otherwise; the older ones stay on file."""
    if behaviour not in get_args(CardBehaviour):
        raise ValueError(f"a card is {', '.join(_LAST4)}, not {behaviour!r}")
    last4 = _LAST4[behaviour] if last4 is None else last4
    if not _LAST4_DIGITS.fullmatch(last4):
        raise ValueError(f"last4 is four digits, not {last4!r}")
    payment_method_id = payment_method_id or new_id("pm_")
    if find_card(db, account_id, payment_method_id) is not None:
        raise ValueError(f"the account already has the payment method {payment_method_id!r}")
    if default:
        remove_default_card(db, account_id)
    added = db.execute(
        "INSERT INTO cards (account_id, payment_method_id, brand, last4, behaviour, is_default)"
        " VALUES (?, ?, ?, ?, ?, ?) RETURNING id, payment_method_id, brand, last4, behaviour",
        (account_id, payment_method_id, brand, last4, behaviour, default),
    ).fetchone()
    return Card(**dict(added))


def remove_default_card(db: sqlite3.Connection, account_id: str) -> None:
    """Leaves the account without a default card."""
    db.execute("UPDATE cards SET is_default = 0 WHERE account_id = ?", (account_id,))


def add_credential(db: sqlite3.Connection, credential: Credential) -> None:
    """Adds a token or key, or changes what an existing one opens."""
    if credential.account_id is not None:
        require_account(db, credential.account_id)
    if not credential.secret.strip():
        raise ValueError("a token or key must not be empty")
    if credential.owner not in get_args(TokenOwner):
        raise ValueError(f"the owner of a token is user or account, not {credential.owner!r}")
    if credential.owner == "account" and credential.account_id is None:
        raise ValueError("a token of an account needs its account_id")
    db.execute(
        "INSERT OR REPLACE INTO credentials VALUES (:secret, :email, :may_write, :account_id, :owner, :expired)",
        attrs.asdict(credential),
    )


def find_credential(db: sqlite3.Connection, secret: str, email: str | None) -> Credential | None:
    """The credential with this secret and, for a key, this email; None if there is none."""
    row = db.execute("SELECT * FROM credentials WHERE secret = ? AND email IS ?", (secret, email)).fetchone()
    return None if row is None else Credential(**dict(row))
