"""Fleets: checks and `ensure` as jobs of Procrastinate, on the PostgreSQL that holds the journal, by workers on any number of machines.

What is ours is the jobs, the list of accounts and the rate limit that all workers share. The queue, its locks and retries are
Procrastinate's. What may not enter: rules about one account, which the monitor has, and a second queue.
"""

from .jobs import Fleet as Fleet
from .jobs import Tools as Tools
from .roster import FleetAccount as FleetAccount
from .roster import Purchase as Purchase
from .shared_gate import SharedGate as SharedGate
from .worker import open_fleet as open_fleet
from .worker import work as work
