"""What is kept of accounts, beyond what the API lists, in SQLite or PostgreSQL: readings, usage, invoices, costs and alerts.

Nothing here asks the API or decides about alerts: readings come in, and reports and the notifier read them.
"""

from .database import HistoryError as HistoryError
from .database import default_place as default_place
from .history import History as History
