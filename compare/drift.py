"""Compares a published description of the API with the resolved document, as far as it lies under /ai-gateway/.

`python -m codegen drift --schema FILE` reads an OpenAPI document (Cloudflare's whole one or a part of it, JSON or YAML), `--sdk PATH` the
installed `cloudflare` package. A line a difference, with the text of ours to look at; exit code 0 for none, 1 for some, 2 for a file that
cannot be read. What `kept-differences.yaml` lists does not count. Names of components and operation ids do not matter.
"""

import argparse
import json
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml
from attrs import evolve, frozen

from codegen.errors import BuildError, display_path, shorten
from codegen.paths import NodePath
from codegen.resolve import Resolved, resolve
from codegen.schemas import LIMITS
from codegen.yaml_io import load_yaml
from compare.document import Document, Fact, Name, side_by_side
from compare.sdk_types import read_sdk

SCOPE = "/ai-gateway/"
KEPT = Path(__file__).with_name("kept-differences.yaml")

_LABELS = {"required": "always present"}
# The keyword under which ours says what an attribute compares; it leads to the text to look at.
_KEYWORDS = {"null": "type", "note": "description", "closed": "additionalProperties"}
_COMPARED = ("type", "null", "enum", "required", "deprecated", "note")
_OF_WHAT_IS_SENT = ("closed", "default", *LIMITS)


@frozen
class Difference:
    """One difference: the place, what differs, and our text to look at."""

    place: str
    what: str
    text: str

    @property
    def key(self) -> str:
        """What kept differences are matched with: without the names of path parameters."""
        return re.sub(r"\{[^}]*\}", "{}", f"{self.place}: {self.what}")

    def __str__(self) -> str:
        return f"{self.place}: {self.what}; look at {self.text}"


def differences(resolved: Resolved, published: Mapping[str, Any], *, of_sdk: bool = False) -> Iterator[Difference]:
    """What the two say differently; below a place that only one of them has, or whose type differs, nothing more is said."""
    ours, theirs = (_by_place(document, of_sdk=of_sdk) for document in (resolved.document, published))
    for key, here, there in side_by_side(ours, theirs, "type"):
        if here is None or there is None:
            nearest = next((ours[key[:length]] for length in range(len(key), 0, -1) if key[:length] in ours), None)
            what = "only here" if there is None else "only published"
            place = " > ".join(next(one.place for one in (here, there) if one))
            yield Difference(place, what, _text(resolved, nearest.path if nearest else None))
            continue
        for name in sorted({*here.says, *there.says}):
            mine, other = here.says.get(name, "none"), there.says.get(name, "none")
            if mine != other:
                at = here.required_at if name == "always present" else (*here.path, _KEYWORDS.get(name, name))
                yield Difference(" > ".join(here.place), f"{name}: here {mine}, published {other}", _text(resolved, at))


def _by_place(document: Mapping[str, Any], *, of_sdk: bool) -> dict[Name, Fact]:
    """Facts by place without the names of path parameters, with the attributes in words that both sides can know."""
    found = {}
    for fact in Document(document).facts(SCOPE):
        if not fact.place or (of_sdk and not fact.says):
            continue  # an SDK knows neither statuses nor limits
        known = (*_COMPARED, *(_OF_WHAT_IS_SENT if True in fact.ways and not of_sdk else ()))
        says = {name: fact.says[name] for name in known if name in fact.says}
        if fact.place[1:] == ("body",):
            del says["required"]  # hardly anybody publishes it
        if of_sdk and "null" in says and True not in fact.ways:
            # What is absent and what is null are one thing to an SDK, in an answer.
            present = says.pop("required", True)
            says["always a value"] = not says.pop("null") and present
        words = {_LABELS.get(name, name): _in_words(name, value) for name, value in says.items()}
        found[re.sub(r"\{[^}]*\}", "{}", fact.place[0]), *fact.place[1:]] = evolve(fact, says=words)
    return found


def _in_words(name: str, value: Any) -> str:  # noqa: ANN401 - what any attribute says
    match name:
        case "type":
            return " or ".join(sorted(value)) or "anything"
        case "enum":
            return ", ".join(sorted(one.strip("'") for one in value))
        case "null":
            return "allowed" if value else "not allowed"
        case _ if isinstance(value, bool) and name != "default":
            return "yes" if value else "no"
    return str(value)


def _text(resolved: Resolved, path: NodePath | None) -> str:
    """Our text that says something at a path: the overlay action that last set it, else the specification."""
    spec = display_path(resolved.spec_path)
    if path is None:
        return f"{spec} if the documents show it, else at overlays/spec/20-live-service.yaml"
    change = next((one for one in reversed(resolved.changes) if one.path == path[: len(one.path)]), None)
    return spec if change is None else f"{display_path(change.action.file)}, action {change.action.number}"


def _matches(pattern: str, difference: Difference) -> bool:
    return re.fullmatch(".*".join(map(re.escape, pattern.split("*"))), difference.key) is not None


def read_kept(file: Path, source: str) -> list[str]:
    """The kept differences from one kind of source, `schema` or `sdk`; `*` in them stands for any text."""
    found: list[str] = []
    for number, entry in enumerate(load_yaml(file).get("kept", []), 1):
        listed, reason, sources = (entry.get(name) for name in ("differences", "reason", "published in"))
        if not listed or not reason or not set(sources or ()) <= {"schema", "sdk"}:
            raise BuildError(file, f"entry {number}", "an entry needs differences and a reason", "correct it")
        if source in (sources or (source,)):
            found += listed
    return found


def read_published(file: Path) -> dict[str, Any]:
    """A published OpenAPI document; a BuildError where it cannot be read, or is not one."""
    try:
        text = file.read_bytes().decode("utf-8-sig")
        document = json.loads(text) if text.lstrip()[:1] == "{" else yaml.load(text, yaml.CSafeLoader)
    except (OSError, ValueError, yaml.YAMLError, RecursionError) as error:
        raise BuildError(file, "", f"it cannot be read: {shorten(str(error))}", "give a JSON or YAML file") from error
    if not isinstance(document, dict) or not isinstance(document.get("paths"), dict):
        raise BuildError(file, "", "this is not an OpenAPI document: it has no paths", "give another file")
    return document


def drift(resolved: Resolved, *, schema: Path | None = None, sdk: Path | None = None, kept: Path = KEPT) -> int:
    """Print the differences from a schema or an SDK; give the exit code."""
    source = schema or sdk or Path()
    try:
        known = read_kept(kept, "schema" if schema else "sdk")
        published = read_published(source) if schema else read_sdk(source)
        found = list(differences(resolved, published, of_sdk=schema is None))
    except (BuildError, AttributeError, LookupError, TypeError, ValueError) as error:
        known_fault = isinstance(error, BuildError)
        reason = error if known_fault else f"{source}: not in the form of OpenAPI: {shorten(str(error))}"
        print(f"error: {reason}", file=sys.stderr)
        return 2
    counted = [one for one in found if not any(_matches(pattern, one) for pattern in known)]
    for difference in counted:
        print(difference)
    for pattern in known:
        if not any(_matches(pattern, one) for one in found):
            print(f"remark: a kept difference no longer exists: {pattern}; drop it from {display_path(kept)}")
    print(f"{len(counted)} differences, and {len(found) - len(counted)} kept on purpose", file=sys.stderr)
    return 1 if counted else 0


def main(arguments: Sequence[str], root: Path) -> int:
    """Run `python -m codegen drift`; give the exit code."""
    parser = argparse.ArgumentParser(prog="python -m codegen drift", description=__doc__)
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument("--schema", type=Path, help="an OpenAPI document, JSON or YAML")
    source.add_argument("--sdk", type=Path, help="where the cloudflare package is installed")
    folder = "the folder with openapi/ and overlays/ (default: this one)"
    parser.add_argument("--root", type=Path, default=root, help=folder)
    chosen = parser.parse_args(arguments)
    try:
        resolved = resolve(chosen.root / "openapi" / "billing.yaml", chosen.root / "overlays" / "spec")
    except BuildError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    return drift(resolved, schema=chosen.schema, sdk=chosen.sdk)
