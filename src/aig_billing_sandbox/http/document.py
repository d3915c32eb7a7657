"""The resolved OpenAPI document of the client package, read as a file: the client's code is not imported for it."""

import re
from collections.abc import Mapping
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, cast

import yaml

from aig_billing_sandbox.errors import DocumentError

_PACKAGE = "aig_billing"
_NAME = "openapi.yaml"


class _ReadsFiles(Protocol):
    def get_data(self, path: str) -> bytes: ...


@cache
def resolved_document() -> dict[str, Any]:
    """The document, parsed once per process."""
    spec = find_spec(_PACKAGE)
    if spec is None or spec.loader is None or not spec.submodule_search_locations:
        raise DocumentError(f"the sandbox needs the package {_PACKAGE}, whose {_NAME} it serves: install aig-billing")
    path = str(Path(spec.submodule_search_locations[0]) / _NAME)
    try:
        # By the loader, because a package may be inside a zip file.
        text = cast("_ReadsFiles", spec.loader).get_data(path)
    except OSError as error:
        raise DocumentError(f"{path} cannot be read ({error.strerror}): run `make gen`") from error
    return parse_document(text)


def resolve_pointer(document: Mapping[str, Any], reference: str) -> Any:  # noqa: ANN401 - JSON
    """What a `$ref` within the document points to."""
    target: Any = document
    for part in reference.removeprefix("#/").split("/"):
        target = target[part.replace("~1", "/").replace("~0", "~")]
    return target


def parse_document(text: bytes) -> dict[str, Any]:
    """Parses YAML whose plain scalars mean what they mean in JSON and nothing else."""
    document = yaml.load(text, _JsonScalarLoader)  # noqa: S506 - derived from a safe loader
    if not isinstance(document, dict):
        raise DocumentError(f"{_NAME} is not an OpenAPI document: it does not hold a mapping")
    return cast("dict[str, Any]", document)


if TYPE_CHECKING:
    from yaml import SafeLoader
else:
    # libyaml where PyYAML was built with it: it takes a twentieth of the time.
    SafeLoader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _JsonScalarLoader(SafeLoader):
    # The base class's resolvers are those of YAML 1.1, in which `no` is false and `12:30` a number.
    yaml_implicit_resolvers = {}  # noqa: RUF012 - this is how PyYAML takes it


for _tag, _pattern, _first in (
    ("null", r"^null$", "n"),
    ("bool", r"^(true|false)$", "tf"),
    ("int", r"^-?(0|[1-9][0-9]*)$", "-0123456789"),
    ("float", r"^-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?$", "-0123456789"),
):
    cast("Any", _JsonScalarLoader).add_implicit_resolver(
        f"tag:yaml.org,2002:{_tag}", re.compile(_pattern), list(_first)
    )
