"""Takes secrets out of what an error keeps of an answer: the caller's own, should the server echo them, and `client_secret`.

Texts are masked before they are cut: half a secret is one too.
"""

from __future__ import annotations

import re

from .credentials import Credentials

BODY_KEPT = 2_000
"""How many bytes of an answer's body an error keeps."""
MESSAGE_KEPT = 500
"""How many characters an error keeps of one message of the API."""
_WINDOW = 65_536
_MASK = "***"

_QUOTE = r"""(?:\\*["']|&quot;|%22)"""
_BLANK = r"(?:\s|%20|\+)"
_CLIENT_SECRET = re.compile(
    rf"""(client_secret{_QUOTE}?{_BLANK}*(?:[:=]|%3a){_BLANK}*)(?:"(?:[^"\\]|\\.)*(?:"|\\?\Z)|[\[{{].*|{_QUOTE}?[^\s"'\\,}}\]&<]+)""",
    re.IGNORECASE | re.DOTALL,
)
# What Stripe's client secrets look like, wherever they stand, even behind other letters.
_STRIPE_SECRET = re.compile(r"((?:pi|seti|cs)_[A-Za-z0-9]+_secret_)[A-Za-z0-9_]+")


def masked(value: object) -> str:
    """Show of a secret only whether there is one."""
    return "None" if value is None else f"'{_MASK}'"


def mask_text(text: str, credentials: Credentials) -> str:
    """Mask the caller's credentials and client secrets in a text, and put it on one line that no terminal obeys."""
    masked = _masked(text, credentials)
    return masked if masked.isprintable() else "".join(letter if letter.isprintable() else " " for letter in masked)


def mask_body(content: bytes, credentials: Credentials) -> bytes:
    """Mask a body, and cut it to what an error keeps."""
    return _masked(content[: _WINDOW + 1].decode("latin-1"), credentials)[:BODY_KEPT].encode("latin-1")


def mask_client_secrets(content: bytes) -> bytes:
    """Mask the client secrets in a body, and keep the rest of it."""
    return _without_client_secrets(content.decode("latin-1")).encode("latin-1")


def _without_client_secrets(text: str) -> str:
    return _STRIPE_SECRET.sub(rf"\1{_MASK}", _CLIENT_SECRET.sub(rf'\1"{_MASK}"', text))


def _masked(text: str, credentials: Credentials) -> str:
    """Mask the beginning of a text, which is more than is ever kept of it."""
    masked = _without_client_secrets(credentials.redact(text[:_WINDOW]))
    # The window's edge may have cut a secret, which is then not known for one.
    return masked if len(text) <= _WINDOW else masked[: -credentials.longest]


def find_text_field(content: bytes, name: str) -> str | None:
    """Find an id under its name in an answer, even one that is cut off or otherwise unusable."""
    found = re.search(rb'"%s"\s*:\s*"([A-Za-z0-9_-]{1,255})"' % re.escape(name).encode(), content)
    return found[1].decode() if found else None
