"""The sandbox as the fixture gives it, in a process of its own: `python -m benchmarks.sandbox_speed` prints JSON."""

import json
import time

from aig_billing import Client

from aig_billing_sandbox import Sandbox


def main() -> None:
    """Measure setting up and reading, over a socket and through the transport."""
    started = time.perf_counter()
    with Sandbox() as sandbox:
        first = time.perf_counter() - started
        assert sandbox.base_url
    setups = []
    for _ in range(15):
        started = time.perf_counter()
        with Sandbox():
            setups.append(time.perf_counter() - started)
    with Sandbox() as sandbox:
        over_socket = Client(base_url=sandbox.base_url, api_token=sandbox.token, account_id=sandbox.account_id)
        within = Client(transport=sandbox.transport(), api_token=sandbox.token, account_id=sandbox.account_id)
        told = {
            "first_ms": first * 1e3,
            "setup_ms": [seconds * 1e3 for seconds in setups],
            "reads_socket": [_reads_a_second(over_socket) for _ in range(9)],
            "reads_transport": [_reads_a_second(within) for _ in range(9)],
        }
        over_socket.close()
    print(json.dumps(told))


def _reads_a_second(client: Client, reads: int = 100) -> float:
    billing = client.ai_gateway.billing
    billing.credit_balance()
    started = time.process_time()
    for _ in range(reads):
        billing.credit_balance()
    return reads / (time.process_time() - started)


if __name__ == "__main__":
    main()
