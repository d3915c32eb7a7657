"""The controls of a sandbox, in Python and over HTTP: its accounts and cards, usage, the clock, faults, and what was received.

What belongs here: what a test or a person does to the sandbox from outside. What may not enter: anything that a client of the API
could call.
"""
