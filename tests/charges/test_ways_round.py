"""Ways round the promise that were found once: schemas of PostgreSQL, answers that name other payments, people at once, taxes."""

import pickle
import re
import subprocess
import sys
import threading
import traceback
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest
from aig_billing import (
    ChargeError,
    ChargeKeyReused,
    ChargeNotFound,
    ChargeOutcomeUnknown,
    Journal,
    JournalError,
    RateLimitError,
)
from httpx_retries import Retry, RetryTransport
from sqlalchemy import event, insert, select, text

from aig_billing_charges.journal_url import without_text
from aig_billing_charges.record import TopupOutcome
from aig_billing_charges.schema import charges
from aig_billing_sandbox import Sandbox
from tests.charges.stage import MovedJournal, Topups, charged, is_charge, topups_of
from tests.runtime.fault_server import Exchange, FaultServer


@pytest.mark.parametrize("first", ["app_a", "app_b", "tester"])
def test_three_roles_with_their_own_schemas_share_one_journal(
    topup: Topups, sandbox: Sandbox, postgresql_place: str, first: str
) -> None:
    with psycopg.connect(postgresql_place, autocommit=True) as admin:
        for role in ("app_a", "app_b"):
            admin.execute(f"DROP SCHEMA IF EXISTS {role} CASCADE")
            admin.execute(
                f"DO $$ BEGIN CREATE ROLE {role} LOGIN SUPERUSER; EXCEPTION WHEN duplicate_object THEN NULL; END $$"
            )
            admin.execute(f"CREATE SCHEMA {role} AUTHORIZATION {role}")
    places = [postgresql_place.replace("tester@", f"{role}@") for role in (first, "app_a", "app_b", "tester")]
    outcomes = [topup.create_once(key="refill", amount=5000, journal=place) for place in places]
    assert [outcome.replayed for outcome in outcomes] == [False, True, True, True]
    assert charged(sandbox) == [5000]
    with psycopg.connect(postgresql_place) as admin:
        found = admin.execute("SELECT schemaname FROM pg_tables WHERE tablename = 'aig_billing_charges'").fetchall()
    assert found == [("public",)]


def test_a_journal_in_another_schema_is_the_one_that_everybody_uses(
    topup: Topups, sandbox: Sandbox, postgresql_place: str
) -> None:
    """As version 0.1.0 made it for a role with a schema of its own name."""
    topup.create_once(key="refill", amount=5000, journal=postgresql_place)
    with psycopg.connect(postgresql_place, autocommit=True) as admin:
        admin.execute("CREATE SCHEMA tester")
        for table in ("journal", "accounts", "charges"):
            admin.execute(f"ALTER TABLE aig_billing_{table} SET SCHEMA tester")
    elsewhere = postgresql_place + "?options=-csearch_path%3Dpublic"
    assert topup.create_once(key="refill", amount=5000, journal=elsewhere).replayed
    assert charged(sandbox) == [5000]


def test_a_second_set_of_tables_in_one_database_is_refused(
    topup: Topups, sandbox: Sandbox, postgresql_place: str
) -> None:
    topup.create_once(key="refill", amount=5000, journal=postgresql_place)
    with psycopg.connect(postgresql_place, autocommit=True) as admin:
        admin.execute("CREATE SCHEMA other")
        admin.execute("CREATE TABLE other.aig_billing_charges AS SELECT * FROM public.aig_billing_charges")
    with pytest.raises(JournalError, match=r"tables of a journal in 2 schemas \(other, public\)"):
        topup.create_once(key="refill", amount=5000, journal=Journal(postgresql_place))
    assert charged(sandbox) == [5000]


def test_tables_that_are_gone_within_a_process_are_not_made_again(
    topup: Topups, sandbox: Sandbox, postgresql_place: str
) -> None:
    topup.create_once(key="refill", amount=5000, journal=postgresql_place)
    with psycopg.connect(postgresql_place, autocommit=True) as admin:
        admin.execute("DROP TABLE aig_billing_journal, aig_billing_accounts, aig_billing_charges")
    with pytest.raises(JournalError, match="were there and are gone"):
        topup.create_once(key="refill", amount=5000, journal=postgresql_place)
    assert charged(sandbox) == [5000]


@pytest.mark.slow
def test_tables_that_another_process_has_made_again_are_not_used(
    topup: Topups, sandbox: Sandbox, postgresql_place: str
) -> None:
    journal = Journal(postgresql_place)
    topup.create_once(key="refill", amount=5000, journal=journal)
    with psycopg.connect(postgresql_place, autocommit=True) as admin:
        admin.execute("DROP TABLE aig_billing_journal, aig_billing_accounts, aig_billing_charges")
    made = "import sys; from aig_billing import Journal; Journal(sys.argv[1]).prepare()"
    subprocess.run([sys.executable, "-c", made, postgresql_place], check=True, timeout=60)
    for place in (journal, postgresql_place):
        with pytest.raises(JournalError, match=r"(another journal|an older copy) has taken its place"):
            topup.create_once(key="refill", amount=5000, journal=place)
    assert charged(sandbox) == [5000]


# Answers that name other payments


class Answering(httpx.BaseTransport, httpx.AsyncBaseTransport):
    """A transport that lets the service charge, or not, and gives another answer in its place."""

    def __init__(self, inner: Any, answer: Callable[[], httpx.Response], *, reaches: bool) -> None:
        self.inner, self.answer, self.reaches = inner, answer, reaches

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        if not is_charge(request):
            response: httpx.Response = self.inner.handle_request(request)
            return response
        if self.reaches:
            self.inner.handle_request(request).read()
        return self.answer()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if not is_charge(request):
            response: httpx.Response = await self.inner.handle_async_request(request)
            return response
        if self.reaches:
            await (await self.inner.handle_async_request(request)).aread()
        return self.answer()


def envelope(**fields: Any) -> dict[str, Any]:
    return {"success": False, "errors": [{"code": 1, "message": "no"}], "messages": [], "result": None, **fields}


ANSWERS: dict[str, Callable[[str], httpx.Response]] = {
    "409 in the envelope": lambda other: httpx.Response(409, json=envelope(result={"payment_intent_id": other})),
    "400 in the envelope": lambda other: httpx.Response(400, json=envelope(result={"payment_intent_id": other})),
    "500 in the envelope": lambda other: httpx.Response(
        500, json=envelope(result={"last": {"payment_intent_id": other}})
    ),
    "502 as a page": lambda other: httpx.Response(502, text=f'<html>{{"payment_intent_id":"{other}"}}</html>'),
    "200 of another shape": lambda other: httpx.Response(
        200, json=envelope(success=True, errors=[], result={"previous": {"payment_intent_id": other}})
    ),
    "200 as promised": lambda other: httpx.Response(
        200,
        json=envelope(
            success=True, errors=[], result={"payment_intent_id": other, "client_secret": None, "onboarding": False}
        ),
    ),
    "200 without a name": lambda other: httpx.Response(
        200,
        json=envelope(
            success=True, errors=[], result={"payment_intent_id": "", "client_secret": None, "onboarding": False}
        ),
    ),
}


@pytest.mark.slow
@pytest.mark.parametrize("answer", ANSWERS)
@pytest.mark.parametrize("whose", ["another key's", "of the baseline"])
@pytest.mark.parametrize("made", [True, False])
def test_only_a_payment_that_can_be_the_charges_is_taken_for_its_own(
    sandbox: Sandbox, way: Any, place: str, answer: str, whose: str, *, made: bool
) -> None:
    sandbox.behave(settles_after=0)
    journal = MovedJournal(place)
    with topups_of(sandbox, way) as topup:
        other = (
            topup.create_once(key="other", amount=5000, journal=journal, wait=5).payment_intent_id
            if whose == "another key's"
            else topup.create(amount=7700).payment_intent_id
        )
    through = Answering(sandbox.transport(), lambda: ANSWERS[answer](other), reaches=made)
    with topups_of(sandbox, way, through) as topup:
        with pytest.raises(ChargeOutcomeUnknown) as caught:
            topup.create_once(key="refill", amount=5000, journal=journal)
        assert caught.value.payment_id != other
        journal.let_windows_end()
        if made:
            found = topup.reconcile("refill", journal=journal)
            assert found.payment_intent_id not in {other, ""}
        else:
            with pytest.raises(ChargeNotFound):
                topup.reconcile("refill", journal=journal)


def test_a_payment_of_another_key_that_is_not_listed_yet_is_not_taken_for_its_own(
    sandbox: Sandbox, way: Any, place: str
) -> None:
    sandbox.behave(listed_after=600)
    journal = MovedJournal(place)
    with topups_of(sandbox, way) as topup:
        other = topup.create_once(key="other", amount=5000, journal=journal).payment_intent_id
    through = Answering(sandbox.transport(), lambda: ANSWERS["200 as promised"](other), reaches=True)
    with topups_of(sandbox, way, through) as topup, pytest.raises(ChargeOutcomeUnknown) as caught:
        topup.create_once(key="refill", amount=5000, journal=journal)
    assert "which is older than the charge or another charge's" in str(caught.value)
    assert caught.value.payment_id is None


@pytest.mark.slow
@pytest.mark.parametrize("name", ["", "in_1 ", "of the baseline"])
def test_an_answer_that_names_no_new_payment_is_not_an_outcome_although_it_cannot_be_recorded(
    sandbox: Sandbox, tmp_path: Path, name: str
) -> None:
    journal = MovedJournal(tmp_path / "journal.db", timeout=0.2)
    with topups_of(sandbox) as topup:
        named = topup.create(amount=7700).payment_intent_id if name == "of the baseline" else name

    def answer() -> httpx.Response:
        (tmp_path / "journal.db").rename(tmp_path / "moved.db")
        return ANSWERS["200 as promised"](named)

    through = Answering(sandbox.transport(), answer, reaches=True)
    with (
        topups_of(sandbox, "sync", through) as topup,
        pytest.raises(ChargeOutcomeUnknown, match="could not be recorded"),
    ):
        topup.create_once(key="refill", amount=5000, journal=journal)
    (tmp_path / "moved.db").rename(tmp_path / "journal.db")
    journal.let_leases_end()
    with topups_of(sandbox) as topup:
        assert topup.create_once(key="refill", amount=5000, journal=journal).payment_intent_id != named
    assert charged(sandbox)[-1] == 5000


def test_what_a_charge_asks_is_asked_on_connections_of_its_own(way: Any, tmp_path: Path) -> None:
    """An answer to an earlier question, sent late, must not be taken for a list of invoices."""
    invoices = {
        "invoices": [],
        "pagination": {"has_more": False, "page": 1, "per_page": 100, "total_count": 0},
    }
    results: dict[str, object] = {
        "/topup": {"payment_intent_id": "in_1", "client_secret": None, "onboarding": False},
        "/status": {"payment_intent_id": "in_1", "status": "completed"},
    }

    def behave(exchange: Exchange) -> None:
        ending = "/" + exchange.request.target.partition("?")[0].rpartition("/")[2]
        exchange.answer(200, envelope(success=True, errors=[], result=results.get(ending, invoices)))

    with FaultServer(behave) as server:
        topup = Topups(way, "7" * 32, "t" * 40, base_url=server.url)
        topup.create_once(key="refill", amount=5000, journal=tmp_path / "journal.db", wait=5)
        topup.reconcile("refill", journal=tmp_path / "journal.db")
        topup.close()
        assert len(server.received) == 3
        assert len({request.connection for request in server.received}) == 3


# A list that contradicts itself


def hiding(sandbox: Sandbox, *, total_says_so: bool) -> httpx.BaseTransport:
    """A service whose list leaves out its newest invoice."""

    class Hiding(httpx.BaseTransport):
        def __init__(self) -> None:
            self.inner = sandbox.transport()

        def handle_request(self, request: httpx.Request) -> httpx.Response:
            response = self.inner.handle_request(request)
            if not request.url.path.endswith("/invoice-history") or not sandbox.charges():
                return response
            response.read()
            body = response.json()
            newest = max(body["result"]["invoices"], key=lambda invoice: invoice["created"])
            body["result"]["invoices"].remove(newest)
            body["result"]["pagination"]["total_count"] -= 0 if total_says_so else 1
            return httpx.Response(200, json=body)

    return Hiding()


def test_a_list_that_contradicts_itself_never_says_that_a_charge_was_not_made(sandbox: Sandbox, place: str) -> None:
    journal = MovedJournal(place)
    sandbox.fault("topup.create", drop="after")
    with topups_of(sandbox, "sync", hiding(sandbox, total_says_so=True)) as topup:
        with pytest.raises(ChargeOutcomeUnknown):
            topup.create_once(key="refill", amount=5000, journal=journal)
        journal.let_windows_end()
        with pytest.raises(ChargeOutcomeUnknown, match="contradicts itself"):
            topup.reconcile("refill", journal=journal)
    with topups_of(sandbox) as topup:
        assert topup.reconcile("refill", journal=journal).key == "refill"
    assert charged(sandbox) == [5000]


# Two people at once


def test_two_people_who_settle_two_keys_with_one_invoice_cannot_both_be_right(sandbox: Sandbox, place: str) -> None:
    journal = MovedJournal(place)
    bought = threading.Barrier(2)
    with topups_of(sandbox) as topup:
        for key in ("a", "b"):
            sandbox.fault("topup.create", drop="before")
            with pytest.raises(ChargeOutcomeUnknown):
                topup.create_once(key=key, amount=5000, journal=journal)
        invoice = topup.create(amount=5000).payment_intent_id
    ended: list[object] = []

    def settle(key: str) -> None:
        with topups_of(sandbox) as topup:
            bought.wait(10)
            try:
                ended.append(topup.settle(key=key, payment_id=invoice, journal=Journal(place)))
            except ChargeError as error:
                ended.append(error)

    people = [threading.Thread(target=settle, args=(key,)) for key in ("a", "b")]
    for person in people:
        person.start()
    for person in people:
        person.join()
    assert sorted(type(end).__name__ for end in ended) == ["ChargeError", "TopupOutcome"]
    (refused,) = (end for end in ended if isinstance(end, ChargeError))
    assert "is that of another charge" in str(refused)


# The fee and tax


class Dearer(httpx.BaseTransport):
    """A service that adds something to each manual invoice."""

    def __init__(self, inner: httpx.BaseTransport, factor: str) -> None:
        self.inner, self.factor = inner, Decimal(factor)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        response = self.inner.handle_request(request)
        if not request.url.path.endswith("/invoice-history"):
            return response
        response.read()
        body = response.json()
        for invoice in body["result"]["invoices"]:
            for field in ("amount_due", "amount_paid"):
                invoice[field] = float((Decimal(str(invoice[field])) * self.factor).quantize(Decimal(1)))
        return httpx.Response(200, json=body, headers={"date": response.headers.get("date", "")})


@pytest.mark.slow
@pytest.mark.parametrize(("factor", "settled_before"), [("1", False), ("1.05", True), ("1.19", True), ("1.2495", True)])
@pytest.mark.parametrize("amount", [5000, 1234])
def test_a_lost_charge_is_recognised_with_the_fee_and_with_the_tax_of_an_earlier_one(
    place: str, factor: str, amount: int, *, settled_before: bool
) -> None:
    journal = MovedJournal(place)
    with Sandbox() as sandbox:
        sandbox.behave(settles_after=0)
        with topups_of(sandbox, "sync", Dearer(sandbox.transport(), factor)) as topup:
            if settled_before:
                topup.create_once(key="before", amount=5000, journal=journal, wait=5)
            sandbox.fault("topup.create", drop="after")
            with pytest.raises(ChargeOutcomeUnknown):
                topup.create_once(key="refill", amount=amount, journal=journal)
            found = topup.create_once(key="refill", amount=amount, journal=journal)
            assert found.payment_intent_id
        assert charged(sandbox)[-1:] == [amount]


# Smaller ones


def test_the_payment_method_belongs_to_the_key(topup: Topups, sandbox: Sandbox, place: str) -> None:
    sandbox.put_card(payment_method_id="pm_1", default=False)
    for key, method in (("default", None), ("other", "pm_1")):
        topup.create_once(key=key, amount=5000, payment_method_id=method, journal=place)
        assert topup.create_once(key=key, amount=5000, payment_method_id=method, journal=place).replayed
        for another in {None, "pm_1", "pm_2"} - {method}:
            with pytest.raises(ChargeKeyReused, match="take another key"):
                topup.create_once(key=key, amount=5000, payment_method_id=another, journal=place)
    assert charged(sandbox) == [5000, 5000]


def test_a_pickled_outcome_holds_no_client_secret() -> None:
    outcome = TopupOutcome(
        payment_intent_id="in_1",
        status="pending",
        client_secret="pi_1_secret_hunter2",
        key="k",
        amount=5000,
        account_id="a",
    )
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        pickled = pickle.dumps(outcome, protocol)
        assert b"hunter2" not in pickled
        again = pickle.loads(pickled)  # noqa: S301 - it comes from the line above
        assert (again.payment_intent_id, again.client_secret) == ("in_1", "***")
    assert outcome.client_secret == "pi_1_secret_hunter2"


def all_that_an_error_shows(error: BaseException) -> str:
    """Give an error with its causes, their attributes, and the local variables of the frames that are ours or a library's."""
    texts: list[str] = []
    following: BaseException | None = error
    while following is not None:
        texts.append(f"{following!r} {following} {vars(following)!r} {getattr(following, '__notes__', '')!r}")
        frames = traceback.TracebackException.from_exception(following, capture_locals=True).stack
        texts += [repr(frame.locals) for frame in frames if "/tests/" not in frame.filename]
        following = following.__cause__ or following.__context__
    return "\n".join(texts)


@pytest.mark.parametrize(
    "place",
    [
        "postgresql://me:hunter2@127.0.0.1:1/db",
        "postgres://me:hunter2@127.0.0.1:1/db",
        "postgresql://me:hu%6Eter2@127.0.0.1:1/db",
        "postgresql+psycopg://me:hunter2@/db?host=127.0.0.1:1&host=127.0.0.1:2",
        "postgresql://127.0.0.1:1/db?user=me&password=hunter2",
        "postgresql://127.0.0.1:1/db?p%61ssword=hunter2&user=me",
        "postgresql://127.0.0.1:1/db?sslpassword=hunter2&user=me",
        "postgresql://127.0.0.1:1/db?PASSWORD=hunter2",
        "postgresql://127.0.0.1:1/db?passwd=hunter2",
        "postgresql://127.0.0.1:1/db?options=-cmy.secret%3Dhunter2",
        "postgresql://me:hunter2@127.0.0.1:1,127.0.0.1:2/db",
        "postgresql://me:hunter2@127.0.0.1:port/db",
        "postgresql://me:hun@hunter2@127.0.0.1/db",
        "postgresql+asyncpg://me:hunter2@127.0.0.1:1/db",
        "mysql://me:hunter2@127.0.0.1/db",
        "jdbc:postgresql://127.0.0.1/db?password=hunter2",
        "postgresql:/me:hunter2@127.0.0.1/db",
        "host=127.0.0.1 port=1 user=me password=hunter2",
        "me:hunter2@127.0.0.1/db",
        "//me:hunter2@127.0.0.1/db",
        "file:/tmp/db?password=hunter2",
    ],
)
@pytest.mark.parametrize("how", ["given", "of the environment"])
def test_a_password_is_shown_nowhere(
    sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, place: str, how: str
) -> None:
    caplog.set_level(1)
    given = place if how == "given" else None
    if given is None:
        monkeypatch.setenv("AIG_BILLING_JOURNAL", place)

    def use() -> None:
        journal = Journal(given, timeout=0.1)
        assert "hunter2" not in f"{journal!r} {vars(journal)!r} {journal._database.engine!r}"
        journal.prepare()

    with topups_of(sandbox) as topup, pytest.raises(JournalError, match="This call charged nothing") as caught:
        topup.create_once(key="refill", amount=5000, journal=given)
    shown = all_that_an_error_shows(caught.value)
    with pytest.raises(JournalError) as caught:
        use()
    assert "hunter2" not in shown + all_that_an_error_shows(caught.value) + caplog.text
    assert sandbox.requests() == []


def test_the_parts_of_a_database_url_that_are_not_secret_are_shown() -> None:
    place = "postgresql://127.0.0.1:1/db?user=me&password=hunter2&sslmode=disable"
    with pytest.raises(JournalError) as caught:
        Journal(place, timeout=0.1).prepare()
    assert "postgresql+psycopg://127.0.0.1:1/db?password=***&sslmode=disable&user=me cannot" in str(caught.value)
    assert "Connection refused" in str(caught.value.__cause__)
    assert repr(without_text(place)) == "<DatabaseURL>"


def test_tables_that_a_crash_would_empty_are_refused(topup: Topups, sandbox: Sandbox, postgresql_place: str) -> None:
    topup.create_once(key="refill", amount=5000, journal=postgresql_place)
    with psycopg.connect(postgresql_place, autocommit=True) as admin:
        admin.execute("ALTER TABLE aig_billing_charges SET UNLOGGED")
    with pytest.raises(JournalError, match="unlogged"):
        topup.create_once(key="refill", amount=5000, journal=postgresql_place)
    assert charged(sandbox) == [5000]


def test_an_invoice_that_is_older_than_the_charge_is_not_settled_with(
    topup: Topups, sandbox: Sandbox, journal: MovedJournal
) -> None:
    older = topup.create(amount=5000).payment_intent_id
    sandbox.fault("topup.create", drop="before")
    with pytest.raises(ChargeOutcomeUnknown):
        topup.create_once(key="refill", amount=5000, journal=journal)
    journal.let_leases_end()
    with pytest.raises(ChargeError, match="was listed before the charge 'refill' was sent"):
        topup.settle(key="refill", payment_id=older, journal=journal)
    assert journal.record(sandbox.account_id, "refill").state == "unknown"


def test_without_a_journal_file_nothing_is_made_where_it_is_only_named(tmp_path: Path) -> None:
    Journal(tmp_path / "folder" / "journal.db")
    assert list(tmp_path.iterdir()) == []


# Cost


@pytest.mark.slow
def test_no_step_reads_all_charges_of_an_account(
    topup: Topups, sandbox: Sandbox, tmp_path: Path, postgresql_place: str
) -> None:
    """Asked of the databases' own planners, with enough settled charges for an index to be worth its while."""
    sandbox.behave(settles_after=0)
    for place in (str(tmp_path / "journal.db"), postgresql_place):
        journal = MovedJournal(place)
        topup.create_once(key="first", amount=5000, journal=journal, wait=5)
        with journal.transaction("fill") as here:
            rows = here.connection.execute(select(charges)).mappings().all()
            copies = [{**rows[0], "key": f"old-{number}", "payment_id": f"in_{number}"} for number in range(20_000)]
            here.connection.execute(insert(charges), copies)
            here.connection.execute(text("ANALYZE"))
        asked: list[tuple[str, Any]] = []

        def note(_connection: object, _cursor: object, statement: str, parameters: Any, *_: object) -> None:
            asked.append((statement, parameters))  # noqa: B023 - used within the round

        event.listen(journal._database.engine, "before_cursor_execute", note)
        topup.create_once(key="refill", amount=5000, journal=journal)
        topup.create_once(key="refill", amount=5000, journal=journal)
        topup.reconcile("refill", journal=journal)
        topup.ensure(at_least=10**9, amount=5000, key_prefix="cron", max_per_month=9, journal=journal)
        event.remove(journal._database.engine, "before_cursor_execute", note)
        word = "EXPLAIN QUERY PLAN " if journal._database.is_sqlite else "EXPLAIN "
        explained = 0
        with journal.transaction("explain") as here:
            for statement, parameters in asked:
                if "aig_billing_charges" in statement and not statement.startswith("INSERT"):
                    plan = here.connection.exec_driver_sql(word + statement, parameters).fetchall()
                    reported = "\n".join(str(row[-1]) for row in plan)
                    assert not re.search(
                        r"SCAN aig_billing_charges(?! USING)|Seq Scan on aig_billing_charges", reported
                    ), f"{statement}\n{reported}"
                    explained += 1
        assert explained > 10


# Refusals that pass


def test_a_refusal_that_an_invoice_contradicts_is_not_followed_by_a_second_charge(
    sandbox: Sandbox, way: Any, place: str
) -> None:
    """Something between here and the service answers 429 although the service has charged."""
    journal = MovedJournal(place)
    sandbox.behave(settles_after=0)
    busy = Answering(sandbox.transport(), lambda: httpx.Response(429, json=envelope()), reaches=True)
    with topups_of(sandbox, way, busy) as topup, pytest.raises(RateLimitError):
        topup.create_once(key="refill", amount=5000, journal=journal)
    with topups_of(sandbox, way) as topup:
        found = topup.create_once(key="refill", amount=5000, journal=journal)
        assert found.replayed
        assert topup.reconcile("refill", journal=journal).payment_intent_id == found.payment_intent_id
    assert charged(sandbox) == [5000]


def test_after_a_refusal_that_passed_the_key_is_sent_once_more(sandbox: Sandbox, way: Any, place: str) -> None:
    journal = MovedJournal(place)
    busy = Answering(sandbox.transport(), lambda: httpx.Response(429, json=envelope()), reaches=False)
    with topups_of(sandbox, way, busy) as topup:
        for _ in range(2):
            with pytest.raises(RateLimitError):
                topup.create_once(key="refill", amount=5000, journal=journal)
    with topups_of(sandbox, way) as topup:
        assert not topup.create_once(key="refill", amount=5000, journal=journal).replayed
    assert charged(sandbox) == [5000]


# Transports that retry


@pytest.mark.parametrize("status", [200, 503])
def test_a_transport_that_retries_charges_once(sandbox: Sandbox, way: Any, place: str, status: int) -> None:
    """The service has charged, and the answer was lost or said otherwise: a retry would charge again."""
    journal = MovedJournal(place)
    sandbox.behave(settles_after=0)

    def lost() -> httpx.Response:
        if status == 200:
            raise httpx.ReadTimeout("the answer was lost")
        return httpx.Response(status)

    retry = Retry(total=3, allowed_methods=["GET", "POST"], backoff_jitter=0)
    retrying = RetryTransport(Answering(sandbox.transport(), lost, reaches=True), retry)
    with (
        topups_of(sandbox, way, retrying) as topup,
        pytest.raises(ChargeOutcomeUnknown, match="its body was read twice"),
    ):
        topup.create_once(key="refill", amount=5000, journal=journal)
    with topups_of(sandbox, way) as topup:
        found = topup.create_once(key="refill", amount=5000, journal=journal)
        assert found.replayed
    assert charged(sandbox) == [5000]
