"""The resolved OpenAPI document of the client package, read as a file: the client's code is not imported for it."""

from collections.abc import Mapping
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, cast

import yaml

from aig_billing_sandbox.errors import DocumentError

_PACKAGE = "aig_billing"
_NAME = "openapi.yaml"

# libyaml where PyYAML was built with it: it takes a twentieth of the time.
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@cache
def resolved_document() -> dict[str, Any]:
    """The document, parsed once per process. The generator quotes what YAML 1.1 would take for something else than JSON does."""
    spec = find_spec(_PACKAGE)
    if spec is None or spec.loader is None or not spec.submodule_search_locations:
        raise DocumentError(f"the sandbox needs the package {_PACKAGE}, whose {_NAME} it serves: install aig-billing")
    path = str(Path(spec.submodule_search_locations[0]) / _NAME)
    try:
        # By the loader, because a package may be inside a zip file.
        text: bytes = cast("Any", spec.loader).get_data(path)
    except OSError as error:
        raise DocumentError(f"{path} cannot be read ({error.strerror}): run `make gen`") from error
    document = yaml.load(text, _LOADER)  # noqa: S506 - a safe loader
    if not isinstance(document, dict):
        raise DocumentError(f"{path} is not an OpenAPI document: it does not hold a mapping")
    return cast("dict[str, Any]", document)


def resolve_pointer(document: Mapping[str, Any], reference: str) -> Any:  # noqa: ANN401 - JSON
    """What a `$ref` within the document points to."""
    target: Any = document
    for part in reference.removeprefix("#/").split("/"):
        target = target[part.replace("~1", "/").replace("~0", "~")]
    return target
