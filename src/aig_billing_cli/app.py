"""The root of all commands: the common options, and each command loaded when it is asked for."""

from __future__ import annotations

import importlib
import itertools
import sys
from typing import Any

import typer

from . import completion
from .command import FAMILIES, Family, Group, near
from .errors import ExitCode, OutputError, UsageError
from .options import Options, common_parameters, option, take_keywords
from .output.terminal import flush_stderr, print_json, report_unwritable

_NAMES = ("balance", "usage", "invoices", "topup", "charges", "auto-topup", "spend-limits", "limit", "watch", "monitor", "sync", "report",
          "fleet", "doctor", "verify", "auth", "config", "sandbox")  # fmt: skip
"""The first words of all commands, in the order in which `--help` lists them; each is a module of `commands`."""

_CONFIGURATION = """Configuration: ~/.config/aig-billing/config.toml, or the file that
AIG_BILLING_CONFIG names:
  [profiles.default]
  account_id = "7f3c0a9e5b1d42d8a6e4c9b20f18d573"
  token_command = "pass cloudflare/billing"    # run without a shell

  Other keys: api_token, or api_email and api_key; base_url; journal.
  Other profiles: --profile NAME, AIG_BILLING_PROFILE, or default_profile.
  Charges are kept in this user's state directory, or where
  AIG_BILLING_JOURNAL says; several machines can share a PostgreSQL URL."""


class _Root(Group):
    def get_params(self, ctx: Any) -> list[Any]:  # noqa: ANN401 - as Typer declares it
        params: list[Any] = super().get_params(ctx)
        for param in params:
            if param.name in {"install_completion", "show_completion"}:
                param.callback = completion.for_this_shell
        return params

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ANN401, ARG002 - as Typer declares it
        return list(_NAMES)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ANN401, ARG002 - as Typer declares it
        if cmd_name in _NAMES and cmd_name not in self.commands:
            importlib.import_module(f".commands.{cmd_name.replace('-', '_')}", __package__)
            self.commands[cmd_name] = typer.main.get_command(FAMILIES[cmd_name])
        return self.commands.get(cmd_name)

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:  # noqa: ANN401 - as Typer declares it
        """Find the command that the first word names, or the family where the next word decides."""
        name, found, rest = super().resolve_command(ctx, args)
        return name, found.chosen(ctx, name, rest) if isinstance(found, Family) else found, rest


def _print_version(given: bool) -> None:  # noqa: FBT001 - Typer calls it so
    if given:
        from aig_billing_runtime.version import __version__

        typer.echo(f"aig-billing {__version__}")
        raise typer.Exit


_VERSION = option("--version", "Print the version.", default=False, is_eager=True, callback=_print_version)
app = typer.Typer(
    cls=_Root,
    # Rich would be imported for help and errors, and take longer than everything else.
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def root(
    context: typer.Context,
    *,
    version: bool = _VERSION,  # noqa: ARG001 - its callback answers
    **given: Any,  # noqa: ANN401 - the common options, declared by `Options`
) -> None:
    """Cloudflare AI Gateway billing: what AI costs, topping up at most once, and alerts.

    Credentials come from CLOUDFLARE_API_TOKEN (or CLOUDFLARE_EMAIL and CLOUDFLARE_API_KEY), the account from CLOUDFLARE_ACCOUNT_ID;
    what is missing there comes from a profile in ~/.config/aig-billing/config.toml. `aig-billing doctor` says what was found.
    """
    context.obj = Options(**given)


take_keywords(root, common_parameters())
_CODES = "\n".join(f"  {code:>3}  {code.meaning}" for code in ExitCode)
app.callback(epilog=f"\b\n{_CONFIGURATION}\n\n\b\nExit codes:\n{_CODES}")(root)


def run() -> int:
    """Run the command that the arguments name, and return its exit code."""
    try:
        code = app(prog_name="aig-billing", standalone_mode=False)
        sys.stdout.flush()
        return int(code or ExitCode.OK)
    except (typer.Abort, KeyboardInterrupt):
        return ExitCode.INTERRUPTED
    except typer.TyperException as error:
        _settle_wording(error)
        if _wants_json(sys.argv[1:]):
            print_json(UsageError(error.format_message()))
        else:
            error.show()  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue]  # of those that Typer raises
        return error.exit_code
    except OSError as error:
        # Of help and the version; a command's own answer is written in its session.
        return report_unwritable(OutputError(error))
    finally:
        flush_stderr()


def _settle_wording(error: Any) -> None:  # noqa: ANN401 - one of Typer's
    """Say the same with every version of Typer, and suggest only what is near."""
    error.message = str(error.message).removeprefix("Value error, ")
    if getattr(error, "possibilities", None):
        error.possibilities = near(error.option_name, error.possibilities)


def _wants_json(arguments: list[str]) -> bool:
    """Say whether arguments that could not be understood ask for JSON."""
    return any(
        (option in {"-o", "--output"} and value in {"json", "jsonl"})
        or option in {"-ojson", "-ojsonl", "--output=json", "--output=jsonl", "--json", "--jq"}
        or option.startswith(("--json=", "--jq="))
        for option, value in itertools.pairwise([*arguments, ""])
    )
