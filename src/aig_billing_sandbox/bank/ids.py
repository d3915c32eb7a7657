"""Ids in the shapes that the real services use."""

import hashlib
import secrets
import sqlite3

from aig_billing_sandbox.bank.database import get_setting


def new_id(prefix: str) -> str:
    """An id that was never given before, not even in a database that was restored since: `in_5d0c64b6a2e94c0f8a91d7b3`."""
    return prefix + secrets.token_hex(12)


def derived_id(db: sqlite3.Connection, prefix: str, *parts: object) -> str:
    """The id of something that is computed on each reading: the same for the same database and parts."""
    text = "\0".join((get_setting(db, "salt"), prefix, *map(str, parts)))
    return prefix + hashlib.blake2b(text.encode(), digest_size=12).hexdigest()
