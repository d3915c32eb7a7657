"""Optional packages: the error that says what to install when one is missing."""

from collections.abc import Generator
from contextlib import contextmanager

_PACKAGES = frozenset({"jinja2", "jsonschema", "starlette", "uvicorn", "yaml"})


@contextmanager
def requires_extra() -> Generator[None]:
    """Turns the import error of a package of the extra `sandbox` into one that says what to install."""
    try:
        yield
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in _PACKAGES:
            raise
        message = f"the sandbox needs {error.name}, which its extra installs: pip install 'aig-billing[sandbox]'"
        raise ModuleNotFoundError(message, name=error.name) from error
