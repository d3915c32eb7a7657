"""What can go wrong with the sandbox itself, as opposed to what it answers."""


class SandboxError(Exception):
    """The sandbox cannot start or go on; the message says why and what to do."""


class BooksError(SandboxError, OSError):
    """The database cannot serve as the sandbox's books."""


class DocumentError(SandboxError, OSError):
    """The client package's OpenAPI document is not there or cannot be read."""


class ContractError(SandboxError):
    """An answer of the sandbox is not what the document says: a mistake in the sandbox, never the caller's."""
