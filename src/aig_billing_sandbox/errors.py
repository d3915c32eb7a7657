"""Errors of the sandbox itself, as opposed to the error answers of the API that it plays."""


class SandboxError(Exception):
    """The sandbox cannot start or go on; the message says why and what to do."""


class SandboxUnreachable(SandboxError):  # noqa: N818 - it says what is the matter
    """No sandbox answers where one was expected."""


class DatabaseError(SandboxError, OSError):
    """A file or snapshot cannot serve as the sandbox's database."""


class ContractError(SandboxError):
    """An answer of the sandbox is not what the document promises: a mistake in the sandbox, never the caller's."""
