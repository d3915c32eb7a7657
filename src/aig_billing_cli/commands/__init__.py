"""The commands, one module a group: each asks the client, says what its rows are, and lays them out for people.

A command imports what is heavy inside its function. What two commands need lives one floor up.
"""
