"""What all commands share: the common options before or after the name, their help, and one way to end."""

from __future__ import annotations

import copy
import inspect
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, ClassVar, TypeVar

import typer
from typer.core import TyperCommand, TyperGroup

from .options import NAMES, Options, take_keywords
from .output.rows import Fields
from .session import Session

# Typer keeps its copy of click's types (contexts, parameters, formatters) private: they are Any here.
# ruff: noqa: ANN401

_F = TypeVar("_F", bound=Callable[..., Any])
_HYPHEN = "\N{NON-BREAKING HYPHEN}"
_COMMON = (
    "Before or after every command: -o FORMAT, --json FIELDS, --jq EXPR, --profile NAME, --account ID, --sandbox, --no-input, --quiet, "
    "--verbose, --debug and others; `aig-billing --help` explains them."
)


FAMILIES: defaultdict[str, typer.Typer] = defaultdict(
    lambda: typer.Typer(cls=Family, add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)
)
"""The commands by their first words: those of a module are there once it is imported."""


def command(
    words: str,
    *,
    fields: Fields = (),
    summary: Fields = (),
    more: str = "",
) -> Callable[[_F], _F]:
    """Declare a command by its words, such as `topup status`; its function takes a `Session`, and keywords for options and arguments.

    `fields` are those of its rows, `summary` those that JSON has beside the rows, and `more` is what `--help` says besides.
    """

    class Declared(Command):
        row_fields = fields
        summary_fields = summary
        remarks = more

    def declare(work: _F) -> _F:
        def run(context: typer.Context, **given: Any) -> Any:
            return work(context.obj, **given)

        _, *parameters = inspect.signature(work, eval_str=True).parameters.values()
        take_keywords(run, parameters)
        family, *name = words.split()
        FAMILIES[family].command(*(name or [family]), cls=Declared, help=inspect.getdoc(work))(run)
        return work

    return declare


class _Help:
    """Help that is the same with every version of Typer, and breaks no line at the hyphens of `--an-option` or `aig-billing`."""

    def get_help(self: Any, ctx: Any) -> str:
        formatter = ctx.make_formatter()
        write_text, write_dl = formatter.write_text, formatter.write_dl

        def text(paragraphs: str) -> None:
            write_text(paragraphs.replace("-", _HYPHEN))

        def definitions(rows: Iterable[tuple[str, str]]) -> None:
            write_dl([(name.replace("-", _HYPHEN), about.replace("-", _HYPHEN)) for name, about in rows])

        formatter.write_text, formatter.write_dl = text, definitions
        self.format_help(ctx, formatter)
        return str(formatter.getvalue()).rstrip("\n").replace(_HYPHEN, "-")

    def format_options(self: Any, ctx: Any, formatter: Any) -> None:
        shown = [param for param in self.get_params(ctx) if not param.hidden]
        for heading, kind in (("Arguments", "argument"), ("Options", "option")):
            rows = [_explained(param) for param in shown if param.param_type_name == kind]
            if rows:
                with formatter.section(heading):
                    formatter.write_dl(rows)


class Command(_Help, TyperCommand):
    """A command that takes the common options too, and ends with an exit code of the documented ones."""

    row_fields: ClassVar[Fields] = ()
    summary_fields: ClassVar[Fields] = ()
    remarks: ClassVar[str] = ""
    _common: list[Any] | None = None

    def get_params(self, ctx: Any) -> list[Any]:
        """Return its own parameters and, hidden, the common options, which are declared at the root."""
        if self._common is None:
            taken = {option for param in super().get_params(ctx) for option in param.opts}
            common = [param for param in ctx.find_root().command.params if param.name in NAMES]
            # `monitor --account` may be repeated, and `report -o` has its own forms.
            self._common = [copy.copy(param) for param in common if taken.isdisjoint(param.opts)]
            for param in self._common:
                # Hidden from help, and not from a shell that completes.
                param.hidden = not ctx.resilient_parsing
        return [*super().get_params(ctx), *self._common]

    def invoke(self, ctx: Any) -> int:
        """Run the command in a session, and return its exit code."""
        given = Options(**{name: ctx.params.pop(name, None) for name in NAMES})
        session = ctx.obj = Session(given.over(ctx.find_root().obj), self.row_fields, self.summary_fields)
        call = super().invoke
        return session.run(lambda: call(ctx))

    def collect_usage_pieces(self, ctx: Any) -> list[str]:  # noqa: ARG002 - as Typer declares it
        """Return the words of the line of usage; Typer's own differ from version to version."""
        arguments = [param for param in self.params if param.param_type_name == "argument"]
        return ["[OPTIONS]", *(f"{{{one.metavar}}}" if one.required else f"[{one.metavar}]" for one in arguments)]

    def format_epilog(self, ctx: Any, formatter: Any) -> None:  # noqa: ARG002 - as Typer declares it
        """Write what there is to say besides, the fields of its rows, and where the common options are explained."""
        with formatter.indentation():
            if self.remarks:
                formatter.write_paragraph()
                formatter.write_text(self.remarks)
            of_rows = ("Fields of -o json, jsonl and csv", self.row_fields)
            for heading, fields in (of_rows, ("Fields beside them in -o json", self.summary_fields)):
                if fields:
                    with formatter.section(heading):
                        formatter.write_dl(_described(fields))
            formatter.write_paragraph()
            formatter.write_text(_COMMON)


class Group(_Help, TyperGroup):
    """A group that lists its commands with all their words, and suggests a name only when it is near."""

    def format_options(self, ctx: Any, formatter: Any) -> None:
        """Write options and commands."""
        super().format_options(ctx, formatter)
        with formatter.section("Commands"):
            formatter.write_dl(self.entries(ctx, ctx.info_name if ctx.parent else ""))

    def entries(self, ctx: Any, prefix: str = "") -> Iterable[tuple[str, str]]:
        """Return the names and summaries of all commands."""
        for name in self.list_commands(ctx):
            found: Any = self.get_command(ctx, name)
            if isinstance(found, Group):
                yield from found.entries(ctx, name)
            else:
                yield (name if name == prefix else f"{prefix} {name}".strip(), found.get_short_help_str(80))

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Find the command that the first word names."""
        found = self.get_command(ctx, args[0])
        if found is None and not ctx.resilient_parsing:
            meant = near(args[0], self.list_commands(ctx))
            ctx.fail(f"No such command {args[0]!r}." + (f" Did you mean {meant[0]!r}?" if meant else ""))
        return args[0] if found else None, found, args[1:]


class Family(Group):
    """Commands whose first word is the same; one that has the family's own name is what the first word alone means."""

    def chosen(self, ctx: Any, name: str, rest: list[str]) -> Any:
        """Return the command that the first word means, or the family itself when the next word decides."""
        own = self.commands.get(name)
        if rest[:1] and rest[0] in self.commands and rest[0] != name:
            return self
        if own is not None:
            return self if ctx.resilient_parsing and not rest else own
        if (not rest or rest[0].startswith("-")) and rest[:1] not in (["-h"], ["--help"]) and not ctx.resilient_parsing:
            ctx.fail(f"Say what to do with {name!r}: {', '.join(self.list_commands(ctx))}.")
        return self

    def shell_complete(self, ctx: Any, incomplete: str) -> list[Any]:
        """Complete the next word, or an option of the command that the first word alone means."""
        own = self.commands.get(ctx.info_name)
        found = [item for item in super().shell_complete(ctx, incomplete) if item.value != ctx.info_name]
        known = {item.value for item in found}
        more = own.shell_complete(ctx, incomplete) if own is not None else []
        return found + [item for item in more if item.value not in known]


def near(word: str, names: Sequence[str]) -> list[str]:
    """Return the name that somebody meant who typed `word`, if one is near enough."""
    import difflib

    first_letters = [name for name in names if name.startswith(word)]
    return difflib.get_close_matches(word, names, 1, cutoff=0.75) or first_letters[:1]


def _described(fields: Fields) -> Iterable[tuple[str, str]]:
    for field in fields:
        first, *rest = field.names()
        yield first, f"{field.about}, in cents" if field.money else field.about
        for name in rest:
            yield name, "the same, in dollars"


def _explained(parameter: Any) -> tuple[str, str]:
    """Return how a parameter is written, and its help with the default."""
    remarks = ["required"] if parameter.required else []
    default = parameter.show_default if isinstance(parameter.show_default, str) else parameter.default
    if default and isinstance(default, (str, int, Path)) and not isinstance(default, bool):
        remarks.insert(0, f"default: {default}")
    names = [] if parameter.param_type_name == "argument" else [", ".join(sorted(parameter.opts, key=len))]
    words = [*names, parameter.metavar] if parameter.metavar else names
    return " ".join(words), f"{parameter.help}  [{'; '.join(remarks)}]" if remarks else parameter.help
