"""One sandbox and one journal, on which schedules of chaos are played one after the other."""

import asyncio
import contextlib
import ctypes
import gc
import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import httpx
from aig_billing import AsyncClient, Client
from aig_billing.errors import CloudflareError, JournalError

from aig_billing_charges.record import TopupOutcome
from tests.charges.dying import Child, DyingJournal, DyingTransport, Say
from tests.charges.judgement import Figures, judge
from tests.charges.postgres import PostgresServer
from tests.charges.sandbox_process import SandboxProcess
from tests.charges.schedules import SMALL_JUMP, Contender, Schedule


@dataclass(frozen=True)
class Call:
    """What one process is to charge, and where."""

    base_url: str
    token: str
    place: str
    account: str
    amounts: dict[str, int]
    contender: Contender
    deadline: float
    ahead: float = 0
    """Seconds by which its journal's clock is ahead."""
    contradicts: bool = False
    timeout: float = 0.25
    tries: int = 1
    """How often it tries again while the journal cannot be used; its database may be starting."""

    def run(self, say: Say) -> None:
        """Charge, and say how it ended; in the process that is to die."""
        place = under_another_name(self.place) if self.contender.mounts else self.place
        ahead_ms = round((self.ahead + self.contender.clock_ahead) * 1000)
        journal = DyingJournal(place, self.contender.death, ahead_ms)
        if not self.contender.forks:
            self._charge(journal, say)
            return
        reading, forked = threading.Event(), threading.Event()
        reader = threading.Thread(target=_read, args=(journal, reading, forked))
        reader.start()
        reading.wait(5)
        child = os.fork()
        if child == 0:
            try:
                self._charge(journal, say)
            finally:
                os._exit(0)
        forked.set()
        reader.join()
        self._charge(journal, say)
        os.waitpid(child, 0)

    def _charge(self, journal: DyingJournal, say: Say) -> None:
        terms: dict[str, Any] = {
            "api_token": self.token,
            "account_id": self.account,
            "base_url": self.base_url,
            "deadline": self.deadline,
            "timeout": self.timeout,
            "max_retries": 1,
        }
        if self.contender.asynchronous:
            asyncio.run(self._run_async(journal, terms, say))
            return
        inner = httpx.HTTPTransport(verify=False)
        transport = DyingTransport(inner, self.contender.death, self.contender.refused, contradicts=self.contradicts)
        with Client(transport=transport, **terms) as client:
            topup = client.ai_gateway.billing.topup
            for key in self.contender.keys:
                said: dict[str, Any] = {}
                for _ in range(self.tries):
                    try:
                        said = _reported(key, topup.create_once(key=key, amount=self.amounts[key], journal=journal))
                    except CloudflareError as error:
                        said = _reported(key, error)
                    if said["end"] != "JournalError":
                        break
                    time.sleep(0.3)
                say(said)

    async def _run_async(self, journal: DyingJournal, terms: dict[str, Any], say: Say) -> None:
        inner = httpx.AsyncHTTPTransport(verify=False)
        transport = DyingTransport(inner, self.contender.death, self.contender.refused, contradicts=self.contradicts)
        async with AsyncClient(transport=transport, **terms) as client:
            topup = client.ai_gateway.billing.topup
            for key in self.contender.keys:
                said: dict[str, Any] = {}
                for _ in range(self.tries):
                    try:
                        said = _reported(
                            key, await topup.create_once(key=key, amount=self.amounts[key], journal=journal)
                        )
                    except CloudflareError as error:
                        said = _reported(key, error)
                    if said["end"] != "JournalError":
                        break
                    await asyncio.sleep(0.3)
                say(said)


def _read(journal: DyingJournal, reading: threading.Event, forked: threading.Event) -> None:
    """Read the journal while this process is forked."""
    with contextlib.suppress(JournalError), journal.transaction("read", write=False):
        reading.set()
        forked.wait(5)
    reading.set()


def under_another_name(place: str) -> str:
    """Give the journal's folder another name in this process's own mount namespace, where the machine allows it."""
    if "://" in place or sys.platform != "linux" or os.geteuid() != 0:
        return place
    path = Path(place)
    name = path.parent.with_name(f"{path.parent.name}-mounted")
    name.mkdir(mode=0o700, exist_ok=True)
    libc = ctypes.CDLL(None, use_errno=True)
    private, bind = 1 << 18 | 1 << 14, 1 << 12
    steps = (
        partial(libc.unshare, 0x20000),
        partial(libc.mount, b"none", b"/", None, private, None),
        partial(libc.mount, bytes(path.parent), bytes(name), None, bind, None),
    )
    return str(name / path.name) if all(step() == 0 for step in steps) else place


def _reported(key: str, outcome: TopupOutcome | CloudflareError) -> dict[str, Any]:
    if isinstance(outcome, CloudflareError):
        return {"key": key, "end": type(outcome).__name__, "said": str(outcome)}
    return {"key": key, "end": "outcome", "payment_id": outcome.payment_intent_id, "replayed": outcome.replayed}


class Stage:
    """One sandbox and one journal, on which schedules are played one after the other."""

    def __init__(self, sandbox: SandboxProcess, place: str, postgresql: PostgresServer | None = None) -> None:
        self.sandbox = sandbox
        self.place = place
        self.postgresql = postgresql
        self.figures = Figures()
        self._seen = 0

    def warm_up(self) -> None:
        """Load here what every forked process would have to load again."""
        account: str = self.sandbox.tell("open_account")
        for asynchronous in (False, True):
            contender = Contender((f"warm-up {asynchronous}",), asynchronous=asynchronous)
            amounts = dict.fromkeys(contender.keys, 1000)
            Call(self.sandbox.base_url, self.sandbox.token, self.place, account, amounts, contender, 5).run(
                lambda _: None
            )
        self._new_charges()
        gc.collect()
        gc.freeze()

    def play(self, schedule: Schedule) -> None:
        """Play one schedule and judge it."""
        account: str = self.sandbox.tell("open_account", card="declines" if schedule.declines else "good")
        self.sandbox.tell("behave", listed_after=schedule.invoices_late_by)
        for operation, terms in schedule.faults:
            self.sandbox.tell("fault", operation=operation, **terms)
            self.figures.counts["faults"] += 1
        reported = self._compete(schedule, account)
        self.sandbox.tell("clear_faults")
        self._let_the_service_finish()
        if schedule.invoices_late_by or schedule.contradicts:
            self._survive(schedule, account, "early", ahead=5, reported=reported, contradicts=schedule.contradicts)
            self.figures.counts["contradicting lists"] += schedule.contradicts
        if schedule.invoices_late_by:
            self.sandbox.tell("advance", seconds=schedule.invoices_late_by + 1)
        self._survive(schedule, account, "survivor", ahead=10, reported=reported)
        last = self._survive(schedule, account, "last", ahead=10 + 900 + 5 + SMALL_JUMP, reported=reported)
        received = [charge for charge in self._new_charges() if charge["account_id"] == account]
        judge(self.figures, schedule, received, reported, last)
        self.figures.counts["schedules"] += 1

    def _compete(self, schedule: Schedule, account: str) -> list[dict[str, Any]]:
        running = [(contender, self._start(schedule, account, contender)) for contender in schedule.contenders]
        agenda: list[tuple[float, Callable[[], None]]] = []
        for contender, child in running:
            if contender.killed_after is not None:
                agenda.append((contender.killed_after, partial(self._kill, child)))
            if contender.stopped_after is not None:
                agenda.append((contender.stopped_after, child.stop))
                agenda.append((contender.stopped_after + 0.6, child.go_on))
        if schedule.sandbox_dies_after is not None:
            agenda.append((schedule.sandbox_dies_after, self._restart_sandbox))
        if schedule.postgresql_dies_after is not None and self.postgresql is not None:
            agenda.append((schedule.postgresql_dies_after, self._restart_postgresql))
        started = time.monotonic()
        for moment, act in sorted(agenda, key=lambda entry: entry[0]):
            time.sleep(max(0.0, started + moment - time.monotonic()))
            act()
        reported: list[dict[str, Any]] = []
        for contender, child in running:
            said, code = child.finish()
            reported += said
            if code == -signal.SIGKILL and contender.death is not None:
                self.figures.deaths[str(contender.death)] += 1
            if code not in {0, -signal.SIGKILL}:
                self.figures.complaints.append(f"schedule {schedule.number}: a process ended with {code}")
        return reported

    def _restart_sandbox(self) -> None:
        self.sandbox.restart()
        self.figures.counts["sandbox restarts"] += 1

    def _restart_postgresql(self) -> None:
        assert self.postgresql is not None
        self.postgresql.kill()
        self.postgresql.start()
        self.figures.counts["postgresql restarts"] += 1

    def _kill(self, child: Child) -> None:
        if child.kill():
            self.figures.deaths["at a random instant"] += 1

    def _start(self, schedule: Schedule, account: str, contender: Contender, ahead: float = 0, **terms: Any) -> Child:
        self.figures.counts["processes"] += 1 + contender.forks
        self.figures.counts["forks"] += contender.forks
        self.figures.counts["mounts"] += contender.mounts
        self.figures.counts["clock jumps"] += contender.clock_ahead != 0
        self.figures.counts["paused"] += contender.stopped_after is not None
        # A process that is stopped must find its lease gone when it goes on; one that survives has all the time that it needs.
        deadline = terms.pop("deadline", 0.3 if contender.stopped_after is not None else 0.5)
        where = (self.sandbox.base_url, self.sandbox.token, self.place, account)
        return Child(Call(*where, schedule.amounts, contender, deadline, ahead, **terms).run)

    def _survive(
        self,
        schedule: Schedule,
        account: str,
        name: str,
        *,
        ahead: float,
        reported: list[dict[str, Any]],
        contradicts: bool = False,
    ) -> dict[str, dict[str, Any]]:
        """Let a process that lives finish what the others have left, with the journal's clock ahead by so many seconds."""
        keys = tuple(schedule.amounts)
        survivor = Contender(keys, asynchronous=schedule.number % 2 == 0)
        child = self._start(
            schedule, account, survivor, ahead, contradicts=contradicts, tries=30, deadline=10, timeout=5
        )
        said, code = child.finish()
        if code != 0 or [entry["key"] for entry in said] != list(keys):
            self.figures.complaints.append(f"schedule {schedule.number}: the {name} ended with {code} and said {said}")
        reported += said
        return {entry["key"]: entry for entry in said}

    def _let_the_service_finish(self) -> None:
        """Wait until every charge that arrived was worked on: one that is made after the settling window is beyond any promise."""
        give_up = time.monotonic() + 1
        time.sleep(0.02)
        while time.monotonic() < give_up:
            charges = self.sandbox.look(f"charges?after={self._seen}")
            if all(charge["outcome"] != "received" for charge in charges):
                return
            time.sleep(0.02)

    def _new_charges(self) -> list[dict[str, Any]]:
        charges: list[dict[str, Any]] = self.sandbox.look(f"charges?after={self._seen}")
        if charges:
            self._seen = charges[-1]["number"]
        return charges
