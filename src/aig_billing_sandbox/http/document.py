"""The resolved OpenAPI document of the client package, read as a file: the client's code is not imported for it."""

from collections.abc import Mapping
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, cast

import yaml

# libyaml where PyYAML was built with it: it takes a twentieth of the time.
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@cache
def resolved_document() -> dict[str, Any]:
    """The document, parsed once per process. The generator quotes what YAML 1.1 would take for something else than JSON does."""
    spec: Any = find_spec("aig_billing")
    path = str(Path(spec.submodule_search_locations[0]) / "openapi.yaml")
    # By the loader, because a package may be inside a zip file.
    text: bytes = spec.loader.get_data(path)
    return cast("dict[str, Any]", yaml.load(text, _LOADER))  # noqa: S506 - a safe loader


def resolve_pointer(document: Mapping[str, Any], reference: str) -> Any:  # noqa: ANN401 - JSON
    """What a `$ref` within the document points to."""
    target: Any = document
    for part in reference.removeprefix("#/").split("/"):
        target = target[part.replace("~1", "/").replace("~0", "~")]
    return target
