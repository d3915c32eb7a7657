"""Ids in the shapes that the real services use, each derived from the books, so that the same history gives the same ids."""

import hashlib
import sqlite3
import string

from aig_billing_sandbox.books import setting

_ALPHABET = string.digits + string.ascii_letters


def derived_id(books: sqlite3.Connection, prefix: str, *parts: object) -> str:
    """An id that is the same for the same books and parts, such as `in_1SUo2P...`."""
    text = "\0".join((setting(books, "salt"), prefix, *(str(part) for part in parts)))
    number = int.from_bytes(hashlib.blake2b(text.encode(), digest_size=18).digest())
    letters = ""
    while len(letters) < 24:
        number, letter = divmod(number, len(_ALPHABET))
        letters += _ALPHABET[letter]
    return prefix + letters
