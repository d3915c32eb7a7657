"""What is kept of accounts, beyond what the API lists, in SQLite or PostgreSQL: readings, usage, invoices, costs and alerts."""

from .database import HistoryError as HistoryError
from .database import default_place as default_place
from .history import History as History
