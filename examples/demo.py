"""The main job, start to end: all 13 billing operations over real HTTP, against the sandbox, as the owner of an account would.

`make demo` runs it. Nothing costs money, and nothing is left running. Exits with 1 when anything failed.
"""

import argparse
import asyncio
import datetime as dt
import sys
import tempfile
import traceback
import warnings
from decimal import Decimal
from pathlib import Path

from aig_billing import AsyncClient, Client, Money, usd

from aig_billing_monitor.history import History
from aig_billing_monitor.rate_gate import RateGate
from aig_billing_monitor.reader import AccountReader
from aig_billing_monitor.readings import Account, Reading
from aig_billing_monitor.report import gather, write_html
from aig_billing_monitor.sync import sync
from aig_billing_sandbox import Sandbox

BAR = 40


class Tour:
    """Runs the operations one by one and counts those that worked."""

    def __init__(self, client: Client) -> None:
        self.billing = client.ai_gateway.billing
        self.worked = 0
        self.failed: list[str] = []
        self.payment = ""

    def run(self, *operations: str) -> None:
        """Call them in order; say what went wrong and go on when one fails."""
        for operation in operations:
            try:
                getattr(self, operation.replace(".", "_"))()
            except Exception:  # noqa: BLE001 - the tour goes on, and counts it
                self.failed.append(operation)
                print(f"  !! {operation} failed:")
                traceback.print_exc()
            else:
                self.worked += 1

    def credit_balance(self) -> None:
        balance = self.billing.credit_balance()
        card = balance.payment_method
        print(f"Balance            {balance.balance_money}")
        print(f"Card               {f'{card.brand} ending in {card.last4}' if card else 'none'}")
        on = balance.topup_config.amount and balance.topup_config.threshold
        print(f"Auto top-up        {'on' if on else 'off'}")

    def usage_history(self) -> None:
        end = dt.datetime.now(dt.UTC)
        start = end - dt.timedelta(days=30)
        usage = self.billing.usage_history(value_grouping_window="day", start_time=start, end_time=end)
        days = sorted(usage.history, key=lambda day: day.start_time)
        most = max((day.aggregated_value for day in days), default=0)
        print("\nUsage of the last 30 days (the unit is unconfirmed: read as cents)")
        for day in days:
            bar = "█" * round(BAR * day.aggregated_value / most) if most else ""
            print(f"  {day.start_time_datetime:%a %d %b}  {bar:<{BAR}} {day.aggregated_value_money!s:>9}")
        total = sum((day.aggregated_value_money.amount for day in days), Decimal())
        print(f"  {'total':<10}  {'':<{BAR}} {Money(total)!s:>9}")

    def invoice_history(self) -> None:
        history = self.billing.invoice_history(type="all")
        print(f"\nInvoices ({history.pagination.total_count:g})")
        for invoice in history.invoices[:6]:
            made = f"{invoice.created_datetime:%d %b %Y}" if invoice.created_datetime else "no date"
            kind = f"{invoice.invoice_origin or '':<8} {invoice.status or '':<8}"
            print(f"  {made}  {kind} {invoice.amount_due_money!s:>9}  {invoice.id}")

    def invoice_preview(self) -> None:
        preview = self.billing.invoice_preview()
        start, end = preview.period_start_datetime, preview.period_end_datetime
        print(f"\nNext invoice       {preview.amount_due_money}, {start:%d %b} to {end:%d %b}")
        for line in sorted(preview.invoice_lines, key=lambda line: -line.amount)[:5]:
            print(f"  {line.amount_money!s:>9}  {line.description}")

    def topup_limits(self) -> None:
        limits = self.billing.topup.limits()
        print(f"\nA top-up may be    {limits.min_cents_money} to {limits.max_cents_money}")

    def topup_create(self) -> None:
        topup = self.billing.topup.create(amount=usd("50"))
        self.payment = topup.payment_intent_id
        print(f"Topped up          $50.00 with {topup.brand} {topup.last4}; payment {self.payment}")

    def topup_status(self) -> None:
        status = self.billing.topup.status(payment_intent_id=self.payment)
        settled = self.billing.topup.wait(payment_intent_id=self.payment, timeout=20)
        if settled.status != "completed":
            raise RuntimeError("the top-up did not settle in 20 seconds")
        balance = self.billing.credit_balance().balance_money
        print(f"Top-up             {status.status}, then {settled.status}; balance {balance}")

    def topup_config_create(self) -> None:
        config = self.billing.topup.config.create(amount=usd("25"), threshold=usd("5"))
        print(f"\nAuto top-up set    {config.amount_money} whenever the balance falls below {config.threshold_money}")

    def topup_config_get(self) -> None:
        config = self.billing.topup.config.get()
        error = config.error or "none"
        print(f"Auto top-up read   {config.amount_money} below {config.threshold_money}; last error: {error}")

    def topup_config_delete(self) -> None:
        self.billing.topup.config.delete()
        print("Auto top-up        deleted")

    def spending_limit_create(self) -> None:
        self.billing.spending_limit.create(amount=usd("100"), duration="monthly", strategy="fixed")
        print("\nSpending limit     set to $100.00 a month (deprecated)")

    def spending_limit_get(self) -> None:
        limit = self.billing.spending_limit.get()
        config, state = limit.config, "on" if limit.enabled else "off"
        print(f"Spending limit     {config.amount_money} {config.duration}, {config.strategy}, {state}")

    def spending_limit_delete(self) -> None:
        self.billing.spending_limit.delete()
        print("Spending limit     deleted")


async def watch(sandbox: Sandbox, folder: Path) -> None:
    """Watch the account as `aig-billing monitor` does, once, and report the month as `aig-billing report` does."""
    account, history = Account(sandbox.account_id, "demo"), History(folder / "history.db")
    async with AsyncClient(api_token=sandbox.token, base_url=sandbox.base_url) as client:
        reader = AccountReader(client, RateGate())
        reading = await reader.read(account)
        _, messages = history.record(reading, thresholds=(usd("200"),))
        await sync(reader, account, history)
    if not isinstance(reading, Reading):
        print(f"\nReading            failed: {reading.reason}")
        return
    lasts = f"lasts {reading.days_left or 0:.0f} days; auto top-up {reading.auto_topup}"
    print(f"\nReading            {reading.balance}, {lasts}")
    for message in messages:
        print(f"Alert              {message.title}\n  {message.body.splitlines()[0]}")
    month = gather(history, account.account_id, f"{reading.at:%Y-%m}", now=reading.at, name="demo")
    model, cost = month.models[0] if month.models else ("none", Money(Decimal()))
    paid = f"{' + '.join(map(str, month.paid))} paid for {len(month.top_ups)} top-ups"
    print(f"Report             {month.start:%Y-%m}: {month.used} used, {paid}")
    print(f"  most for {model}: {cost}; as one HTML file: {len(write_html(month)):,} bytes")


def main() -> int:
    """Run all steps; give the exit code."""
    argparse.ArgumentParser(description="Calls every operation of AI Gateway billing, against a sandbox.").parse_args()
    # topup.limits and the spending limit are deprecated; what replaces them is not published yet.
    warnings.simplefilter("ignore", DeprecationWarning)
    with Sandbox(seed="demo") as sandbox:
        print(f"The sandbox is at {sandbox.base_url}: nothing here costs money.\n")
        with Client(api_token=sandbox.token, account_id=sandbox.account_id, base_url=sandbox.base_url) as client:
            tour = Tour(client)
            tour.run("credit_balance", "usage_history", "invoice_history", "invoice_preview")
            tour.run("topup.limits", "topup.create", "topup.status")
            print(
                "\nThe live service refuses the next calls to programs (auto top-up is set in the dashboard, the spending limit is"
                "\ndeprecated). From here on the sandbox does what the documents say."
            )
            sandbox.behave(mode="documented")
            tour.run("topup.config.create", "topup.config.get", "topup.config.delete")
            tour.run("spending_limit.create", "spending_limit.get", "spending_limit.delete")
        with tempfile.TemporaryDirectory() as folder:
            asyncio.run(watch(sandbox, Path(folder)))
    failed = f"; failed: {', '.join(tour.failed)}" if tour.failed else ""
    print(f"\n{tour.worked} of {tour.worked + len(tour.failed)} operations worked{failed}.")
    return 1 if tour.failed else 0


if __name__ == "__main__":
    sys.exit(main())
