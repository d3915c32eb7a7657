"""Proof that the contract tests can fail: small changes to copies of this tree, one at a time, each of which some test must notice.

`python -m tests.contract.mutants` makes them all; pytest collects nothing here. What belongs here: kinds of changes, and the trial of
one. What may not enter: anything that writes to the tree it was started from.
"""
