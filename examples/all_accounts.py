"""All accounts at once: the balance of many accounts, asynchronously, inside the rate limit, with progress.

    python examples/all_accounts.py < account-ids.txt

Takes one account id a line; prints `id <tab> balance in dollars` to stdout in the same order, progress and errors to stderr. The token must
be able to read them all. Exits with 1 when one of them could not be read.
"""

import argparse
import asyncio
import sys
from decimal import Decimal

from aig_billing import AsyncClient, CloudflareError, RateLimit

AT_ONCE = 8
RESERVE = 20
"""Requests that are left to others who share the token: 1,200 in five minutes are allowed in all."""


async def balances(client: AsyncClient, accounts: list[str]) -> dict[str, Decimal | CloudflareError]:
    """Read all balances; an account that cannot be read has its error in place of one."""
    found: dict[str, Decimal | CloudflareError] = {}
    places, waiting = asyncio.Semaphore(AT_ONCE), asyncio.Lock()
    limit: RateLimit | None = None

    async def read(account: str) -> None:
        nonlocal limit
        async with places:
            # One waits until the count starts again, and the others behind it.
            async with waiting:
                if limit is not None and limit.remaining <= RESERVE:
                    print(f"\nrate limit reached, going on in {limit.reset_seconds} s", file=sys.stderr)
                    await asyncio.sleep(limit.reset_seconds)
                    limit = None
            try:
                answer = await client.ai_gateway.billing.with_raw_response.credit_balance(account_id=account)
            except CloudflareError as error:
                found[account] = error
            else:
                limit = answer.ratelimit or limit
                found[account] = answer.parse().balance_money.amount
        print(f"\r{len(found)} of {len(accounts)}", end="", file=sys.stderr, flush=True)

    async with asyncio.TaskGroup() as group:
        for account in accounts:
            group.create_task(read(account))
    print(file=sys.stderr)
    return found


async def main() -> int:
    """Read the ids, then the balances, and print them."""
    parser = argparse.ArgumentParser(description="Prints the balance of each account whose id is a line of stdin.")
    parser.parse_args()
    accounts = list(dict.fromkeys(line.strip() for line in sys.stdin if line.strip()))
    async with AsyncClient() as client:
        found = await balances(client, accounts)
    failed = {account: outcome for account, outcome in found.items() if isinstance(outcome, CloudflareError)}
    for account in accounts:
        if account in failed:
            print(f"{account}: {failed[account]}", file=sys.stderr)
        else:
            print(f"{account}\t{found[account]}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
