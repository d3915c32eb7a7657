"""Both type checkers as functions: a program goes in, what each says about its lines comes out."""

import json
import re
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
_MYPY_LINE = re.compile(r"^[^:]+:(?P<line>\d+): (?P<kind>error|note): (?P<text>.*?)(?:  \[(?P<code>[a-z-]+)\])?$")
_PYRIGHT_REVEALED = re.compile(r'^Type of ".*" is "(?P<type>.*)"$', re.DOTALL)


@dataclass(frozen=True)
class Findings:
    """What a checker says, by line."""

    revealed: dict[int, str] = field(default_factory=dict[int, str])
    errors: dict[int, set[str]] = field(default_factory=dict[int, set[str]])
    """The codes (mypy) or rules (pyright) of the errors of a line."""

    def as_json(self) -> list[list[list[object]]]:
        return [
            [list(pair) for pair in self.revealed.items()],
            [[line, sorted(codes)] for line, codes in self.errors.items()],
        ]

    @classmethod
    def from_json(cls, kept: list[list[list[Any]]]) -> "Findings":
        revealed, errors = kept
        return cls({line: shown for line, shown in revealed}, {line: set(codes) for line, codes in errors})  # noqa: C416 - pairs


def mypy(program: Path, cache: Path) -> Findings:
    """Check a program with mypy --strict, against the source tree."""
    options = (
        "--config-file",
        "pyproject.toml",
        "--strict",
        "--enable-error-code",
        "deprecated",
        "--cache-dir",
        str(cache),
    )
    command = [
        sys.executable,
        "-m",
        "mypy",
        *map(str, options),
        "--no-color-output",
        "--no-error-summary",
        str(program),
    ]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode in {0, 1}, done.stdout + done.stderr
    findings = Findings()
    for text in done.stdout.splitlines():
        found = _MYPY_LINE.match(text)
        if not found:
            continue
        line = int(found["line"])
        if found["text"].startswith("Revealed type is "):
            findings.revealed[line] = _short(found["text"].removeprefix("Revealed type is ").strip('"'))
        elif found["kind"] == "error":
            findings.errors.setdefault(line, set()).add(found["code"] or "")
    return findings


def pyright(program: Path, cache: Path) -> Findings:
    """Check a program with pyright's strict rules, against the source tree."""
    settings = program.with_name("pyrightconfig.json")
    settings.write_text(
        json.dumps(
            {
                "include": [program.name],
                "extraPaths": [str(ROOT / "generated"), str(ROOT / "src")],
                "typeCheckingMode": "strict",
                "reportDeprecated": "error",
                "reportUnusedCoroutine": "error",
            }
        )
    )
    command = [
        sys.executable,
        "-m",
        "pyright",
        "--outputjson",
        "--pythonpath",
        sys.executable,
        "--project",
        str(settings),
    ]
    done = subprocess.run(command, cwd=program.parent, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode in {0, 1}, done.stdout + done.stderr
    findings = Findings()
    for entry in json.loads(done.stdout)["generalDiagnostics"]:
        line = entry["range"]["start"]["line"] + 1
        revealed = _PYRIGHT_REVEALED.match(entry["message"])
        if entry["severity"] == "information" and revealed:
            findings.revealed[line] = _short(revealed["type"])
        elif entry["severity"] == "error":
            findings.errors.setdefault(line, set()).add(entry.get("rule", ""))
    return findings


def _short(shown: str) -> str:
    """The type as an IDE shows it: without the modules that mypy puts before names, and named tuples by their name."""
    plain = re.sub(r"\b(?:[a-z_][a-z_0-9]*\.)+(?=[A-Za-z])", "", shown)
    return re.sub(r"tuple\[[^\[\]]*, fallback=(\w+)\]", r"\1", plain)
