"""One run of one command: its options, the configuration, the client, the terminal, and how it ends."""

from __future__ import annotations

import datetime as dt
import decimal
import logging
import os
import sys
from collections.abc import Callable, Generator
from contextlib import contextmanager
from functools import cached_property
from typing import TYPE_CHECKING

from .exit_codes import ExitCode
from .options import Options
from .output.rows import Format, Report
from .output.terminal import Terminal
from .problem import Problem

if TYPE_CHECKING:
    import httpx
    from aig_billing import Client, RetryEvent
    from aig_billing.resources import AiGatewayBillingResource
    from rich.console import RenderableType

    from .configuration import Configuration, Credentials

_DIGITS = 1_000


class Session:
    """What a command works with."""

    def __init__(self, options: Options) -> None:
        self.options = options
        self.terminal = Terminal(quiet=bool(options.quiet), may_ask=not options.no_input)
        self._client: Client | None = None

    def run(self, work: Callable[[Session], int | None]) -> int:
        """Do the work and give the exit code; whatever goes wrong is told here, in words."""
        try:
            self._follow_requests()
            # Enough digits for any amount that a number in JSON can be.
            with decimal.localcontext(prec=_DIGITS):
                code = int(work(self) or ExitCode.FINE)
            sys.stdout.flush()
        except BrokenPipeError:
            # The interpreter flushes once more at its end, and would complain.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return ExitCode.PIPE_CLOSED
        except KeyboardInterrupt:
            self.terminal.say("Interrupted.")
            return ExitCode.INTERRUPTED
        except Exception as error:  # noqa: BLE001 - people get a sentence, never a traceback
            return self.tell(error)
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
                raise Problem(ExitCode.USAGE, "--sandbox and --profile contradict each other.")
            return find_running_sandbox(read_config_file(os.environ), os.environ, account=self.options.account)
        return find_configuration(profile=self.options.profile, account=self.options.account)

    @cached_property
    def credentials(self) -> Credentials:
        """Who is calling."""
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
            self.terminal.show(*layout())
        else:
            from .output.machine import write

            write(report, self.format, sys.stdout)

    def require_answer(self, *, yes: bool) -> None:
        """Stop early when a question will come that nobody can answer.

        Raises:
            Problem: When nobody can be asked.
        """
        if not yes and not self.terminal.may_ask:
            raise Problem(
                ExitCode.USAGE,
                "This needs a yes, and nobody can be asked here; nothing was sent.",
                "Add --yes to go ahead.",
            )

    def confirm(self, question: str, *, yes: bool) -> None:
        """Go on only with a yes.

        Raises:
            Problem: When nobody can be asked, or the answer is no.
        """
        self.require_answer(yes=yes)
        if not yes and not self.terminal.ask(question):
            raise Problem(ExitCode.USAGE, "Cancelled; nothing was sent.")

    @contextmanager
    def waiting(self, words: str) -> Generator[None]:
        """Show a spinner while something is under way."""
        with self.terminal.waiting(words):
            yield

    def now(self, headers: httpx.Headers) -> dt.datetime:
        """Give the time by the service's clock, which counts; this machine's where the answer has no date."""
        from .clock import date_of

        return date_of(headers) or dt.datetime.now(dt.UTC)

    def _make_client(self) -> Client:
        from aig_billing import Client

        from aig_billing_runtime.arguments import path_segment

        who = self.credentials
        account = self.configuration.require_account()
        address = self.configuration.base_url
        try:
            path_segment("account_id", account)
        except ValueError as error:
            raise Problem(
                ExitCode.USAGE,
                f"{error}.",
                f"It came from {self.configuration.account and self.configuration.account.source}.",
            ) from None
        try:
            return Client(
                api_token=who.token.reveal() if who.token.given() else None,
                api_email=who.email.reveal() if who.email.given() else None,
                api_key=who.key.reveal() if who.key.given() else None,
                account_id=account,
                base_url=address.value if address else None,
                on_retry=self._tell_retry,
            )
        except ValueError as error:
            raise Problem(
                ExitCode.USAGE, f"{error}.", f"It came from {address.source if address else 'the environment'}."
            ) from None

    def _tell_retry(self, event: RetryEvent) -> None:
        self.terminal.say(f"The API did not answer as it should; asking again in {event.wait:.1f} s.")

    def _follow_requests(self) -> None:
        if self.options.verbose:
            handler = logging.StreamHandler(sys.stderr)
            handler.setFormatter(logging.Formatter("%(message)s"))
            logger = logging.getLogger("aig_billing")
            logger.addHandler(handler)
            logger.setLevel(logging.DEBUG)

    def tell(self, error: Exception) -> ExitCode:
        """Tell what went wrong, and give the exit code for it."""
        if self.options.debug:
            import traceback

            traceback.print_exception(error)
        from .failure import explain

        sent = (
            f"{self.credentials.kind} from {self.credentials.source}" if "credentials" in vars(self) else "credentials"
        )
        problem = explain(error, credentials=sent)
        self.terminal.complain(problem.sentence, problem.next_step)
        return problem.code
