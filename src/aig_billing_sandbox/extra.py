"""What the sandbox needs beyond the bare client, and what to say when it is not there."""

from collections.abc import Generator
from contextlib import contextmanager

_PACKAGES = frozenset({"jsonschema", "starlette", "uvicorn", "yaml"})


@contextmanager
def needing_the_extra() -> Generator[None]:
    """Turns a missing package of the extra into an error that says what to install."""
    try:
        yield
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in _PACKAGES:
            raise
        message = f"the sandbox needs {error.name}, which its extra brings: pip install 'aig-billing[sandbox]'"
        raise ModuleNotFoundError(message, name=error.name) from error
