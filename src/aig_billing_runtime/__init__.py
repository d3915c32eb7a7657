"""What the generated client stands on: sending, retries, errors, credentials, money and time.

Nothing here knows the billing API's operations, and nothing here imports `aig_billing`, the sandbox or the command line: arrows
go one way. People import `aig_billing`, which re-exports what is public.
"""
