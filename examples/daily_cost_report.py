"""Daily cost report: what each of the last days cost, and what the current invoice lists, as Markdown to mail or post.

    python examples/daily_cost_report.py --days 7

The API says nowhere in which unit usage is counted; here it is read as cents, which is unconfirmed.
"""

import argparse
import datetime as dt
import sys
from collections.abc import Iterator
from decimal import Decimal

from aig_billing import Client, CloudflareError, Money
from aig_billing.models import BillingInvoicePreviewResponse, History


def report(days: list[History], preview: BillingInvoicePreviewResponse) -> Iterator[str]:
    """Write the report, line by line."""
    yield "| day | cost |"
    yield "|---|---:|"
    for day in days:
        yield f"| {day.start_time_datetime:%a %d %b %Y} | {day.aggregated_value_money} |"
    total = sum((day.aggregated_value_money.amount for day in days), Decimal())
    yield f"| **total of {len(days)} days** | **{Money(total)}** |"
    if days:
        yield f"| mean of a day | {Money(total / len(days))} |"
    yield ""
    yield f"On the invoice since {preview.period_start_datetime:%d %b %Y}, the largest first:"
    yield ""
    for line in sorted(preview.invoice_lines, key=lambda line: line.amount, reverse=True)[:5]:
        yield f"- {line.amount_money} {line.description}"


def main() -> int:
    """Read usage and the invoice to come, and print the report."""
    parser = argparse.ArgumentParser(description="Prints what each of the last days cost.")
    parser.add_argument(
        "--days", type=int, default=7, help="how many whole days to report, in UTC (default: %(default)s)"
    )
    count = parser.parse_args().days
    if count < 1:
        parser.error("--days must be 1 or more")
    midnight = dt.datetime.now(dt.UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    try:
        with Client() as client:
            billing = client.ai_gateway.billing
            usage = billing.usage_history(
                value_grouping_window="day", start_time=midnight - dt.timedelta(days=count), end_time=midnight
            )
            preview = billing.invoice_preview()
    except CloudflareError as error:
        print(f"There is no report today: {error}", file=sys.stderr)
        return 1
    print("\n".join(report(sorted(usage.history, key=lambda day: day.start_time), preview)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
