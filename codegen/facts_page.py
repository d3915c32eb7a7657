"""Writes docs/explanation/live-service.md from the overlays: what is known of the live service, how sure it is, and on what evidence."""

import re
from collections.abc import Iterator
from pathlib import Path

from codegen.yaml_io import load_yaml

PAGE = Path("docs/explanation/live-service.md")
_HEAD = """# What is known of the live service

<!-- Made by `make gen` from overlays/spec: do not edit. -->

Cloudflare's documents are transcribed in `openapi/billing.yaml`. Everything here is known from elsewhere; each row is an action of an
overlay, which changes `openapi.yaml` accordingly. Nobody here has an account to look with: [`aig-billing verify`](../how-to/verify.md)
looks with yours, by reading alone.

| how sure | means |
|---|---|
| published | Cloudflare or Stripe has published it |
| known | several people have seen it, independently of each other |
| likely | one person has reported it, or a convention says so |
| mixed | the row has several parts, and says of each how sure it is |
| unconfirmed | nobody has published it; this is how the project reads it |
| project | a decision of this project, and not a fact about the service |
"""
_LEFT_OUT = {"30-names.yaml"}


def facts_page(root: Path) -> str:
    """The page; names in code, which say nothing of the service, are left out."""
    return _HEAD + "\n".join(_sections(root)) + "\n"


def _sections(root: Path) -> Iterator[str]:
    for file in sorted((root / "overlays" / "spec").glob("*.yaml")):
        overlay = load_yaml(file)
        if file.name in _LEFT_OUT:
            continue
        yield f"\n## {overlay['info']['title']}\n\n| what | how sure | evidence |\n|---|---|---|"
        for action in overlay["actions"]:
            fact, _, evidence = " ".join(action["description"].split()).partition("Evidence: ")
            cells = (fact.strip(), action.get("x-confidence", "not said"), evidence.strip())
            yield f"| {' | '.join(_code(cell.replace('|', chr(92) + '|')) for cell in cells)} |"


def _code(text: str) -> str:
    """Set in code what is a name: of a field, a header, a path, a file."""
    names = (
        r"(?<![\w`/.])((?:GET|POST|PUT|DELETE) /[\w/{}-]+|[a-z]+_[a-z_]+|[a-z]+[A-Z]\w+|NO_\w+|[\w-]+\.yaml)(?![\w`])"
    )
    return re.sub(names, r"`\1`", text)
