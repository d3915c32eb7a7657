"""The bank behind the API: accounts, cards, invoices, payments, usage and the ledger, in one SQLite database.

What belongs here: what is true of money, and how it changes. What may not enter: HTTP, JSON envelopes, faults, settings of a server.
Every function takes the connection of the transaction it runs in.
"""
