"""Safe top-up from cron: keeps a balance, and charges the card at most once a day, even if it crashes or runs often.

    */10 * * * *  python /srv/billing/topup_from_cron.py --at-least 20 --amount 50

Needs `pip install "aig-billing[journal]"`, and the permission AI Gateway Write. Charges are kept in a journal: a file of this user, or
the database that AIG_BILLING_JOURNAL names, which several machines can share. docs/charges.md says what that rests on.

Exits with 0 when the balance is or will be enough, 1 when nothing was charged and somebody should look, 2 when the card may have been
charged and the journal could not find out.
"""

import argparse
import sys

from aig_billing import ChargeOutcomeUnknown, Client, CloudflareError, PaymentConfirmationRequired, usd


def main() -> int:
    """Top up if the balance is below."""
    parser = argparse.ArgumentParser(description="Keeps the AI Gateway balance at or above a floor.")
    parser.add_argument("--at-least", type=usd, required=True, metavar="DOLLARS", help="the balance to keep")
    parser.add_argument("--amount", type=usd, required=True, metavar="DOLLARS", help="what one top-up buys, 10 or more")
    parser.add_argument("--max-per-day", type=int, default=1, help="charges a day, in UTC (default: %(default)s)")
    given = parser.parse_args()
    try:
        with Client() as client:
            done = client.ai_gateway.billing.topup.ensure(
                at_least=given.at_least, amount=given.amount, key_prefix="cron", max_per_day=given.max_per_day, wait=60
            )
    except ChargeOutcomeUnknown as error:
        # The next run asks again, and charges nothing before it knows.
        print(f"The card may have been charged: {error}", file=sys.stderr)
        return 2
    except PaymentConfirmationRequired as error:
        print(f"The card holder has to confirm the payment: {error}", file=sys.stderr)
        return 1
    except CloudflareError as error:
        print(f"Nothing was charged: {error}", file=sys.stderr)
        return 1
    said = {"enough": "enough", "topped_up": "topped up", "pending": "an earlier top-up is still on its way"}
    print(f"{done.balance_money} left: {said[done.action]}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
