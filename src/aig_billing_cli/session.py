"""One run of one command: its options, the configuration, the client, the terminal, and its exit code."""

from __future__ import annotations

import datetime as dt
import decimal
import logging
import sys
import warnings
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, ParamSpec, TypeAlias, TypeVar

from .errors import CommandError, ExitCode, OutputError, UsageError, usage_errors
from .options import Options
from .output.formatting import second
from .output.rows import Fields, Format
from .output.terminal import Terminal, report_unwritable

if TYPE_CHECKING:
    from aig_billing import Client, RetryEvent
    from aig_billing.resources import AiGatewayBillingResource

    from .config_file import FoundCredentials
    from .configuration import Configuration
    from .journal import AccountCharges
    from .output.machine import Shape, Writer
    from .output.rows import Words
    from .output.tables import Part

    Layout: TypeAlias = Callable[[], Sequence[Part]]

_DIGITS = 1_000
_P = ParamSpec("_P")
_T = TypeVar("_T")


class Session:
    """What a command works with."""

    def __init__(self, options: Options, fields: Fields = (), summary_fields: Fields = ()) -> None:
        self.options = options
        self._fields, self._summary_fields = fields, summary_fields
        self._writer: Writer | None = None
        self.terminal = Terminal(
            quiet=bool(options.quiet),
            may_ask=not options.no_input,
            as_json=options.format in {Format.JSON, Format.JSONL},
        )
        self.waiting = self.terminal.waiting

    def run(self, work: Callable[[], int | None]) -> int:
        """Do the work and return the exit code; any error is reported here, in words."""
        try:
            if self.options.verbose:
                handler = logging.StreamHandler(sys.stderr)
                handler.setFormatter(logging.Formatter("%(message)s"))
                logger = logging.getLogger("aig_billing")
                logger.addHandler(handler)
                logger.setLevel(logging.DEBUG)
            form, only, jq = self.options.format, self.options.fields, self.options.jq
            if form is not Format.TABLE or only is not None or jq is not None:
                from .output.machine import Writer

                self._writer = Writer(form, only, jq, self._fields, self._summary_fields)
            # Enough digits for any amount that a number in JSON can be.
            with decimal.localcontext(prec=_DIGITS):
                return int(work() or ExitCode.OK)
        except OutputError as error:
            return report_unwritable(error, as_json=self.terminal.as_json)
        except KeyboardInterrupt:
            if self.terminal.as_json:
                self.terminal.error(CommandError(ExitCode.INTERRUPTED, "Interrupted."))
            self.terminal.info("Interrupted.")
            return ExitCode.INTERRUPTED
        except Exception as error:  # noqa: BLE001 - people get a sentence, never a traceback
            return self.report_error(error)
        finally:
            if "client" in vars(self):
                self.client.close()

    @cached_property
    def configuration(self) -> Configuration:
        """What the environment and the configuration file say."""
        from .configuration import find_configuration

        if self.options.sandbox:
            from .running_sandbox import find_running_sandbox

            if self.options.profile:
                raise UsageError("--sandbox and --profile contradict each other.")
            return find_running_sandbox(self.options.account)
        return find_configuration(profile=self.options.profile, account=self.options.account)

    @cached_property
    def credentials(self) -> FoundCredentials:
        """The credentials that requests are sent with."""
        return self.configuration.credentials()

    @cached_property
    def client(self) -> Client:
        """The client, made when it is first needed and closed with the session."""
        return self.make_client()

    @cached_property
    def charges(self) -> AccountCharges:
        """The charges of the account in the journal."""
        from .journal import AccountCharges

        return AccountCharges(self.configuration)

    @property
    def billing(self) -> AiGatewayBillingResource:
        """The calls."""
        return self.client.ai_gateway.billing

    def ask(self, words: str, call: Callable[_P, _T], *args: _P.args, **kwargs: _P.kwargs) -> _T:
        """Make a call, and show a spinner with these words once it has taken a moment; its warnings are for programs."""
        with self.waiting(words), warnings.catch_warnings(action="ignore"):
            return call(*args, **kwargs)

    def report(
        self, rows: Sequence[object], layout: Layout, *, shape: Shape = "list", name: str = "", summary: object = None
    ) -> None:
        """Print the answer: for programs from its rows, for people as laid out; an OutputError says that stdout cannot be written to."""
        try:
            if self._writer is None:
                self.terminal.answer(*layout())
            else:
                self._writer.write(sys.stdout, rows, shape=shape, name=name, summary=summary)
            sys.stdout.flush()
        except OSError as error:
            raise OutputError(error) from None

    def report_record(self, row: object, shown: Words | Mapping[str, Words]) -> None:
        """Print an answer that is one row: for people as a sentence, or as names and values beneath each other."""
        self.report([row], lambda: [shown], shape="record")

    def report_list(self, rows: Sequence[object], *, empty: str, below: Mapping[str, Words] | None = None) -> None:
        """Print an answer of any number of rows; people see `empty` when there is none, and names and sentences `below` the table."""

        def layout() -> list[Part]:
            from .output.tables import rows_table

            table = rows_table(self._fields, rows, self.terminal.out.width) if rows else empty
            return [table, "", below] if below else [table]

        self.report(rows, layout)

    def report_line(self, row: object, words: Words, *, in_parts: bool = True) -> None:
        """Print one row, for people as a line that --quiet leaves out; `in_parts` when the answer has more rows, before or after it."""
        self.report([row], lambda: [] if self.options.quiet else [words], shape="part" if in_parts else "record")

    def require_answer(self, *, yes: bool) -> None:
        """Stop early, with a UsageError, when a question will come that nobody can answer."""
        if not yes and not self.terminal.may_ask:
            raise UsageError(
                "This must be confirmed, and there is no terminal to ask on; nothing was changed.",
                "Add --yes to go ahead.",
            )

    def confirm(self, question: str, *, yes: bool) -> None:
        """Go on only with a yes; raise a UsageError when nobody can be asked, or the answer is no."""
        self.require_answer(yes=yes)
        if not yes and not self.terminal.ask(question):
            raise UsageError("Cancelled; nothing was changed.")

    def make_client(self, *, account_needed: bool = True) -> Client:
        """Make a client of the credentials, account and address in effect; a CommandError says which is missing or invalid."""
        from aig_billing import Client

        credentials, address = self.credentials, self.configuration.base_url
        account = self.configuration.require_account() if account_needed else None
        with usage_errors(ValueError, f"It came from {address.source if address else 'the environment'}."):
            return Client(
                **credentials.arguments(),
                account_id=account,
                base_url=address.value if address else None,
                allow_plain_http=self.options.allow_plain_http,
                on_retry=self._report_retry,
            )

    def _report_retry(self, event: RetryEvent) -> None:
        from .error_messages import happened

        words = happened(event.error)
        self.terminal.info(f"{words[:1].upper()}{words[1:]}; asking again in {event.wait:.1f} s.")

    def report_error(self, error: Exception) -> ExitCode:
        """Say what went wrong, and return the exit code for it."""
        if self.options.debug:
            import traceback

            traceback.print_exception(error)
        described = self.describe(error)
        self.terminal.error(described)
        return described.code

    def describe(self, error: Exception) -> CommandError:
        """Return what an error means to a person."""
        from .error_messages import describe

        found = vars(self).get("credentials")
        return describe(error, credentials=f"{found.kind} from {found.source}" if found else "credentials")

    def report_failed_check(self, error: Exception) -> None:
        """Say in one line, with the time, what went wrong in a check that will be repeated."""
        described = self.describe(error)
        if self.terminal.as_json:
            self.terminal.error(described)
        else:
            self.terminal.notice(f"{second(dt.datetime.now(dt.UTC))}  not read: {described.sentence}")
