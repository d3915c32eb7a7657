"""Benchmarks: this client beside what a user would pick instead, as ratios measured in one run against one local server.

`make bench` runs them, `make bench-check` fails past a target, `docs/performance.md` tells what came out. Each peer works in a process
of its own, so that no peer pays for another's heap, and the rounds are interleaved, so that all meet the same weather.
Nothing here is shipped, and no test belongs here.
"""
