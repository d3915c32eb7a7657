"""What people type: how options and arguments are declared and read, and the options that every command takes."""

from __future__ import annotations

import copy
import datetime as dt
import inspect
import re
from collections.abc import Callable, Iterable
from types import NoneType
from typing import Any, Literal, NamedTuple, get_args, get_origin, get_type_hints

import typer
from aig_billing import usd

from . import completion
from .output.rows import Format

_AMOUNT = re.compile(r"\$?\s*((?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]+)?)")
_SPAN = re.compile(r"([0-9]+)\s*([smhdw])")
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
_LONGEST_DAYS = 3_660
_DAYS_AGO = {"today": dt.timedelta(0), "yesterday": dt.timedelta(days=1)}


def option(shown: str, about: str, *, default: object = ..., **more: Any) -> Any:  # noqa: ANN401 - as Typer declares it
    """Declare an option, written as help shows it: `--profile, -p NAME`. Its choices and its default show by themselves.

    Without a default it must be given, if its type is not `bool` (False) or allows None.
    """
    words = shown.replace(",", "").split()
    names = [word for word in words if word.startswith("-")]
    return typer.Option(default, *names, metavar=" ".join(words[len(names) :]) or None, help=about, **more)


def argument(shown: str, about: str, *, default: object = ..., **more: Any) -> Any:  # noqa: ANN401 - as Typer declares it
    """Declare an argument; what is said of the default of an option holds here too."""
    return typer.Argument(default, metavar=shown, help=about, **more)


YES = option("--yes, -y", "Do not ask.")


class Options(NamedTuple):
    """The common options, in the order in which help lists them. Each is made with all of them, None where one was not given."""

    output: Format | None = option(
        "--output, -o <table|json|jsonl|csv>", "How to print: table (for people), json, jsonl or csv."
    )
    json: str | None = option("--json FIELDS", "Print JSON with these fields only, separated by commas.")
    jq: str | None = option("--jq EXPR", "Filter the JSON with a jq expression (needs the extra jq).")
    profile: str | None = option(
        "--profile, -p NAME",
        "Profile of the configuration file; overrides the environment.",
        autocompletion=completion.profiles,
    )
    account: str | None = option("--account ID", "Account to use.", autocompletion=completion.accounts)
    sandbox: bool | None = option("--sandbox", "Talk to the sandbox that runs on this machine.")
    allow_plain_http: str | None = option(
        "--allow-plain-http HOST", "Talk to this host without TLS, such as another container."
    )
    no_input: bool | None = option("--no-input", "Never ask anything.")
    quiet: bool | None = option("--quiet, -q", "Print answers and errors only.")
    verbose: bool | None = option("--verbose, -v", "Print a line for each request (no secrets).")
    debug: bool | None = option("--debug", "Print tracebacks.")

    @property
    def format(self) -> Format:
        """How to print."""
        if self.output is not None:
            return Format(self.output)  # some versions of Typer leave the text itself among a command's parameters
        return Format.TABLE if self.json is None and self.jq is None else Format.JSON

    @property
    def fields(self) -> tuple[str, ...] | None:
        """The fields that --json names; None for all."""
        return None if self.json is None else tuple(name.strip() for name in self.json.split(","))

    def over(self, earlier: Options) -> Options:
        """Return `earlier` with the values that are given here laid over it."""
        given = {name: value for name, value in self._asdict().items() if value is not None}
        return earlier._replace(**given)


NAMES = Options._fields


def take_keywords(function: Callable[..., Any], parameters: Iterable[inspect.Parameter]) -> None:
    """Give a function that takes any keywords the signature that Typer reads its options from."""
    own = inspect.signature(function, eval_str=True)
    named = [one for one in own.parameters.values() if one.kind is not one.VAR_KEYWORD]
    taken = sorted([*map(_completed, parameters), *named], key=lambda one: one.kind)
    vars(function)["__signature__"] = own.replace(parameters=taken)


def _completed(parameter: inspect.Parameter) -> inspect.Parameter:
    info, kind = copy.copy(parameter.default), parameter.annotation
    if info.default is ...:
        info.default = False if kind is bool else None if NoneType in get_args(kind) else ...
    # Typer keeps the choices in other places from version to version.
    choices = [word for one in (kind, *get_args(kind)) if get_origin(one) is Literal for word in get_args(one)]
    info.metavar = info.metavar or (f"<{'|'.join(choices)}>" if choices else None)
    return parameter.replace(default=info)


def common_parameters() -> list[inspect.Parameter]:
    """Return the common options as parameters of a function."""
    hints, defaults, kind = get_type_hints(Options), Options._field_defaults, inspect.Parameter.KEYWORD_ONLY
    return [inspect.Parameter(name, kind, default=defaults[name], annotation=hints[name]) for name in NAMES]


def amount(text: str) -> int:
    """Read dollars as people write them (`50`, `50.00`, `$50`, `$1,250`) and return whole cents."""
    found = _AMOUNT.fullmatch(text.strip())
    if found is None:
        raise typer.BadParameter(f"{text!r} is not an amount in dollars: write 50, 50.00 or $50.")
    try:
        return usd(found[1])
    except ValueError:
        raise typer.BadParameter(
            f"{text!r} is not an amount that the API takes: write whole cents, such as 12.34, and not too many digits."
        ) from None


def span(text: str) -> dt.timedelta:
    """Read a length of time: `30s`, `5m`, `12h`, `30d`, `2w`."""
    found = _SPAN.fullmatch(text.strip().lower())
    if found is None:
        raise typer.BadParameter(
            f"{text!r} is not a length of time: write a number and one of s, m, h, d, w, as in 5m or 30d."
        )
    number, unit = int(found[1]), _UNITS[found[2]]
    try:
        length = dt.timedelta(**{unit: number})
    except OverflowError:
        length = dt.timedelta.max
    if not dt.timedelta(0) < length <= dt.timedelta(days=_LONGEST_DAYS):
        raise typer.BadParameter(f"{text!r} must be more than zero and at most ten years.")
    return length


class Moment(NamedTuple):
    """A moment as it was typed: a time, in UTC unless it names another zone, or a time ago."""

    time: dt.datetime | None = None
    ago: dt.timedelta = dt.timedelta(0)
    is_day: bool = False
    """Whether a whole day of UTC was named: then the moment is its start."""

    def at(self, now: dt.datetime) -> dt.datetime:
        """Return the moment itself."""
        when = self.time or now - self.ago
        if self.is_day:
            when = when.astimezone(dt.UTC).replace(hour=0, minute=0, second=0, microsecond=0)
        return when


def moment(text: str) -> Moment:
    """Read a moment: `30d` (ago), `yesterday`, `2026-11-01`, `2026-11-01T12:00`, with `Z` or `+01:00` at the end for another zone."""
    text = text.strip()
    if _SPAN.fullmatch(text.lower()):
        return Moment(ago=span(text))
    if text.lower() in _DAYS_AGO:
        return Moment(ago=_DAYS_AGO[text.lower()], is_day=True)
    try:
        is_day = len(text) == 10
        time = dt.datetime.fromisoformat(text)
        return Moment(time if time.tzinfo else time.replace(tzinfo=dt.UTC), is_day=is_day)
    except ValueError:
        raise typer.BadParameter(
            f"{text!r} is not a date or a length of time: write yesterday, 2026-11-01, 2026-11-01T12:00, or 30d for 30 days ago."
        ) from None
