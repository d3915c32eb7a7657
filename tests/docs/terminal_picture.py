"""`python -m tests.docs.terminal_picture`: draws docs/assets/terminal.svg, what the commands really print of the sandbox's demo account."""

import io
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from rich._export_format import CONSOLE_SVG_FORMAT
from rich.console import Console
from rich.text import Text

from aig_billing_sandbox import Sandbox

PICTURE = Path(__file__).resolve().parents[2] / "docs/assets/terminal.svg"
COMMANDS = (
    ["balance"],
    ["usage", "--since", "7d"],
    ["topup", "20", "--key", "refill-november", "--yes"],
    ["topup", "20", "--key", "refill-november", "--yes"],
)
_WIDTH = 92
# rich's own has a font fetched from elsewhere.
_FORMAT = re.sub(r"@font-face \{\{.*?\}\}", "", CONSOLE_SVG_FORMAT, flags=re.DOTALL)


def draw() -> str:
    """Run the commands, one after the other, and draw what they print."""
    console = Console(record=True, width=_WIDTH, file=io.StringIO(), force_terminal=True)
    with Sandbox(seed="demo") as sandbox, tempfile.TemporaryDirectory() as folder:
        environment = {
            **os.environ,
            "CLOUDFLARE_BASE_URL": sandbox.base_url,
            "CLOUDFLARE_API_TOKEN": sandbox.token,
            "CLOUDFLARE_ACCOUNT_ID": sandbox.account_id,
            "XDG_CONFIG_HOME": folder,
            "XDG_STATE_HOME": folder,
            "FORCE_COLOR": "1",
            "COLUMNS": str(_WIDTH),
        }
        for command in COMMANDS:
            console.print(Text.assemble(("$ ", "green"), ("aig-billing " + " ".join(command), "bold")))
            done = subprocess.run(
                [sys.executable, "-m", "aig_billing_cli", *command],
                env=environment,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                check=True,
            )
            console.print(Text.from_ansi(done.stdout), "")
    return console.export_svg(title="aig-billing", code_format=_FORMAT, unique_id="terminal")


if __name__ == "__main__":
    PICTURE.write_text(draw(), encoding="utf-8")
    print(f"written: {PICTURE.relative_to(Path.cwd())}")
