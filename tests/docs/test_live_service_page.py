"""The page of what is known of the live service is what the overlays say."""

from pathlib import Path

from codegen.facts_page import PAGE, facts_page
from codegen.yaml_io import load_yaml

ROOT = Path(__file__).parents[2]
SURE = {"published", "known", "likely", "mixed", "unconfirmed", "project"}


def test_the_page_is_what_the_overlays_say() -> None:
    assert (ROOT / PAGE).read_text(encoding="utf-8") == facts_page(ROOT), "run `make gen`"


def test_every_action_says_how_sure_its_fact_is() -> None:
    for file in sorted((ROOT / "overlays" / "spec").glob("*.yaml")):
        for number, action in enumerate(load_yaml(file)["actions"], 1):
            assert action.get("x-confidence") in SURE, (
                f"{file.name}: action {number}: say x-confidence: {', '.join(SURE)}"
            )
            parts = action["description"].count("(published)") + action["description"].count("(known)")
            assert (action["x-confidence"] == "mixed") == (parts > 0), (
                f"{file.name}: action {number}: say which part is how sure"
            )
