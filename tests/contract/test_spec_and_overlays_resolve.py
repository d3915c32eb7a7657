"""Specification + overlays = resolved document: every overlay action counts, none is taken back, and what comes out is sound.

The engine in `codegen/` checks much of this on every build. Here it is proved again by other means, so that a fault of the engine
is seen as well: by the validators' own entry points, by another search for examples, and by leaving out each action in turn.
"""

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from attrs import evolve
from jsonschema import Draft202012Validator
from openapi_spec_validator import OpenAPIV31SpecValidator, validate

from codegen.errors import BuildError
from codegen.overlays import Action, apply, load_overlays
from codegen.resolve import Resolved, check, resolve
from codegen.yaml_io import dump_yaml, load_yaml
from compare.report import report
from tests.codegen.reverted import reverted
from tests.contract.examples import examples_of, faults_in_examples

ROOT = Path(__file__).parents[2]
SPEC = ROOT / "openapi" / "billing.yaml"
FOLDER = ROOT / "overlays" / "spec"


@pytest.fixture(scope="module")
def resolved() -> Resolved:
    return resolve(SPEC, FOLDER)


def actions() -> list[Action]:
    return [action for overlay in load_overlays(FOLDER) for action in overlay.actions]


@pytest.mark.slow
def test_specification_and_resolved_document_are_valid_openapi_3_1(resolved: Resolved) -> None:
    validate(load_yaml(SPEC), cls=OpenAPIV31SpecValidator)
    validate(resolved.document, cls=OpenAPIV31SpecValidator)


def test_every_schema_is_valid_json_schema_2020_12(resolved: Resolved) -> None:
    found = [*values_of(resolved.document, "schema"), *resolved.document["components"]["schemas"].values()]
    assert len(found) > 50
    for schema in found:
        Draft202012Validator.check_schema(schema)


def test_every_example_fits_its_own_schema(resolved: Resolved) -> None:
    faults = [str(fault) for fault in faults_in_examples(resolved.document)]
    assert not faults, "\n".join(faults)
    assert (
        len(list(examples_of(resolved.document))) >= 13 + 6 + 8
    )  # an answer each, the refusals, bodies and parameters


def values_of(node: object, name: str) -> Iterator[Any]:
    """Each value under this name that lies anywhere, examples aside."""
    if isinstance(node, dict):
        for key, value in node.items():
            if key == name:
                yield value
            if key not in {"example", "examples"}:
                yield from values_of(value, name)
    elif isinstance(node, list):
        for value in node:
            yield from values_of(value, name)


def test_extensions_say_what_templates_and_runtime_understand(resolved: Resolved) -> None:
    check(resolved)


@pytest.mark.parametrize("action", actions(), ids=lambda action: f"{action.file.name}-{action.number}")
def test_every_action_gives_its_evidence(action: Action) -> None:
    fact, _, evidence = action.description.partition("Evidence: ")
    assert len(fact.strip()) > 20, f"{action.file.name}: {action.place}: say what is so before 'Evidence: '"
    assert len(evidence.strip()) > 8, (
        f"{action.file.name}: {action.place}: end the description with 'Evidence: ' and where it is from"
    )


@pytest.mark.slow
def test_every_action_has_an_effect_on_the_resolved_document(resolved: Resolved) -> None:
    """Without the action, the resolved document would be another one, or a later action would not find its place."""
    base = load_yaml(SPEC)
    whole = json.dumps(resolved.document)
    idle = []
    for action in actions():
        overlays = [
            evolve(
                overlay,
                actions=tuple(
                    other for other in overlay.actions if (other.file, other.number) != (action.file, action.number)
                ),
            )
            for overlay in resolved.overlays
        ]
        try:
            document, _ = apply(base, overlays)
        except BuildError:
            continue
        if json.dumps(document) == whole:
            idle.append(f"{action.file.name}: {action.place}")
    assert idle == [], "these actions change nothing in the end: drop them"


def test_no_action_takes_back_what_another_did(resolved: Resolved) -> None:
    found = [str(one) for one in reverted(resolved.changes)]
    assert not found, "\n".join(found)


def test_the_report_shows_every_action_with_its_change(resolved: Resolved) -> None:
    reported = report(resolved)
    parts = re.split(r"\n##+ ", reported)[1:]
    assert len(parts) == len(actions()) + len(resolved.overlays)
    for part in parts:
        if re.match(r"\d", part):
            assert re.search(r"^> .*Evidence: ", part, re.MULTILINE | re.DOTALL), part
            assert re.search(r"^```diff\n(?:.*\n)*?[+-]", part, re.MULTILINE), part


@pytest.mark.slow
def test_resolving_again_gives_the_same_and_leaves_the_files_alone(resolved: Resolved) -> None:
    before = {file: file.read_bytes() for file in [SPEC, *FOLDER.iterdir()]}
    again = resolve(SPEC, FOLDER)
    assert (json.dumps(again.document), again.digest) == (json.dumps(resolved.document), resolved.digest)
    assert {file: file.read_bytes() for file in [SPEC, *FOLDER.iterdir()]} == before


@pytest.mark.slow
def test_every_yaml_reader_reads_the_same_from_the_files_and_from_the_resolved_document(resolved: Resolved) -> None:
    """PyYAML's own loader follows YAML 1.1: what it agrees on with the strict one is beyond doubt."""
    for file in [SPEC, *FOLDER.iterdir()]:
        assert yaml.safe_load(file.read_text(encoding="utf-8")) == load_yaml(file), (
            f"{file.name}: put what is a string in quotes"
        )
    assert yaml.safe_load(dump_yaml(resolved.document)) == resolved.document


def test_a_field_renamed_in_the_specification_stops_the_overlay_that_targets_it(tmp_path: Path) -> None:
    shutil.copytree(FOLDER, tmp_path / "spec")
    text = SPEC.read_text(encoding="utf-8")
    assert "amount_remaining:" in text
    (tmp_path / "billing.yaml").write_text(text.replace("amount_remaining", "amount_left"), encoding="utf-8")
    with pytest.raises(BuildError) as caught:
        resolve(tmp_path / "billing.yaml", tmp_path / "spec")
    assert re.search(
        r"spec/40-units\.yaml: action \d+ \(\$\.components\.schemas\.\w+\.properties\.amount_remaining\): the target matches nothing: "
        r"the document has moved under the overlay; correct the target or drop the action$",
        str(caught.value),
    )
