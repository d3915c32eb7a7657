"""Balance alert: says when the prepaid credit runs low, for cron or any monitor that looks at exit codes.

    python examples/balance_alert.py --below 20

Exits with 0 when there is enough, 1 when the balance is below, 2 when it could not be read. Credentials and account come from the
environment: CLOUDFLARE_API_TOKEN and CLOUDFLARE_ACCOUNT_ID. Reading needs the permission AI Gateway Read, no more.
"""

import argparse
import sys

from aig_billing import Client, CloudflareError, Money, usd


def main() -> int:
    """Read the balance, and compare."""
    parser = argparse.ArgumentParser(description="Says when the AI Gateway credit runs low.")
    parser.add_argument(
        "--below", type=usd, required=True, metavar="DOLLARS", help="the balance to warn below, such as 20"
    )
    least = parser.parse_args().below
    try:
        with Client() as client:
            balance = client.ai_gateway.billing.credit_balance()
    except CloudflareError as error:
        print(f"The balance could not be read: {error}", file=sys.stderr)
        return 2
    config = balance.topup_config
    if config.error:
        # Auto top-up that fails is a separate warning: the balance may look fine until it is gone.
        print(f"Auto top-up is failing: {config.error}", file=sys.stderr)
    # Both are in cents; the money twins are for reading.
    if balance.balance < least:
        print(f"{balance.balance_money} left, below {Money.from_cents(least)}")
        return 1
    print(f"{balance.balance_money} left")
    return 0


if __name__ == "__main__":
    sys.exit(main())
