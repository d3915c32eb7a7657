"""Benchmarks: this client beside what a user would pick instead, as ratios measured in one run against one local server.

`make bench` runs them, `make bench-check` fails past a target, `docs/performance.md` shows the results. Each peer works in its own process,
so that no peer pays for another's heap, and the rounds are interleaved, so that a busy machine slows all of them alike. Nothing here is
shipped, and no test belongs here.
"""
