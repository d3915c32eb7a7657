"""How commands are declared: names of one or two words, the common options on each, and one way for all of them to end."""

from __future__ import annotations

import copy
import inspect
from collections.abc import Callable, Sequence
from dataclasses import fields
from typing import Annotated, Any, Concatenate, ParamSpec, get_args, get_type_hints

import typer
from typer.core import TyperGroup

from .exit_codes import exit_code_table
from .options import Options
from .output.rows import Field
from .session import Session

P = ParamSpec("P")
Work = Callable[Concatenate[Session, P], int | None]

_COMMON = (
    "Before or after every command: -o FORMAT, --profile NAME, --account ID, --sandbox, --no-input, --quiet, --verbose, --debug; "
    "`aig-billing --help` explains them."
)


_ORDER = ("balance", "usage", "invoices", "topup", "charges", "auto-topup", "limit", "watch", "doctor", "sandbox")
"""How `--help` lists them, by their first word."""


class CommandTree(TyperGroup):
    """Commands whose names may be two words: `topup` takes an amount, and `topup status` is another command."""

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ANN401 - typer keeps click's types to itself
        """List them in the order in which they are told."""
        return sorted(super().list_commands(ctx), key=lambda name: _ORDER.index(name.partition(" ")[0]))

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:  # noqa: ANN401 - typer keeps click's types to itself
        """Find the command that the first one or two words name."""
        both = " ".join(args[:2])
        if both in self.commands:
            return super().resolve_command(ctx, [both, *args[2:]])
        family = [name for name in self.commands if name.startswith(f"{args[0]} ")]
        if family and args[0] not in self.commands:
            self._tell_family(ctx, args, family)
        return super().resolve_command(ctx, args)

    def _tell_family(self, ctx: Any, args: list[str], family: list[str]) -> None:  # noqa: ANN401
        if any(arg in ctx.help_option_names for arg in args[1:]):
            lines = [f"  {name:<20}  {self.commands[name].get_short_help_str(80)}" for name in family]
            typer.echo("\n".join([f"Usage: {ctx.command_path} {args[0]} COMMAND", "", "Commands:", *lines]))
            raise typer.Exit
        words = ", ".join(name.partition(" ")[2] for name in family)
        ctx.fail(f"Say what to do with '{args[0]}': {words}.")


app = typer.Typer(
    cls=CommandTree,
    # Rich would be imported for help and errors, and take longer than all the rest.
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    add_completion=False,
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def command(name: str, *, fields: Sequence[Field] = (), more: str = "") -> Callable[[Work[P]], Work[P]]:
    """Declare a command.

    Args:
        name: One or two words.
        fields: What its rows are made of, for `--help`.
        more: What `--help` says besides.
    """

    def declare(work: Work[P]) -> Work[P]:
        def run(context: typer.Context, **given: Any) -> None:  # noqa: ANN401 - what the signature below says
            common = Options(**{option: given.pop(option) for option in _NAMES}).over(context.obj)
            call: Callable[..., int | None] = work
            raise typer.Exit(Session(common).run(lambda session: call(session, **given)))

        own = list(inspect.signature(work, eval_str=True).parameters.values())[1:]
        _take_parameters(run, [*own, *_common_parameters(hidden=True)])
        run.__doc__ = work.__doc__
        app.command(name, epilog=_epilog(fields, more))(run)
        return work

    return declare


def _root(context: typer.Context, **given: Any) -> None:  # noqa: ANN401 - the common options
    """Cloudflare AI Gateway billing: what AI costs, topping up at most once, and being warned.

    Credentials come from CLOUDFLARE_API_TOKEN (or CLOUDFLARE_EMAIL and CLOUDFLARE_API_KEY), the account from CLOUDFLARE_ACCOUNT_ID;
    what is not there, from a profile in ~/.config/aig-billing/config.toml. `aig-billing doctor` says what was found.
    """
    given.pop("version")
    context.obj = Options(**given)


def _common_parameters(*, hidden: bool) -> list[inspect.Parameter]:
    hints = get_type_hints(Options, include_extras=True)
    parameters: list[inspect.Parameter] = []
    for field in fields(Options):
        kind, option = get_args(hints[field.name])
        option = copy.copy(option)
        option.hidden = hidden
        parameters.append(
            inspect.Parameter(
                field.name, inspect.Parameter.KEYWORD_ONLY, default=None, annotation=Annotated[kind, option]
            )
        )
    return parameters


_NAMES = tuple(field.name for field in fields(Options))


def _take_parameters(function: Callable[..., None], parameters: list[inspect.Parameter]) -> None:
    """Let typer see these parameters in place of `**given`."""
    parameters = [parameter.replace(kind=inspect.Parameter.KEYWORD_ONLY) for parameter in parameters]
    context = inspect.Parameter("context", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=typer.Context)
    everything = [context, *parameters]
    function.__signature__ = inspect.Signature(everything)  # type: ignore[attr-defined]  # what inspect looks for first
    function.__annotations__ = {parameter.name: parameter.annotation for parameter in everything}


def _version(asked: bool) -> None:  # noqa: FBT001 - typer calls it so
    if asked:
        from aig_billing_runtime.version import __version__

        typer.echo(f"aig-billing {__version__}")
        raise typer.Exit


def _epilog(of_rows: Sequence[Field], more: str) -> str:
    parts = [more] if more else []
    lines: list[tuple[str, str]] = []
    for field in of_rows:
        first, *rest = field.names()
        lines.append((first, f"{field.about}, in cents" if field.money else field.about))
        lines += [(name, "the same, in dollars") for name in rest]
    if lines:
        width = max(len(name) for name, _ in lines)
        told = [f"  {name:<{width}}  {about}" for name, about in lines]
        parts.append("\n".join(["\b", "Fields of -o json, jsonl and csv:", *told]))
    return "\n\n".join([*parts, _COMMON])


_CONFIGURATION = """Configuration: ~/.config/aig-billing/config.toml, or what AIG_BILLING_CONFIG
names:
  [profiles.default]
  account_id = "7f3c0a9e5b1d42d8a6e4c9b20f18d573"
  token_command = "pass cloudflare/billing"    # run without a shell

  Other keys: api_token, or api_email and api_key; base_url; journal.
  Other profiles: --profile NAME, AIG_BILLING_PROFILE, or default_profile.
  Charges are kept in this user's state directory, or where
  AIG_BILLING_JOURNAL says; several machines can share a PostgreSQL URL."""

_show_version = inspect.Parameter(
    "version",
    inspect.Parameter.KEYWORD_ONLY,
    default=None,
    annotation=Annotated[
        bool | None,
        typer.Option("--version", help="Print the version.", is_eager=True, callback=_version, show_default=False),
    ],
)
_take_parameters(_root, [*_common_parameters(hidden=False), _show_version])
app.callback(epilog=f"\b\n{_CONFIGURATION}\n\n\b\nExit codes:\n{exit_code_table()}")(_root)
