"""Messages reach a real webhook and a real mail server, each once, even if anything fails or is killed in between."""

from __future__ import annotations

import asyncio
import datetime as dt
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

from aig_billing_monitor.history import History
from aig_billing_monitor.notify import Notifier, open_targets
from aig_billing_monitor.readings import FailedReading, Outcome

from .conftest import NOON, Webhook, webhook
from .test_alerts import ACCOUNT, reading

PASSWORD = "hunter2hunter2"


def notifier_of(place: Path | str, *urls: str) -> Notifier:
    return Notifier(History(place), open_targets(urls), report=lambda _line: None)


def record(notifier: Notifier, *outcomes: Outcome) -> None:
    for outcome in outcomes:
        notifier.history.record(outcome, (2000, 500), notifier.targets)


class Mailbox:
    """Takes mail, for aiosmtpd."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []

    async def handle_DATA(self, _server: object, _session: object, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        mail = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(mail, EmailMessage)
        self.mails.append(mail)
        return "250 OK"


@contextmanager
def mail_server() -> Iterator[tuple[Mailbox, int]]:
    smtp = pytest.importorskip("aiosmtpd.smtp", reason="aiosmtpd is not installed: pip install aiosmtpd")
    box = Mailbox()
    loop = asyncio.new_event_loop()
    serving = threading.Thread(target=loop.run_forever)
    serving.start()

    async def start() -> asyncio.Server:
        return await loop.create_server(lambda: smtp.SMTP(box, hostname="localhost"), "127.0.0.1", 0)

    server = asyncio.run_coroutine_threadsafe(start(), loop).result(10)
    try:
        yield box, server.sockets[0].getsockname()[1]
    finally:
        loop.call_soon_threadsafe(server.close)
        loop.call_soon_threadsafe(loop.stop)
        serving.join()
        loop.close()


def test_a_message_reaches_a_webhook_and_a_mail_server(tmp_path: Path) -> None:
    with webhook() as hook, mail_server() as (box, port):
        mail = f"mailto://127.0.0.1:{port}/?from=monitor@company.test&to=ops@company.test&mode=insecure"
        notifier = notifier_of(tmp_path / "h.db", hook.url, mail)
        record(notifier, reading("19"), reading("18"))
        asyncio.run(notifier.deliver())
    assert hook.titles == ["AI Gateway team: credit is below $20.00"]
    (mail_sent,) = box.mails
    assert mail_sent["subject"] == "AI Gateway team: credit is below $20.00"
    assert mail_sent["to"] == "ops@company.test"
    body = mail_sent.get_body(("plain", "html"))
    assert body is not None
    assert "The balance is $19.00." in body.get_content()


def test_a_target_that_is_down_gets_its_message_later_and_the_others_do_not_get_it_twice(tmp_path: Path) -> None:
    with webhook() as down, webhook() as up:
        notifier = notifier_of(tmp_path / "h.db", down.url, up.url)
        down.status = 503
        record(notifier, reading("19"))
        asyncio.run(notifier.deliver())
        record(notifier, reading("4"))
        asyncio.run(notifier.deliver())
        assert down.titles == []
        down.status = 200
        asyncio.run(notifier.deliver())
        asyncio.run(notifier.deliver())
    assert (
        down.titles
        == up.titles
        == ["AI Gateway team: credit is below $20.00", "AI Gateway team: credit is below $5.00"]
    )


def test_a_history_that_fails_for_a_while_does_not_end_the_sending(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("aig_billing_monitor.notify.RETRY_SECONDS", 0.01)
    reported = threading.Event()

    async def go() -> None:
        sending = asyncio.create_task(notifier.run())
        await asyncio.to_thread(reported.wait)
        record(notifier, reading("19"))
        notifier.wake()
        assert await asyncio.to_thread(hook.arrived.acquire, timeout=60)
        sending.cancel()

    with webhook() as hook:
        notifier = notifier_of(tmp_path / "h.db", hook.url)
        tables = tmp_path / "h.db"
        content = tables.read_bytes()
        tables.write_bytes(b"not a database " * 100)

        def report(line: str) -> None:
            assert "cannot be used" in line
            if not reported.is_set():
                tables.write_bytes(content)
                reported.set()

        notifier.report = report
        asyncio.run(go())
    assert hook.titles == ["AI Gateway team: credit is below $20.00"]


def test_messages_stay_in_order_where_one_of_them_failed(tmp_path: Path) -> None:
    with webhook() as hook:
        notifier = notifier_of(tmp_path / "h.db", hook.url)
        record(notifier, reading("19"), reading("4"))
        hook.failures = 1
        asyncio.run(notifier.deliver())
        assert hook.titles == []
        asyncio.run(notifier.deliver())
    assert hook.titles == ["AI Gateway team: credit is below $20.00", "AI Gateway team: credit is below $5.00"]


def test_after_a_restart_nothing_is_sent_twice(place: str) -> None:
    with webhook() as hook:
        for outcomes in (
            [reading("19")],
            [reading("18"), reading("4")],
            [reading("3")],
            [reading("30"), reading("30")],
        ):
            notifier = notifier_of(place, hook.url)
            record(notifier, *outcomes)
            asyncio.run(notifier.deliver())
        asyncio.run(notifier_of(place, hook.url).deliver())
    assert [title.removeprefix("AI Gateway team: ") for title in hook.titles] == [
        "credit is below $20.00",
        "credit is below $5.00",
        "credit is not below $20.00 any more",
    ]


def test_an_outage_is_counted_across_a_restart(place: str) -> None:
    outage = FailedReading(account=ACCOUNT, at=NOON, kind="unreadable", reason="503")
    with webhook() as hook:
        for _ in range(4):
            notifier = notifier_of(place, hook.url)
            record(notifier, outage)
            asyncio.run(notifier.deliver())
    assert hook.titles == ["AI Gateway team: cannot be read"]


_KILLED = """
import asyncio, sys
from aig_billing_monitor.history import History
from aig_billing_monitor.notify import Notifier, open_targets
from tests.monitor.test_alerts import reading

place, url, balance = sys.argv[1:]
notifier = Notifier(History(place), open_targets([url]))
notifier.history.record(reading(balance), (2000, 500), notifier.targets)
print("recorded", flush=True)
asyncio.run(notifier.deliver())
print("delivered", flush=True)
sys.stdin.read()
"""


def kill_after(line: str, place: str, hook: Webhook, balance: str) -> None:
    """Run a process that records a reading and sends its messages, and kill it (SIGKILL) when it has printed a line."""
    process = subprocess.Popen(
        [sys.executable, "-c", _KILLED, place, hook.url, balance],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
    )
    with process:
        assert process.stdout is not None
        while process.stdout.readline().strip() != line:
            assert process.poll() is None
        process.send_signal(signal.SIGKILL)


@pytest.mark.slow
@pytest.mark.parametrize("moment", ["recorded", "delivered"])
def test_killed_before_or_after_sending_a_message_is_sent_all_the_same_and_once(place: str, moment: str) -> None:
    with webhook() as hook:
        hook.status = 500 if moment == "recorded" else 200
        kill_after(moment, place, hook, "19")
        hook.status = 200
        notifier = notifier_of(place, hook.url)
        _let_claims_lapse(place)
        record(notifier, reading("19"))
        asyncio.run(notifier.deliver())
        asyncio.run(notifier.deliver())
    assert hook.titles == ["AI Gateway team: credit is below $20.00"]


def test_killed_while_sending_a_message_is_sent_again_and_says_that_it_may_be_a_repeat(tmp_path: Path) -> None:
    place = str(tmp_path / "h.db")
    with webhook() as hook:
        notifier = notifier_of(place, hook.url)
        record(notifier, reading("19"))
        # What a process leaves behind that is killed between its webhook's answer and its note of it.
        (claimed,) = notifier.history.claim_deliveries(tuple(notifier.targets))
        assert not claimed.repeated
        asyncio.run(notifier.deliver())
        assert hook.messages == [], "what is being sent by another process is left to it"
        _let_claims_lapse(place)
        asyncio.run(notifier.deliver())
    assert "May be a repeat" in hook.messages[0][1]


def _let_claims_lapse(place: str) -> None:
    from sqlalchemy import update

    from aig_billing_monitor.history.database import HistoryDatabase
    from aig_billing_monitor.history.tables import deliveries

    with HistoryDatabase(place).transaction() as connection:
        connection.execute(
            update(deliveries)
            .where(deliveries.c.state == "sending")
            .values(claimed=dt.datetime.now(dt.UTC) - dt.timedelta(seconds=121))
        )


def test_no_password_of_a_target_is_kept_or_shown(tmp_path: Path) -> None:
    place = tmp_path / "h.db"
    with webhook() as hook:
        url = hook.url.replace("json://", f"json://user:{PASSWORD}@")
        lines: list[str] = []
        notifier = Notifier(History(place), open_targets([url]), report=lines.append)
        hook.status = 500
        record(notifier, reading("19"))
        asyncio.run(notifier.deliver())
    assert lines
    kept = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert PASSWORD not in f"{lines}{notifier!r}"
    assert PASSWORD.encode() not in kept
    with pytest.raises(ValueError, match="cannot be used") as refused:
        open_targets([f"nosuchservice://user:{PASSWORD}@host"])
    assert PASSWORD not in str(refused.value)
