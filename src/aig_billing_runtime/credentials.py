"""Who is calling: an API token, or an email address with a key; kept where no repr, log line, traceback or pickle shows them."""

from __future__ import annotations

import os
import re
from typing import NoReturn

import httpx

from .errors import CredentialsError

_HOW = (
    "Set CLOUDFLARE_API_TOKEN (made under 'My Profile > API Tokens' in the Cloudflare dashboard, with the permission 'AI Gateway Read' "
    "or 'AI Gateway Write'), or CLOUDFLARE_EMAIL and CLOUDFLARE_API_KEY; or pass api_token=, or api_email= and api_key=."
)
_MASK = "***"
_QUOTED = r"\\u00{0:02x}|%{0:02x}|&\#{0};|&\#x{0:x};"
"""A character in JSON, in a URL and in HTML, given its number."""
_LONGEST_QUOTED = len("\\u0040")
_SHORTEST_SECRET = 8
"""What has fewer characters is a stand-in, as in `api_token="any"`: masking it would blank parts of words. Cloudflare's are longer."""


class Secret:
    """A text that shows itself to nobody who does not ask for it by name."""

    __slots__ = ("_text",)

    def __init__(self, text: object) -> None:
        self._text = text

    def __repr__(self) -> str:
        return f"<{_MASK}>"

    def __reduce__(self) -> NoReturn:
        raise TypeError("secrets are not pickled")

    def reveal(self) -> str:
        """Give the text."""
        return str(self._text)

    def pattern(self) -> str:
        """Give a regular expression for the text in every form that a server may echo it in."""
        return "".join(
            letter if letter.isalnum() else rf"(?:\\?{re.escape(letter)}|{_QUOTED.format(ord(letter))})"
            for letter in self.reveal()
        )

    def given(self) -> bool:
        """Say whether there is a text at all."""
        return self._text is not None

    def check(self, name: str) -> None:
        """Refuse what cannot stand in a header, without saying what it was."""
        if not isinstance(self._text, str):
            raise CredentialsError(f"{name} must be a string, not {type(self._text).__name__}")
        if not self._text:
            raise CredentialsError(f"{name} is empty. {_HOW}")
        if not re.fullmatch("[!-~]+", self._text):
            raise CredentialsError(
                f"{name} has a space, a line break or a character outside ASCII in it, so it cannot be sent "
                "(was it read from a file with its last line break?)"
            )


class Credentials:
    """One way to say who is calling."""

    __slots__ = ("_headers", "_pattern", "_secrets", "kind", "source")

    def __init__(self, kind: str, source: str, headers: tuple[tuple[str, str, Secret], ...]) -> None:
        self.kind = kind
        """`token`, or `email and key`."""
        self.source = source
        """Where they were found: `arguments`, or the names of environment variables."""
        self._headers = headers
        self._secrets = tuple(secret for _, _, secret in headers)
        self._pattern: re.Pattern[str] | None = None

    def __repr__(self) -> str:
        return f"<Credentials: {self.kind} from {self.source}>"

    def __reduce__(self) -> NoReturn:
        raise TypeError("credentials are not pickled")

    def header_items(self) -> list[tuple[str, str]]:
        """Give the headers that carry them."""
        return [(name, prefix + secret.reveal()) for name, prefix, secret in self._headers]

    def redact(self, text: str) -> str:
        """Mask each secret wherever it stands in `text`, also where it was quoted for JSON, HTML or a URL."""
        if self._pattern is None:
            patterns = [secret.pattern() for secret in self._secrets if len(secret.reveal()) >= _SHORTEST_SECRET]
            self._pattern = re.compile("|".join(patterns) or "(?!)", re.IGNORECASE)
        return self._pattern.sub(_MASK, text)

    @property
    def longest(self) -> int:
        """How many characters a secret takes at most, quoted in the longest way."""
        return max(len(secret.reveal()) for secret in self._secrets) * _LONGEST_QUOTED


def find_credentials(api_token: Secret, api_email: Secret, api_key: Secret) -> Credentials:
    """Choose among arguments and the environment: arguments win, a token before email and key.

    Raises:
        CredentialsError: When there are none, when half a pair is there, or when one cannot be sent; names what to set.
    """
    token, email, key = api_token, api_email, api_key
    names, source = ("api_token", "api_email", "api_key"), "arguments"
    if token.given() and (email.given() or key.given()):
        raise CredentialsError(
            "Pass either api_token=, or api_email= and api_key=: not both, since one request carries one of them"
        )
    if not (token.given() or email.given() or key.given()):
        names = ("CLOUDFLARE_API_TOKEN", "CLOUDFLARE_EMAIL", "CLOUDFLARE_API_KEY")
        token, email, key = (Secret(os.environ.get(name) or None) for name in names)
        source = names[0] if token.given() else " and ".join(names[1:])
    if token.given():
        token.check(names[0])
        return Credentials("token", source, (("Authorization", "Bearer ", token),))
    if not (email.given() or key.given()):
        raise CredentialsError(f"No credentials were found. {_HOW}")
    for secret, name, other in ((email, names[1], names[2]), (key, names[2], names[1])):
        if not secret.given():
            raise CredentialsError(
                f"{other} is set and {name} is not: a key works only together with its email address"
            )
        secret.check(name)
    return Credentials("email and key", source, (("X-Auth-Email", "", email), ("X-Auth-Key", "", key)))


class HiddenHeaders(httpx.Headers):
    """Request headers whose repr shows names alone: httpx's own shows `X-Auth-Key`."""

    def __repr__(self) -> str:
        return f"<headers: {', '.join(self.keys())}>"
