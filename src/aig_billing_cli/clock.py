"""What time it is: by the service's clock, as its answers' `Date` tells it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from email.utils import parsedate_to_datetime

THIS_SECOND = dt.timedelta(seconds=1)
"""What has to be added to an answer's date, which has whole seconds, so that a range up to now has all of now in it."""


def date_of(headers: Mapping[str, str]) -> dt.datetime | None:
    """Give the moment that an answer was written, in UTC and to the second; None when it does not say."""
    try:
        date = parsedate_to_datetime(headers["date"])
    except (KeyError, ValueError):
        return None
    # "-0000" comes back naive, and means UTC.
    return date.replace(tzinfo=dt.UTC) if date.tzinfo is None else date.astimezone(dt.UTC)
