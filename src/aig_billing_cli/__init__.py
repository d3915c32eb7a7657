"""The `aig-billing` command: what AI costs, topping up, and being warned, without writing Python.

What belongs here is typing, asking, showing and exit codes. What does not: anything about HTTP, retries, journals or the API's shapes,
which the client does, and anything that a Python program would want too. Nothing but a command that needs it imports httpx, the client
or rich, so that `--version` and `--help` answer at once.
"""
