"""Ids in the shapes that the real services use, derived from a salt, so that the same events of one database give the same ids."""

import hashlib
import sqlite3

from aig_billing_sandbox.bank.database import get_setting


def salt_of(db: sqlite3.Connection) -> str:
    """What makes the ids of one database differ from another's."""
    return get_setting(db, "salt")


def derived_id(salt: str, prefix: str, *parts: object) -> str:
    """An id that is the same for the same salt and parts, such as `in_5d0c64b6a2e94c0f8a91d7b3`."""
    text = "\0".join((salt, prefix, *map(str, parts)))
    return prefix + hashlib.blake2b(text.encode(), digest_size=12).hexdigest()
