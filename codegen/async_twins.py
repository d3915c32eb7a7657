"""Derives the asynchronous form of hand-written resources from the synchronous one, so that no signature or docstring is written twice.

A type checker and an IDE want both forms as source. What differs is mechanical: `async def`, `await`, and `Async` before the names.
"""

import re
import subprocess
from pathlib import Path

from ruff import find_ruff_bin

from codegen.errors import BuildError

RESOURCES = ("src/aig_billing_charges/topup.py", "src/aig_billing_spend_limits/spend_limits.py")
"""Each of them has its asynchronous form beside it, with `async_` before its name."""

_CHANGES = (
    (r'\A"""(?:[^"]|"(?!""))*"""', '"""The asynchronous form of `{name}`. Made from it by `make gen`: do not edit."""'),
    (r"^(?<!@property\n)    def (?!_)", "    async def "),
    (r"return self\._client\.run\(", "return await self._client.run("),
    (r"\bimport Client\b", "import AsyncClient"),
    (r"(: |\")Client\b", r"\1AsyncClient"),
)


def outdated_twins(root: Path) -> dict[Path, str]:
    """Give the asynchronous modules that are not what the synchronous ones give, with what they should hold."""
    sources = [root / name for name in RESOURCES if (root / name).is_file()]
    wanted = {source.with_name(f"async_{source.name}"): _asynchronous(source) for source in sources}
    return {
        path: text for path, text in wanted.items() if not path.exists() or path.read_text(encoding="utf-8") != text
    }


def _asynchronous(source: Path) -> str:
    text = source.read_text(encoding="utf-8")
    for name in re.findall(r"^class (\w+)", text, flags=re.MULTILINE):
        text = re.sub(rf"\b{name}\b", f"Async{name}", text)
    for pattern, replacement in _CHANGES:
        text, found = re.subn(pattern, replacement.replace("{name}", source.name), text, flags=re.MULTILINE)
        if not found:
            reason = f"nothing in it matches {pattern!r}"
            raise BuildError(source, "", reason, "write it as the other hand-written resources are")
    command = [find_ruff_bin(), "format", "--line-length", "120", "--isolated", "-"]
    done = subprocess.run(command, input=text, capture_output=True, text=True, check=False)
    if done.returncode:
        raise BuildError(source, "", "its asynchronous form is not Python", "correct the module")
    return done.stdout
