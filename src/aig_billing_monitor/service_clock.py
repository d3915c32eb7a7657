"""The time by the service's clock, from the `Date` of its answers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from email.utils import parsedate_to_datetime

THIS_SECOND = dt.timedelta(seconds=1)
"""Added to the date of an answer, which has whole seconds, so that a range up to now includes all of now."""


def service_time(headers: Mapping[str, str]) -> dt.datetime:
    """Give the time by the service's clock; by this machine's where the answer has no date."""
    return date_of(headers) or dt.datetime.now(dt.UTC)


def date_of(headers: Mapping[str, str]) -> dt.datetime | None:
    """Give the moment that an answer was written, in UTC and to the second; None when it does not say."""
    try:
        date = parsedate_to_datetime(headers["date"])
    except (KeyError, ValueError):
        return None
    # "-0000" comes back naive, and means UTC.
    return date.replace(tzinfo=dt.UTC) if date.tzinfo is None else date.astimezone(dt.UTC)
