"""Names of a package that are loaded when they are first asked for (PEP 562), so that importing it costs next to nothing."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from importlib import import_module


def on_first_use(package: str, homes: Mapping[str, str]) -> tuple[Callable[[str], object], Callable[[], list[str]]]:
    """Make the `__getattr__` and the `__dir__` of a package.

    Args:
        package: Its name.
        homes: The names that it has, and the module that each is in; a name may be that of the module itself.
    """

    def load(name: str) -> object:
        if name not in homes:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        module = import_module(homes[name], package)
        found: object = module if homes[name] == f".{name}" else getattr(module, name)
        setattr(sys.modules[package], name, found)
        return found

    return load, lambda: sorted(homes)
