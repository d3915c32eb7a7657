"""The overlays' report can be read in a pull request: target, evidence, and what was there before and after."""

import re
from pathlib import Path

import pytest

from codegen.errors import BuildError
from codegen.resolve import resolve
from compare.report import report

SPEC = """
openapi: "3.1.0"
info: {title: Pets, version: "1"}
paths:
  /a: {get: {responses: {"200": {description: A}}}}
  /b: {get: {responses: {"200": {description: A}}}}
  /c: {get: {responses: {"200": {description: A}}}}
  /d: {get: {responses: {"200": {description: A}}}}
tags: [{name: one}, {name: two}]
components: {schemas: {Pet: {type: object, required: [name], properties: {name: {type: string}}}}}
"""
FIRST = """
overlay: "1.0.0"
info: {title: What pets really are, version: "1"}
actions:
  - target: $.components.schemas.Pet.required
    description: |-
      Nothing is required.
      Evidence: a user's report.
    remove: true
  - target: $.components.schemas.Pet.properties.name
    description: Names are long. Evidence `none`.
    update: {description: The name, maxLength: 99, type: string}
  - target: $.paths.*.get.responses['200']
    description: Every answer is good.
    update: {description: Good}
"""
SECOND = """
overlay: "1.0.0"
info: {title: Tags, version: "1"}
actions:
  - target: $.tags[?@.name == 'one']
    description: There is one tag only.
    remove: true
  - target: $.tags
    description: Another tag.
    update: {name: three, description: A third}
"""


@pytest.fixture
def reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.chdir(tmp_path)
    Path("overlays").mkdir()
    Path("spec.yaml").write_text(SPEC)
    Path("overlays/10-pets.yaml").write_text(FIRST)
    Path("overlays/20-tags.yaml").write_text(SECOND)
    return report(resolve(Path("spec.yaml"), Path("overlays")))


def section(reported: str, heading: str) -> str:
    """The part of the report under one heading of an action."""
    start = reported.index(heading) + len(heading)
    return re.split(r"\n##+ ", reported[start:], maxsplit=1)[0].strip()


def test_it_opens_with_what_was_put_together(reported: str) -> None:
    lines = reported.splitlines()
    assert lines[0] == "# What the overlays change"
    assert lines[2].startswith("`spec.yaml` and 2 overlays, 5 actions, 9 changes; digest `")
    assert [line for line in lines if line.startswith("## ")] == [
        "## `10-pets.yaml`: What pets really are",
        "## `20-tags.yaml`: Tags",
    ]


def test_a_removal_shows_what_was_there_and_the_evidence_for_it(reported: str) -> None:
    assert section(reported, "### 1. remove `$.components.schemas.Pet.required`") == (
        "> Nothing is required.\n> Evidence: a user's report.\n\nAt `$.components.schemas.Pet`:\n\n```diff\n-required:\n-  - name\n```"
    )


def test_an_update_shows_only_what_became_different(reported: str) -> None:
    assert section(reported, "### 2. update `$.components.schemas.Pet.properties.name`") == (
        "> Names are long. Evidence `none`.\n\nAt `$.components.schemas.Pet.properties.name`:\n\n"
        "```diff\n+description: The name\n+maxLength: 99\n```"
    )


def test_many_places_that_change_alike_are_reported_once(reported: str) -> None:
    places = ", ".join(f"`$.paths['/{name}'].get.responses['200']`" for name in "abcd")
    assert section(reported, "### 3. update `$.paths.*.get.responses['200']`") == (
        f"> Every answer is good.\n\nAt {places}:\n\n```diff\n-description: A\n+description: Good\n```"
    )


def test_an_item_that_left_a_list_is_shown_whole(reported: str) -> None:
    assert section(reported, "### 1. remove `$.tags[?@.name == 'one']`").endswith(
        "At `$.tags[0]`:\n\n```diff\n-removed:\n-  name: one\n```"
    )


def test_an_item_that_came_into_a_list_is_shown_beside_its_neighbours(reported: str) -> None:
    assert section(reported, "### 2. update `$.tags`").endswith(
        "At `$`:\n\n```diff\n tags:\n   - name: two\n+  - name: three\n+    description: A third\n```"
    )


def test_the_report_is_the_same_every_time(reported: str) -> None:
    assert report(resolve(Path("spec.yaml"), Path("overlays"))) == reported


def test_a_build_that_stops_reports_nothing(reported: str) -> None:
    Path("overlays/20-tags.yaml").write_text(SECOND.replace("'one'", "'seven'"))
    with pytest.raises(BuildError, match="the target matches nothing"):
        resolve(Path("spec.yaml"), Path("overlays"))
