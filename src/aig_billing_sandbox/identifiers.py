"""Ids in the shapes that the real services use, each derived from the books, so that the same history gives the same ids."""

import hashlib
import sqlite3

from aig_billing_sandbox.books import setting


def salt_of(books: sqlite3.Connection) -> str:
    """What makes the ids of one sandbox differ from another's."""
    return setting(books, "salt")


def derived_id(salt: str, prefix: str, *parts: object) -> str:
    """An id that is the same for the same salt and parts, such as `in_5d0c64b6a2e94c0f8a91d7b3`."""
    text = "\0".join((salt, prefix, *map(str, parts)))
    return prefix + hashlib.blake2b(text.encode(), digest_size=12).hexdigest()
