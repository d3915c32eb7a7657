"""Reads accounts on a schedule: metrics, alerts, history, reports, and fleets of accounts.

It stands on `aig_billing`, whose public names are all that it imports, and below the command line. Nothing here charges a card, except the
job `ensure` of a fleet, which calls `billing.topup.ensure`.
"""
