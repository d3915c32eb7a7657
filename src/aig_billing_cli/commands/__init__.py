"""The commands, one module a first word: each calls the client, says what its rows are, and lays them out for people.

What is heavy is imported inside functions, so that `--help` stays quick. What two commands need lies one folder up. What may not enter:
HTTP, retries, and the ways in which answers are printed.
"""
