"""All accounts at once: the balance of many accounts, asynchronously, inside the rate limit, with progress.

    python examples/all_accounts.py < account-ids.txt

Takes one account id a line; prints `id <tab> balance in dollars` to stdout in the same order, progress and errors to stderr. The token must
be able to read them all. Exits with 1 when one of them could not be read.
"""

import argparse
import asyncio
import sys
from collections.abc import Awaitable, Callable
from decimal import Decimal

from aig_billing import AsyncClient, CloudflareError, RateLimit

AT_ONCE = 8
RESERVE = 20
"""Requests that are left to others who share the token: 1,200 in five minutes are allowed in all."""


class Pace:
    """Lets callers through while the rate limit allows it, and lets the others wait until the count starts again."""

    def __init__(self, at_once: int, sleep: Callable[[float], Awaitable[None]] = asyncio.sleep) -> None:
        self._places = asyncio.Semaphore(at_once)
        self._waiting = asyncio.Lock()
        self._seen: RateLimit | None = None
        self._sleep = sleep

    async def __aenter__(self) -> None:
        await self._places.acquire()
        async with self._waiting:
            if self._seen is not None and self._seen.remaining <= RESERVE:
                print(f"\nrate limit reached, going on in {self._seen.reset_seconds} s", file=sys.stderr)
                await self._sleep(self._seen.reset_seconds)
                self._seen = None

    async def __aexit__(self, *_: object) -> None:
        self._places.release()

    def observe(self, limit: RateLimit | None) -> None:
        """Take note of what an answer says is left."""
        self._seen = limit or self._seen


async def balances(client: AsyncClient, accounts: list[str]) -> dict[str, Decimal | CloudflareError]:
    """Read all balances; an account that cannot be read has its error in place of one."""
    pace = Pace(AT_ONCE)
    found: dict[str, Decimal | CloudflareError] = {}

    async def read(account: str) -> None:
        async with pace:
            try:
                answer = await client.ai_gateway.billing.with_raw_response.credit_balance(account_id=account)
            except CloudflareError as error:
                found[account] = error
            else:
                pace.observe(answer.ratelimit)
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
