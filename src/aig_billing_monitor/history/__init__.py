"""What is kept of accounts, beyond what the API lists, in SQLite or PostgreSQL: readings, usage, invoices, costs and alerts.

Nothing here asks the API or decides about alerts: readings come in, and reports and the notifier read them.
"""

from .database import HistoryError as HistoryError
from .history import History as History
