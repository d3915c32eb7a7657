"""One run of one command: its options, the configuration, the client, the terminal, and its exit code."""

from __future__ import annotations

import datetime as dt
import decimal
import logging
import os
import sys
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from functools import cached_property
from typing import TYPE_CHECKING

from .errors import CommandError
from .exit_codes import ExitCode
from .options import Options
from .output.rows import Field, Format, Report, Row
from .output.terminal import Terminal

if TYPE_CHECKING:
    import httpx
    from aig_billing import Client, RetryEvent
    from aig_billing.resources import AiGatewayBillingResource
    from rich.console import RenderableType
    from rich.text import Text

    from .configuration import Configuration, Credentials

_DIGITS = 1_000


class Session:
    """What a command works with."""

    def __init__(self, options: Options) -> None:
        self.options = options
        self.terminal = Terminal(quiet=bool(options.quiet), may_ask=not options.no_input)
        self._client: Client | None = None

    def run(self, work: Callable[[], int | None]) -> int:
        """Do the work and return the exit code; any error is reported here, in words."""
        try:
            self._log_requests()
            # Enough digits for any amount that a number in JSON can be.
            with decimal.localcontext(prec=_DIGITS):
                code = int(work() or ExitCode.OK)
            sys.stdout.flush()
        except BrokenPipeError:
            # The interpreter flushes once more at its end, and would complain.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return ExitCode.PIPE_CLOSED
        except KeyboardInterrupt:
            self.terminal.info("Interrupted.")
            return ExitCode.INTERRUPTED
        except Exception as error:  # noqa: BLE001 - people get a sentence, never a traceback
            return self.report_error(error)
        else:
            return code
        finally:
            if self._client is not None:
                self._client.close()

    @cached_property
    def configuration(self) -> Configuration:
        """What the environment and the configuration file say."""
        from .configuration import find_configuration

        if self.options.sandbox:
            from .config_file import read_config_file
            from .running_sandbox import find_running_sandbox

            if self.options.profile:
                raise CommandError(ExitCode.USAGE, "--sandbox and --profile contradict each other.")
            return find_running_sandbox(read_config_file(os.environ), os.environ, account=self.options.account)
        return find_configuration(profile=self.options.profile, account=self.options.account)

    @cached_property
    def credentials(self) -> Credentials:
        """The credentials that requests are sent with."""
        return self.configuration.credentials()

    @property
    def client(self) -> Client:
        """The client, made when it is first needed and closed with the session."""
        if self._client is None:
            self._client = self._make_client()
        return self._client

    @property
    def billing(self) -> AiGatewayBillingResource:
        """The calls."""
        return self.client.ai_gateway.billing

    @property
    def format(self) -> Format:
        """How to print the answer."""
        return self.options.format

    def report(self, report: Report, layout: Callable[[], list[RenderableType]]) -> None:
        """Print the answer: for programs from its rows, for people as laid out."""
        if self.format is Format.TABLE:
            self.terminal.answer(*layout())
        else:
            from .output.machine import write

            write(report, self.format, sys.stdout)

    def report_record(self, fields: tuple[Field, ...], row: Row, pairs: Callable[[], Mapping[str, str | Text]]) -> None:
        """Print an answer that is one row: for people as names and values beneath each other."""

        def layout() -> list[RenderableType]:
            from .output.tables import record_table

            return [record_table(pairs())]

        self.report(Report(fields, [row], single=True), layout)

    def report_list(self, fields: tuple[Field, ...], rows: list[Row], *, empty: str) -> None:
        """Print an answer of any number of rows; `empty` is the sentence for people when there is none."""

        def layout() -> list[RenderableType]:
            from .output.tables import rows_table

            return [rows_table(fields, rows, self.terminal.width)] if rows else [empty]

        self.report(Report(fields, rows), layout)

    def require_answer(self, *, yes: bool) -> None:
        """Stop early when a question will come that nobody can answer.

        Raises:
            CommandError: When nobody can be asked.
        """
        if not yes and not self.terminal.may_ask:
            raise CommandError(
                ExitCode.USAGE,
                "This needs a yes, and nobody can be asked here; nothing was sent.",
                "Add --yes to go ahead.",
            )

    def confirm(self, question: str, *, yes: bool) -> None:
        """Go on only with a yes.

        Raises:
            CommandError: When nobody can be asked, or the answer is no.
        """
        self.require_answer(yes=yes)
        if not yes and not self.terminal.ask(question):
            raise CommandError(ExitCode.USAGE, "Cancelled; nothing was sent.")

    def waiting(self, words: str) -> AbstractContextManager[None]:
        """Show a spinner while something is under way."""
        return self.terminal.waiting(words)

    def now(self, headers: httpx.Headers) -> dt.datetime:
        """Return the time by the service's clock; by this machine's where the answer has no date."""
        from aig_billing_monitor.service_clock import service_time

        return service_time(headers)

    def _make_client(self) -> Client:
        from aig_billing import Client

        from aig_billing_runtime.arguments import path_segment

        credentials, address = self.credentials, self.configuration.base_url
        account = self.configuration.require_account()
        source = self.configuration.account and self.configuration.account.source
        try:
            path_segment("account_id", account)
            source = address.source if address else "the environment"
            return Client(
                api_token=credentials.token.reveal() if credentials.token.given() else None,
                api_email=credentials.email.reveal() if credentials.email.given() else None,
                api_key=credentials.key.reveal() if credentials.key.given() else None,
                account_id=account,
                base_url=address.value if address else None,
                on_retry=self._report_retry,
            )
        except ValueError as error:
            raise CommandError(ExitCode.USAGE, f"{error}.", f"It came from {source}.") from None

    def _report_retry(self, event: RetryEvent) -> None:
        self.terminal.info(f"The API did not answer as it should; asking again in {event.wait:.1f} s.")

    def _log_requests(self) -> None:
        if self.options.verbose:
            handler = logging.StreamHandler(sys.stderr)
            handler.setFormatter(logging.Formatter("%(message)s"))
            logger = logging.getLogger("aig_billing")
            logger.addHandler(handler)
            logger.setLevel(logging.DEBUG)

    def report_error(self, error: Exception) -> ExitCode:
        """Say what went wrong, and return the exit code for it."""
        if self.options.debug:
            import traceback

            traceback.print_exception(error)
        from .error_messages import describe

        found = vars(self).get("credentials")
        described = describe(error, credentials=f"{found.kind} from {found.source}" if found else "credentials")
        self.terminal.error(described.sentence, described.next_step)
        return described.code
